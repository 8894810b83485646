"""Fill columns from rows as they come, in memory bounded by the columns themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from yanxiu_rulekit.columns.lines import Attributes, Ints, LineColumns, Part, as_json, narrow, part_of

# (teacher, on, micro hours, micro credits, attributes as text)
Row = tuple[str, date, int, int, str]

_AT_ONCE = 1 << 16


class LineBuilder:
    """Takes rows in any order; lines of one teacher and day keep the order in which they came.

    `teachers` are those who stand in the columns whatever comes; one who is not among them is added with the first
    line. `read` turns the text of attributes into what the pack said.
    """

    def __init__(self, teachers: Iterable[str] = (), *, read: Callable[[str], Mapping[str, Any]] = as_json) -> None:
        self._index: dict[str, int] = {one: place for place, one in enumerate(dict.fromkeys(teachers))}
        self._codes: dict[str, int] = {}
        self._read = read
        self._rows: list[Row] = []
        self._blocks: list[tuple[Ints, ...]] = []

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows, any number at a time."""
        for row in rows:
            self._rows.append(row)
            if len(self._rows) >= _AT_ONCE:
                self._pack()

    def columns(self) -> LineColumns:
        """Return all that was taken as one part; the builder is used up."""
        self._pack()
        teacher, day, hours, credit, code = (self._whole(place) for place in range(5))
        part = grouped(len(self._index), teacher, day, hours, credit, code)
        return LineColumns(
            teachers=tuple(self._index),
            attributes=Attributes(tuple(self._codes), self._read),
            parts=(part,) if len(part) else (),
        )

    def _pack(self) -> None:
        if not self._rows:
            return
        rows, index, codes = self._rows, self._index, self._codes
        count = len(rows)
        self._blocks.append(
            (
                np.fromiter((index.setdefault(row[0], len(index)) for row in rows), np.int32, count),
                np.fromiter((row[1].toordinal() for row in rows), np.int32, count),
                narrow(np.fromiter((row[2] for row in rows), np.int64, count)),
                narrow(np.fromiter((row[3] for row in rows), np.int64, count)),
                np.fromiter((codes.setdefault(row[4], len(codes)) for row in rows), np.int32, count),
            )
        )
        self._rows = []

    def _whole(self, place: int) -> Ints:
        if not self._blocks:
            return np.zeros(0, dtype=np.int32)
        return np.concatenate([block[place] for block in self._blocks])


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
