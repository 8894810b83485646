"""Credited lines of many teachers as columns: who, on which day, how much, and what the pack said of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from yanxiu_rulekit.facts import CreditLine, Teacher
from yanxiu_rulekit.numbers import from_micro

Ints = npt.NDArray[np.integer[Any]]


def as_json(text: str) -> Mapping[str, Any]:
    """Read attributes that are plain JSON, numbers given as text."""
    return msgspec.json.decode(text)


class Attributes(Sequence[Mapping[str, Any]]):
    """What the pack said of lines: each distinct text once, by its code; read when it is first asked for."""

    def __init__(self, texts: Sequence[str], read: Callable[[str], Mapping[str, Any]] = as_json) -> None:
        self.texts = tuple(texts)
        self.read = read
        self._known: dict[int, Mapping[str, Any]] = {}
        # What others made of them, to be made once.
        self.kept: dict[Any, Any] = {}

    def __getitem__(self, code: Any) -> Any:
        found = self._known.get(code)
        if found is None:
            found = self._known[code] = self.read(self.texts[code])
        return found

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The lines of a stretch of days, those of one teacher together, in the order of their days and of their entry.

    Line `i` of teacher `t` has `starts[t] <= i < starts[t + 1]`. `day` is the ordinal of the date, amounts are
    millionths (int32 where they fit, else int64), `code` the place of its attributes. `first` and `last` are the
    ordinals of the first and last day found, 1 and 0 where there is no line.
    """

    starts: Ints
    day: Ints
    micro_hours: Ints
    micro_credits: Ints
    code: Ints
    first: int
    last: int

    def __len__(self) -> int:
        return len(self.day)

    def between(self, first: int, last: int) -> Part:
        """Return only the lines whose day lies between two ordinals, both included."""
        if first <= self.first and self.last <= last:
            return self
        kept = (self.day >= first) & (self.day <= last)
        ends = np.concatenate(([0], np.cumsum(kept)))
        return part_of(
            ends[self.starts], self.day[kept], self.micro_hours[kept], self.micro_credits[kept], self.code[kept]
        )

    def of(self, low: int, high: int) -> Part:
        """Return the lines of the teachers `low` to `high` (not included), as a view."""
        begin, end = int(self.starts[low]), int(self.starts[high])
        return replace(
            self,
            starts=self.starts[low : high + 1] - begin,
            day=self.day[begin:end],
            micro_hours=self.micro_hours[begin:end],
            micro_credits=self.micro_credits[begin:end],
            code=self.code[begin:end],
        )


def part_of(starts: Ints, day: Ints, micro_hours: Ints, micro_credits: Ints, code: Ints) -> Part:
    """Return a part with its columns as narrow as they can be without loss."""
    found = len(day) > 0
    return Part(
        starts=np.asarray(starts, dtype=np.int64),
        day=np.asarray(day, dtype=np.int32),
        micro_hours=narrow(micro_hours),
        micro_credits=narrow(micro_credits),
        code=narrow(code, (np.uint8, np.uint16, np.int32)),
        first=int(day.min()) if found else 1,
        last=int(day.max()) if found else 0,
    )


def narrow(values: Ints, kinds: Sequence[type[Any]] = (np.int32, np.int64)) -> Ints:
    """Return integers in the first of the kinds that holds them all."""
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    for kind in kinds:
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return np.asarray(values, dtype=kind)
    raise OverflowError(f"{high} does not fit")


@dataclass(frozen=True, slots=True, eq=False)
class LineColumns:
    """Lines of many teachers. A teacher's index is the place in `teachers`; one without any line stands there too.

    `facts` are the distinct facts of teachers on the day of judging, `fact_of[t]` those of teacher `t`; whoever reads
    lines without facts gets `Teacher()` for all. The parts hold different lines of the same teachers, such as the
    closed years of a cycle, in the order of time.
    """

    teachers: tuple[str, ...]
    attributes: Attributes
    parts: tuple[Part, ...]
    facts: tuple[Teacher, ...] = (Teacher(),)
    fact_of: Ints | None = None

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def knowing(self, facts: Mapping[str, Teacher]) -> LineColumns:
        """Return the same lines with what is known of the teachers; `Teacher()` for one who is not among them."""
        codes: dict[Teacher, int] = {}
        nobody = Teacher()
        kinds = [codes.setdefault(facts.get(one, nobody), len(codes)) for one in self.teachers]
        return replace(self, facts=tuple(codes) or (nobody,), fact_of=narrow(np.array(kinds, dtype=np.int64)))

    def of(self, low: int, high: int) -> LineColumns:
        """Return the teachers `low` to `high` (not included) with their lines, as a view."""
        return replace(
            self,
            teachers=self.teachers[low:high],
            parts=tuple(part.of(low, high) for part in self.parts),
            fact_of=None if self.fact_of is None else self.fact_of[low:high],
        )

    def between(self, start: date, end: date) -> LineColumns:
        """Return only the lines between two days, both included; all teachers stay."""
        first, last = start.toordinal(), end.toordinal()
        parts = (part.between(first, last) for part in self.parts if part.first <= last and first <= part.last)
        return replace(self, parts=tuple(part for part in parts if len(part)))

    def teacher(self, index: int) -> Teacher:
        """Return what is known of a teacher."""
        return self.facts[0 if self.fact_of is None else int(self.fact_of[index])]

    def lines_of(self, index: int) -> Iterator[CreditLine]:
        """Give one teacher's lines as the scalar judge takes them; the id is the line's place."""
        for number, part in enumerate(self.parts):
            for place in range(int(part.starts[index]), int(part.starts[index + 1])):
                yield CreditLine(
                    id=f"{number}.{place}",
                    on=date.fromordinal(int(part.day[place])),
                    hours=from_micro(int(part.micro_hours[place])),
                    credits=from_micro(int(part.micro_credits[place])),
                    attributes=self.attributes[int(part.code[place])],
                )
