"""Fill columns from rows as they come, in memory bounded by the columns themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

import numpy as np

from yanxiu_rulekit.columns.lines import Attributes, Ints, LineColumns, Part, as_json, narrow, part_of

# (teacher, on, micro hours, micro credits, attributes as text); a day may also be given as ISO text
Row = tuple[str, date | str, int, int, str]

_AT_ONCE = 1 << 16


class LineBuilder:
    """Takes rows in any order; lines of one teacher and day keep the order in which they came.

    `teachers` are those who stand in the columns whatever comes; one who is not among them is added with the first
    line. `read` turns the text of attributes into what the pack said. With `stretches`, days of which none lies in two
    and each is later than those before, the lines of each become a part, and lines of no stretch are left out.
    """

    def __init__(
        self,
        teachers: Iterable[str] = (),
        *,
        read: Callable[[str], Mapping[str, Any]] = as_json,
        stretches: Sequence[tuple[date, date]] = ((date.min, date.max),),
    ) -> None:
        self._index = _Places({one: place for place, one in enumerate(dict.fromkeys(teachers))})
        self._codes = _Places()
        self._days = _Days()
        self._read = read
        self._stretches = [(first.toordinal(), last.toordinal()) for first, last in stretches]
        self._blocks: list[list[tuple[Ints, ...]]] = [[] for _ in stretches]

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows, any number at a time."""
        given = iter(rows)
        while some := list(islice(given, _AT_ONCE)):
            self.add_listed(*zip(*some, strict=True))

    def add_listed(
        self,
        teachers: Sequence[str],
        days: Sequence[date | str],
        micro_hours: Sequence[int],
        micro_credits: Sequence[int],
        attributes: Sequence[str],
    ) -> None:
        """Take rows given as lists of equal length; no step of Python is made for a line."""
        count = len(days)
        block: tuple[Ints, ...] = (
            np.fromiter(map(self._index.__getitem__, teachers), np.int32, count),
            np.fromiter(map(self._days.__getitem__, days), np.int32, count),
            narrow(np.array(micro_hours, dtype=np.int64)),
            narrow(np.array(micro_credits, dtype=np.int64)),
            np.fromiter(map(self._codes.__getitem__, attributes), np.int32, count),
        )
        day = block[1]
        for (first, last), blocks in zip(self._stretches, self._blocks, strict=True):
            inside = (first <= day) & (day <= last)
            if inside.all():
                blocks.append(block)
            elif inside.any():
                blocks.append(tuple(one[inside] for one in block))

    def columns(self) -> LineColumns:
        """Return all that was taken, a part for each stretch that has a line; the builder is used up."""
        parts = []
        while self._blocks:
            blocks = self._blocks.pop(0)
            if blocks:
                whole = [np.concatenate(one) for one in zip(*blocks, strict=True)]
                blocks.clear()
                parts.append(grouped(len(self._index), *whole))
        return LineColumns(
            teachers=tuple(self._index), attributes=Attributes(tuple(self._codes), self._read), parts=tuple(parts)
        )


class _Places(dict[str, int]):
    """Places in the order in which they were first asked for."""

    def __missing__(self, key: str) -> int:
        self[key] = place = len(self)
        return place


class _Days(dict[date | str, int]):
    """Ordinals of days, each worked out once."""

    def __missing__(self, key: date | str) -> int:
        day = date.fromisoformat(key) if isinstance(key, str) else key
        self[key] = ordinal = day.toordinal()
        return ordinal


def grouped(teachers: int, teacher: Ints, day: Ints, hours: Ints, credit: Ints, code: Ints) -> Part:
    """Return lines given in any order as a part: by teacher, then day, then as they came."""
    if len(day) and not _in_order(teacher, day):
        order = np.lexsort((day, teacher))
        teacher, day, hours, credit, code = (one[order] for one in (teacher, day, hours, credit, code))
    starts = np.searchsorted(teacher, np.arange(teachers + 1, dtype=teacher.dtype))
    return part_of(starts, day, hours, credit, code)


def _in_order(teacher: Ints, day: Ints) -> bool:
    key = teacher.astype(np.int64) * (1 << 32) + day
    return bool((key[1:] >= key[:-1]).all())


def joined(pieces: Sequence[LineColumns]) -> LineColumns:
    """Return several columns as one, such as sealed years and the open one, given in the order of time.

    Teachers and attributes of all of them are put under one index.
    """
    teachers = {
        one: place for place, one in enumerate(dict.fromkeys(one for piece in pieces for one in piece.teachers))
    }
    codes: dict[str, int] = {}
    parts: list[Part] = []
    for piece in pieces:
        recoded = np.array([codes.setdefault(text, len(codes)) for text in piece.attributes.texts], dtype=np.int32)
        places = np.array([teachers[one] for one in piece.teachers], dtype=np.int64)
        parts += [_moved(part, places, len(teachers), recoded) for part in piece.parts]
    read = pieces[0].attributes.read if pieces else as_json
    return LineColumns(teachers=tuple(teachers), attributes=Attributes(tuple(codes), read), parts=tuple(parts))


def _moved(part: Part, places: Ints, teachers: int, recoded: Ints) -> Part:
    code = part.code if (recoded == np.arange(len(recoded))).all() else recoded[part.code]
    if len(places) == teachers and (places == np.arange(teachers)).all():
        return part_of(part.starts, part.day, part.micro_hours, part.micro_credits, code)
    counts = np.diff(part.starts)
    if (np.diff(places) > 0).all():
        spread = np.zeros(teachers, dtype=np.int64)
        spread[places] = counts
        starts = np.concatenate(([0], np.cumsum(spread)))
        return part_of(starts, part.day, part.micro_hours, part.micro_credits, code)
    teacher = np.repeat(places, counts)
    return grouped(teachers, teacher, part.day, part.micro_hours, part.micro_credits, code)
