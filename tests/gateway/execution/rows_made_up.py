"""A backend that answers every endpoint with made-up rows, as many as a test says, and counts what it was asked."""

from __future__ import annotations

import types
import typing
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.refusal import Refused

from tests.gateway.execution.followed import following

_PLAIN: dict[Any, Any] = {
    int: 1, bool: True, float: 1.0, Decimal: Decimal(1), date: date(2024, 10, 8), bytes: b"", Any: None, object: None,
    datetime: datetime(2024, 10, 8, tzinfo=UTC), msgspec.Raw: msgspec.Raw(b"{}"),
}  # fmt: skip
# Beside these rows stand as many cursors.
_ROWS = ("items", "pages")
_DEEP = 4
# What is a text on the wire, and one of few to the gateway.
_ONE_OF_FEW = dict.fromkeys(("role", "by", "may_open"), "district-officer") | {
    "service": "credits",
    "actor": "teacher",
    "verdict": "PASS",
}


class RowsMadeUp:
    """Lists have `rows` rows; what is asked by ids is answered for each of them."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.asked: Counter[str] = Counter()
        self._whole = False
        self._handlers = following(self._alone)

    async def call(self, endpoint: Endpoint[Any, Any], request: Any, **_named: Any) -> Any:
        """An answer of the endpoint's type, with what follows from it."""
        handle = self._handlers[f"{endpoint.service}.{endpoint.verb}"]
        return await handle("puer", request, Deadline.after(60))

    async def _alone(self, endpoint: Endpoint[Any, Any], request: Any) -> Any:
        self.asked[f"{endpoint.service}.{endpoint.verb}"] += 1
        given = msgspec.structs.asdict(request)
        given.pop("then", None)
        many = [len(one) for one in given.values() if isinstance(one, tuple) and one]
        # Nobody's page was asked for by name: it is the one page of all.
        self._whole = not many
        return self._made(endpoint.reply, "1", many[0] if many else self.rows, 0)

    def _made(self, kind: Any, name: str, many: int, depth: int) -> Any:
        """A value of a type; `name` tells the rows of a list apart."""
        origin, of = typing.get_origin(kind), typing.get_args(kind)
        if origin is typing.Annotated:
            return self._made(of[0], name, many, depth)
        if origin in (typing.Union, types.UnionType):
            kinds = [one for one in of if one is not Refused and not _is_none(one)]
            # A part that is not always there is left out below, so that what holds itself comes to an end.
            return None if depth > _DEEP and any(map(_is_none, of)) else self._made(kinds[0], name, many, depth)
        if origin is Literal:
            return of[0]
        if origin in (tuple, list, frozenset):
            count = 0 if depth > _DEEP else many if depth <= 1 else 1
            whole = of[-1] is Ellipsis or origin is not tuple
            found = [self._made(of[0], f"{name}-{n}", many, depth + 1) for n in range(count)] if whole else []
            return origin(found if whole else (self._made(one, name, many, depth + 1) for one in of))
        if origin in (dict, Mapping):
            return {}
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return kind(**{one.name: self._field(one, name, many, depth) for one in msgspec.structs.fields(kind)})
        return name if kind is str else _PLAIN.get(kind)

    def _field(self, field: Any, name: str, many: int, depth: int) -> Any:
        if field.name == "followed":
            return ()
        said = _ONE_OF_FEW.get(field.name)
        if said is not None and field.type in (str, str | None, tuple[str, ...]):
            return (said,) if field.type == tuple[str, ...] else said
        if field.name == "pages" and self._whole:
            page = typing.get_args(field.type)[0]
            return (self._made(page, name, many, 0),)
        return self._made(field.type, name, many, depth + 1)


def _is_none(kind: Any) -> bool:
    return kind is type(None)
