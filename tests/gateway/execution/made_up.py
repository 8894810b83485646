"""Services that make everything up: a reply of any endpoint, the same for the same question however it is put."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import inspect as kinds
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable
from yanxiu_wire.personal import PersonPart
from yanxiu_wire.record_parts import BYTES_OF, CURSORS, TOTALS, RecordColumns, RecordTable, columns_told
from yanxiu_wire.refusal import RefusalItem, Refused

from tests.gateway.execution.followed import following

_FAR = 5
_NULLS = 20
OF_THE_TESTS_OWN = "a fault of the test's own"
_IDS = ("ids", "teachers", "schools", "sessions", "processes")
_WORDS = ("lessons", "年度", "half_days", "PUER-11-3", "x" * 30)
REFUSED = Refused(
    errors=(
        RefusalItem(
            code="FORBIDDEN",
            field="caller.role",
            value=None,
            message_zh="不可。",
            message_en="No.",
            remedy_zh="请勿。",
            remedy_en="Do not.",
        ),
    )
)


class MadeUp:
    """Answers every endpoint; `faults` is how often of a hundred a service is away, slow, or refuses."""

    def __init__(self, seed: int, faults: int = 0) -> None:
        self._seed = seed
        self._faults = faults
        self.asked: list[str] = []
        self._handlers = following(self._alone)

    async def call(
        self, endpoint: Endpoint[Any, Any], request: Any, *, district: str, deadline: Deadline | None = None
    ) -> Any:
        """As `Bus.call`, through the real encoding and back."""
        del district, deadline
        return decode(endpoint.reply, encode(await self.answer(endpoint, decode(endpoint.request, encode(request)))))

    async def answer(self, endpoint: Endpoint[Any, Any], request: Any, *, follow: bool = True) -> Any:
        """The answer to a question, with what follows from it unless told otherwise; raises what went wrong."""
        if not follow:
            return await self._alone(endpoint, request)
        return await self._handlers[f"{endpoint.service}.{endpoint.verb}"]("puer", request, Deadline.after(60))

    async def _alone(self, endpoint: Endpoint[Any, Any], request: Any) -> Any:
        """The answer to a question, whatever follows from it."""
        self.asked.append(f"{endpoint.service}.{endpoint.verb}")
        asked = msgspec.structs.asdict(decode(endpoint.request, encode(request)))
        fields, columns = asked.pop("fields", ()), asked.pop("columns", False)
        asked.pop("then", None)
        listed = next((name for name in _IDS if asked.get(name)), None)
        apart = asked.pop(listed) if listed else ()
        rest = f"{endpoint.service}.{endpoint.verb} {sorted(asked.items(), key=lambda one: one[0])!r}"
        if (fault := self._fault(endpoint, rest)) is not None:
            return fault
        kind = msgspec.inspect.type_info(endpoint.reply)
        granted = next(one for one in _members(kind) if getattr(one, "cls", None) is not Refused)
        made = self._reply(granted, rest, apart)
        if fields and isinstance(made, wire_teacher.TeacherPages):
            made = _in_part(made, fields)
        elif fields and apart:
            # An older service answers in rows.
            made = _table(made, fields, columns=columns and self._seed % 4 > 0)
        return decode(endpoint.reply, encode(made))

    def _fault(self, endpoint: Endpoint[Any, Any], rest: str) -> Any:
        chance = random.Random(f"{self._seed} fault {rest}")
        if chance.randrange(100) >= self._faults:
            return None
        which = chance.randrange(4)
        if which == 0:
            raise ServiceUnavailable(endpoint.service)
        if which == 1:
            raise DeadlineExceeded(endpoint.service)
        if which == 2:
            raise ValueError(OF_THE_TESTS_OWN)
        return REFUSED

    def _reply(self, kind: Any, rest: str, apart: Any) -> Any:
        made = self._made(kind, random.Random(f"{self._seed} {rest}"), 0)
        several = next((one for one in kind.fields if one.encode_name in ("items", "pages")), None)
        if apart and several is not None:
            rows = tuple(
                self._made(several.type.item_type, random.Random(f"{self._seed} {rest} {one}"), 1) for one in apart
            )
            return msgspec.structs.replace(made, **{several.name: rows})
        return made

    def _made(self, kind: Any, chance: random.Random, depth: int) -> Any:
        if isinstance(kind, kinds.UnionType):
            there = [one for one in kind.types if not isinstance(one, kinds.NoneType) and not _is_part(one)]
            if any(isinstance(one, kinds.NoneType) for one in kind.types) and chance.randrange(100) < _NULLS:
                return None
            return self._made(chance.choice(there), chance, depth)
        if isinstance(kind, kinds.StructType):
            return self._struct(kind, chance, depth)
        if isinstance(kind, kinds.LiteralType):
            return chance.choice(kind.values)
        if isinstance(kind, kinds.VarTupleType | kinds.ListType):
            return tuple(
                self._made(kind.item_type, chance, depth + 1) for _ in range(chance.randrange(max(4 - depth, 1)))
            )
        if isinstance(kind, kinds.TupleType):
            return tuple(self._made(one, chance, depth + 1) for one in kind.item_types)
        if isinstance(kind, kinds.DictType) and isinstance(kind.key_type, kinds.IntType):
            return dict.fromkeys(range(chance.randrange(3)), "8")
        return _PLAIN[type(kind)](chance)

    def _struct(self, kind: Any, chance: random.Random, depth: int) -> Any:
        given: dict[str, Any] = {}
        for one in kind.fields:
            # What follows from an answer is another's answer.
            if one.name == "followed" or (depth > _FAR and not one.required):
                continue
            given[one.name] = self._made(one.type, chance, depth + 1)
        if "cursors" in given and "items" in given:
            given["cursors"] = tuple(f"{number}" for number in range(len(given["items"])))
        if kind.cls is PersonPart:
            # Who exports a person reads to the last part: made-up ones would have none.
            given["next"] = None
        return kind.cls(**given)


def _is_part(kind: Any) -> bool:
    return getattr(kind, "cls", None) is wire_teacher.TeacherRow


def _in_part(whole: wire_teacher.TeacherPages, fields: tuple[str, ...]) -> wire_teacher.TeacherPages:
    """Whole pages of teachers in part: what was not asked for is not there to be read."""
    pages = [
        msgspec.structs.replace(
            page,
            items=tuple(wire_teacher.TeacherRow(**{name: getattr(one, name) for name in fields}) for one in page.items),
        )
        for page in whole.pages
    ]
    return wire_teacher.TeacherPages(pages=tuple(pages))


def _table(whole: Any, fields: tuple[str, ...], *, columns: bool) -> RecordTable | RecordColumns:
    """Whole pages of records in part, as the service answers when it is asked for some fields."""
    named = tuple(name for name in fields if name in BYTES_OF)
    records = [one for page in whole.pages for one in page.items]
    rows = [[getattr(one, name) for name in named] for one in records]
    beside: dict[str, Any] = {
        "fields": named,
        "counts": tuple(len(page.items) for page in whole.pages),
        "has_next": tuple(page.has_next for page in whole.pages),
        "totals": tuple(page.total for page in whole.pages) if TOTALS in fields else (),
        "cursors": tuple(one for page in whole.pages for one in page.cursors) if CURSORS in fields else (),
    }
    if columns:
        return RecordColumns(columns=columns_told(named, rows), **beside)
    return RecordTable(rows=msgspec.Raw(encode(rows)), **beside)


def _members(kind: Any) -> tuple[Any, ...]:
    return tuple(kind.types) if isinstance(kind, kinds.UnionType) else (kind,)


_PLAIN: dict[type, Callable[[random.Random], Any]] = {
    kinds.NoneType: lambda _chance: None,
    kinds.BoolType: lambda chance: chance.random() < 0.5,
    kinds.IntType: lambda chance: chance.randrange(100),
    kinds.FloatType: lambda chance: chance.randrange(100) / 4,
    kinds.StrType: lambda chance: chance.choice((*_WORDS, f"id-{chance.randrange(20)}")),
    kinds.BytesType: lambda _chance: b"x",
    kinds.DecimalType: lambda chance: Decimal(chance.randrange(-2000, 2000)) / 16,
    kinds.DateType: lambda chance: date(2025, 1, 1) + timedelta(days=chance.randrange(700)),
    kinds.DateTimeType: lambda chance: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(10**7)),
    kinds.AnyType: lambda chance: chance.choice((None, "text", True, 7)),
    kinds.DictType: lambda chance: {
        f"fact_{number}": chance.choice(("8", "x")) for number in range(chance.randrange(3))
    },
}
