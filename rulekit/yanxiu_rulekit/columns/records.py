"""Assess many records at once: one run of the pack's own decision for each path, then whole columns along it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, Inexact
from typing import TYPE_CHECKING, Any, get_args

import msgspec
import numpy as np
import numpy.typing as npt

from yanxiu_rulekit.columns.number import MICRO, Column, ColumnOverflow
from yanxiu_rulekit.columns.paths import Facts, Path
from yanxiu_rulekit.columns.tracing import trace_path
from yanxiu_rulekit.errors import FactsRefused, RuleNotInForce
from yanxiu_rulekit.numbers import to_micro

if TYPE_CHECKING:
    from yanxiu_rulekit.pack import RulePack

STATUSES = ("COUNTED", "ZERO", "REJECTED", "UNREADABLE", "INEXACT")

# The day that governs, and the facts of a record as they are stored or given.
Given = tuple[date, Mapping[str, Any]]

_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
ON = "the day that governs"
# Texts of numbers or days that are remembered.
_MOST_READ = 50_000

# Paths of one kind of record: beyond it the rest is assessed one at a time, since a decision that takes a path of its
# own for each record gains nothing from columns.
MOST_PATHS = 48
# Of so few records alike, and no path known, each is assessed by itself.
FEW = 4


@dataclass(frozen=True, slots=True, eq=False)
class AssessedColumns:
    """What each record is worth, in the order given.

    `status` holds places in `STATUSES`: as the decision says; UNREADABLE where the facts cannot be read or no law is in
    force; INEXACT where the amounts are finer than millionths. Amounts are millionths, 0 unless counted. `attributes`
    and `reasons` hold each distinct value once, by `attribute_code` (-1 unless counted) and `reason_code`. `scalar`
    counts the records that were assessed one at a time, `paths` the paths that were traced.
    """

    status: npt.NDArray[np.uint8]
    micro_hours: npt.NDArray[np.int64]
    micro_credits: npt.NDArray[np.int64]
    attribute_code: npt.NDArray[np.int32]
    attributes: tuple[Mapping[str, Any], ...]
    reason_code: npt.NDArray[np.int32]
    reasons: tuple[tuple[str, ...], ...]
    scalar: int
    paths: int

    def __len__(self) -> int:
        return len(self.status)

    def status_of(self, row: int) -> str:
        """Return the status of a record."""
        return STATUSES[self.status[row]]

    def same(self, other: AssessedColumns) -> bool:
        """Say whether two answers are the same, record by record."""
        return len(self) == len(other) and all(self.answer(row) == other.answer(row) for row in range(len(self)))

    def answer(self, row: int) -> tuple[str, int, int, Mapping[str, Any], tuple[str, ...]]:
        """Return the answer of a record: status, amounts, attributes, reasons."""
        amounts = int(self.micro_hours[row]), int(self.micro_credits[row])
        return self.status_of(row), *amounts, self.attributes_of(row), self.reasons[self.reason_code[row]]

    def attributes_of(self, row: int) -> Mapping[str, Any]:
        """Return what the pack keeps of a record, nothing unless it counts."""
        code = int(self.attribute_code[row])
        return self.attributes[code] if code >= 0 else {}


class Assessor:
    """Assesses records of one pack under one district's settings; paths once traced serve all that come later."""

    def __init__(
        self,
        pack: RulePack,
        settings: Mapping[str, Any] | None = None,
        *,
        few: int = FEW,
        most_paths: int = MOST_PATHS,
    ) -> None:
        self._pack = pack
        self._settings = settings
        self._few = few
        self._most = most_paths
        self._paths: dict[Hashable, list[Path]] = {}
        numbers, self._days = varying_facts(pack)
        micro, ordinals = _Micro(), _Ordinals()
        self._readings = {**dict.fromkeys(numbers, micro), **dict.fromkeys(self._days, ordinals)}

    def assess(self, given: Iterable[Given]) -> AssessedColumns:
        """Assess records; nothing is refused by raising, whatever the facts are."""
        made = Making(list(given))
        groups: dict[Hashable, _Group] = {}
        for row, (on, facts) in enumerate(made.given):
            key, values = self._told(on, facts)
            if values is None:
                self._alone(made, row)
                continue
            group = groups.get(key)
            if group is None:
                group = groups[key] = _Group(key, tuple(values))
            group.rows.append(row)
            group.values.append(tuple(values.values()))
        for group in groups.values():
            self._assess_group(made, group)
        return made.columns()

    def _told(self, on: date, facts: Mapping[str, Any]) -> tuple[Hashable, dict[str, int] | None]:
        """Return what tells a record's kind apart, and its numeric facts; None where one is no usual number or day."""
        key: list[Hashable] = []
        values: dict[str, int] = {ON: on.toordinal()}
        readings = self._readings
        for name in sorted(facts):
            value = facts[name]
            reading = readings.get(name)
            if reading is None or value is None:
                key.append((name, value if type(value) is str else _canonical(value)))
                continue
            found = reading[value] if type(value) is str else reading.other(value)
            if found is None:
                return (), None
            key.append(name)
            values[name] = found
        return tuple(key), values

    def _assess_group(self, made: Making, group: _Group) -> None:
        rows = np.array(group.rows, dtype=np.int64)
        values = np.array(group.values, dtype=np.int64)
        facts = Facts(
            {
                name: Column(values[:, place], 1 if name == ON or name in self._days else MICRO)
                for place, name in enumerate(group.names)
            },
            len(rows),
        )
        known = self._paths.get(group.key, [])
        for path in known:
            rows, facts = self._follow(made, path, rows, facts)
        while len(rows) > self._few and len(known) < self._most:
            path = trace_path(self._pack, made.given[rows[0]], group.names, self._settings)
            made.paths += 1
            left, facts_left = (rows, facts) if path is None else self._follow(made, path, rows, facts, checked=True)
            if path is None or (len(left) and left[0] == rows[0]):
                # The path does not hold even the record that it was traced from: 64 bits do not, or no path can.
                known.append(NO_PATH)
                self._alone(made, int(rows[0]))
                rows, facts = rows[1:], facts.kept(slice(1, None))
                continue
            known.append(path)
            rows, facts = left, facts_left
        for row in rows.tolist():
            self._alone(made, row)
        if known:
            # A kind without a path, such as one record with words of its own, leaves nothing behind.
            self._paths[group.key] = known

    def _follow(
        self, made: Making, path: Path, rows: npt.NDArray[np.int64], facts: Facts, *, checked: bool = False
    ) -> tuple[npt.NDArray[np.int64], Facts]:
        """Answer the records that keep the path's guards; return the others with their facts.

        `checked` looks at two of them as the scalar decision does: a text made from a number would be theirs alone.
        """
        if not len(rows) or path is NO_PATH:
            return rows, facts
        try:
            kept = facts.keeping(path.guards)
            own = rows[kept]
            if not len(own) or (checked and not self._agrees(path, own, facts.kept(kept), made)):
                return rows, facts
            made.write(path, own, facts.kept(kept))
        except ColumnOverflow:
            return rows, facts
        return rows[~kept], facts.kept(~kept)

    def _agrees(self, path: Path, rows: npt.NDArray[np.int64], facts: Facts, made: Making) -> bool:
        places = sorted({0, len(rows) // 2, len(rows) - 1} - {0}) or [0]
        some = Making([made.given[row] for row in rows[places]])
        some.write(path, np.arange(len(places)), facts.kept(places))
        alone = Making(some.given)
        for row in range(len(places)):
            self._alone(alone, row)
        return some.columns().same(alone.columns())

    def _alone(self, made: Making, row: int) -> None:
        on, facts = made.given[row]
        made.scalar += 1
        try:
            assessed = self._pack.assess(facts, on=on, settings=self._settings)
        except (FactsRefused, RuleNotInForce):
            made.put(row, "UNREADABLE")
            return
        except Inexact:
            made.put(row, "INEXACT")
            return
        reasons = tuple(map(str, assessed.decided.result.get("reasons", ())))
        try:
            amounts = (to_micro(assessed.hours), to_micro(assessed.credits))
        except ValueError:
            made.put(row, "INEXACT", reasons)
            return
        counted = assessed.status == "COUNTED"
        made.put(row, assessed.status, reasons, amounts, assessed.attributes if counted else None)


def varying_facts(pack: RulePack) -> tuple[frozenset[str], frozenset[str]]:
    """Return the facts of a record that are numbers, and those that are days, by the names they are given under."""
    question = pack.record_decision.facts
    record = next(one for one in msgspec.structs.fields(question) if one.name == "record").type
    numbers, days = set(), set()
    for one in msgspec.structs.fields(record):
        kinds = set(get_args(one.type) or (one.type,)) - {type(None)}
        if kinds == {Decimal}:
            numbers.add(one.encode_name)
        elif kinds == {date}:
            days.add(one.encode_name)
    return frozenset(numbers), frozenset(days)


NO_PATH = Path(guards={}, status="UNREADABLE")
_encoder = msgspec.json.Encoder(order="sorted")


def _canonical(value: Any) -> Hashable:
    try:
        return _encoder.encode(value)
    except TypeError:
        return repr(value)


class _Read(dict[str, int | None], ABC):
    """What texts say as whole numbers, None where it is nothing usual; read once each."""

    def __missing__(self, text: str) -> int | None:
        if len(self) >= _MOST_READ:
            self.clear()
        self[text] = found = self.read(text)
        return found

    @abstractmethod
    def read(self, text: str) -> int | None:
        """Read a text that was not read before."""

    @abstractmethod
    def other(self, value: Any) -> int | None:
        """Read what is no text."""


class _Micro(_Read):
    """Numbers in millionths."""

    def read(self, text: str) -> int | None:
        return to_micro(Decimal(text)) if _NUMBER.fullmatch(text) else None

    def other(self, value: Any) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return None
        return self[format(value, "f") if isinstance(value, Decimal) else str(value)]


class _Ordinals(_Read):
    """Days by their ordinals."""

    def read(self, text: str) -> int | None:
        if not _DAY.fullmatch(text):
            return None
        try:
            return date.fromisoformat(text).toordinal()
        except ValueError:
            return None

    def other(self, value: Any) -> int | None:
        return value.toordinal() if type(value) is date else None


class _Group:
    """Records that differ in nothing but numbers and days."""

    __slots__ = ("key", "names", "rows", "values")

    def __init__(self, key: Hashable, names: tuple[str, ...]) -> None:
        self.key = key
        self.names = names
        self.rows: list[int] = []
        self.values: list[tuple[int, ...]] = []


class Making:
    """The columns of an answer while they are filled."""

    def __init__(self, given: Sequence[Given]) -> None:
        self.given = given
        rows = len(given)
        self.status = np.zeros(rows, dtype=np.uint8)
        self.amounts = np.zeros((2, rows), dtype=np.int64)
        self.attribute_code = np.full(rows, -1, dtype=np.int32)
        self.reason_code = np.zeros(rows, dtype=np.int32)
        self.attributes: dict[Hashable, tuple[int, Mapping[str, Any]]] = {}
        self.reasons: dict[tuple[str, ...], int] = {(): 0}
        self.scalar = 0
        self.paths = 0

    def put(
        self,
        row: Any,
        status: str,
        reasons: tuple[str, ...] = (),
        amounts: tuple[int, int] = (0, 0),
        attributes: Mapping[str, Any] | None = None,
    ) -> None:
        """Write the answer of one record."""
        self.status[row] = STATUSES.index(status)
        self.amounts[:, row] = amounts
        self.reason_code[row] = self.reasons.setdefault(reasons, len(self.reasons))
        if attributes is not None:
            self.attribute_code[row] = self._code(attributes)

    def write(self, path: Path, rows: npt.NDArray[np.int64], facts: Facts) -> None:
        """Write the answer of the records that keep a path. Raises `ColumnOverflow`, having written nothing."""
        hours, whole = facts.column(path.hours).in_micro()
        credit, ends = facts.column(path.credits).in_micro()
        exact = whole & ends
        codes = self._codes(path, facts, len(rows)) if path.status == "COUNTED" else -1
        self.status[rows] = np.where(exact, STATUSES.index(path.status), STATUSES.index("INEXACT"))
        self.reason_code[rows] = self.reasons.setdefault(path.reasons, len(self.reasons))
        self.amounts[:, rows] = np.where(exact, (hours, credit), 0)
        self.attribute_code[rows] = np.where(exact, codes, -1)

    def _codes(self, path: Path, facts: Facts, rows: int) -> npt.NDArray[np.int32]:
        leaves = [facts.column(node) for node, _is_day in path.leaves]
        whole = np.stack([one.values for one in leaves], axis=1) if leaves else np.zeros((rows, 0), dtype=np.int64)
        if len(leaves) == 1:
            distinct, back = np.unique(whole[:, 0], return_inverse=True)
            distinct = distinct[:, None]
        elif leaves:
            distinct, back = np.unique(whole, axis=0, return_inverse=True)
        else:
            distinct, back = whole[:1], np.zeros(rows, dtype=np.int64)
        codes = []
        for one in distinct.tolist():
            values = tuple(
                date.fromordinal(number) if is_day else Decimal(number) / Decimal(leaf.den)
                for number, leaf, (_node, is_day) in zip(one, leaves, path.leaves, strict=True)
            )
            codes.append(self._code(path.attributes(values)))
        return np.array(codes, dtype=np.int32)[back.reshape(-1)]

    def _code(self, attributes: Mapping[str, Any]) -> int:
        return self.attributes.setdefault(_told_apart(attributes), (len(self.attributes), attributes))[0]

    def columns(self) -> AssessedColumns:
        """Return the answer."""
        return AssessedColumns(
            status=self.status,
            micro_hours=self.amounts[0],
            micro_credits=self.amounts[1],
            attribute_code=self.attribute_code,
            attributes=tuple(attributes for _code, attributes in self.attributes.values()),
            reason_code=self.reason_code,
            reasons=tuple(self.reasons),
            scalar=self.scalar,
            paths=self.paths,
        )


def _told_apart(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return tuple(sorted((str(name), _told_apart(inner)) for name, inner in value.items()))
    if isinstance(value, list | tuple):
        return tuple(map(_told_apart, value))
    if isinstance(value, Decimal):
        return "Decimal", str(value.normalize())
    return type(value).__name__, str(value)
