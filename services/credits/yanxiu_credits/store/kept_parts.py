"""Pages of records that were read before, kept as columns: a district's whole list is told without being read again.

Records and reversals are only ever appended, and what a district's own reader sees of a record depends on nothing else.
So a kept page holds while none of either was entered about its teacher: before anything is told, the rows that came
since are looked at, in the very state of the file that is asked, and the pages of their teachers are read anew.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from yanxiu_durable.looking import Look
from yanxiu_wire.codec import encode
from yanxiu_wire.columns import Column, in_column

from yanxiu_credits.books.tables import reversal
from yanxiu_credits.store.record_parts import Row, Shape, look_for_parts, told_of
from yanxiu_credits.tables import record

# Some 60 bytes a row: what all kept pages of a process may come to, and what one page of them may hold.
MOST_ROWS = 60_000
_MOST_VALUES = 1 << 16
# Pages, of which many have no rows, and different values are counted too: so many of all for each of the rows.
_SHARE = 4
# A question is one of fields, days and length of a page: so many of them.
_QUESTIONS = 16
_ID = 36

_rowid = sa.literal_column("record.rowid", sa.BigInteger)
_later = record.c.district == sa.bindparam("of"), _rowid > sa.bindparam("records")
_replaced = sa.select(record.c.replaces).where(*_later, record.c.replaces.is_not(None))
_taken_back = sa.select(reversal.c.record).where(
    reversal.c.district == sa.bindparam("of"), sa.literal_column("reversal.rowid") > sa.bindparam("reversals")
)
_named = record.alias("named")
_CHANGED = sa.union(
    sa.select(record.c.teacher).where(*_later),
    sa.select(_named.c.teacher).where(
        _named.c.district == sa.bindparam("of"), sa.or_(_named.c.id.in_(_replaced), _named.c.id.in_(_taken_back))
    ),
)


class Told(NamedTuple):
    """The columns of all pages one after the other, how many rows each has, and whether it goes on."""

    columns: tuple[Column, ...]
    counts: tuple[int, ...]
    has_next: tuple[bool, ...]


class _NotKept(Exception):
    """These rows do not fit into what is kept: ids of another form, or, `for_now`, too many different values by now."""

    def __init__(self, *, for_now: bool) -> None:
        super().__init__()
        self.for_now = for_now


class _Page(NamedTuple):
    """One teacher's rows: of each column its part, and whether more rows follow."""

    rows: int
    more: bool
    parts: tuple[Any, ...]


class _Pages:
    """The pages of one question: of the ids each teacher's text, of other fields the numbers of the values."""

    def __init__(self, fields: Sequence[str]) -> None:
        self.fields = fields
        # One reads at a time: two would only take the interpreter from one another.
        self.lock = threading.Lock()
        # Rows of this question cannot be kept: it is read past, and nobody tries again.
        self.hopeless = False
        self.begin()

    def begin(self) -> None:
        """Keep nothing, as at first."""
        self.ends: tuple[int, ...] = ()
        self.rows = 0
        self.pages: dict[str, _Page] = {}
        self._known: list[dict[Any, int]] = [{} for _ in self.fields]
        self._values: list[list[Any]] = [[] for _ in self.fields]

    def forget(self, teacher: str) -> None:
        page = self.pages.pop(teacher, None)
        self.rows -= page.rows if page is not None else 0

    def size(self) -> int:
        """What is kept: rows, pages, of which many have none, and different values."""
        return self.rows + len(self.pages) + sum(map(len, self._values))

    def add(self, teachers: Sequence[str], found: Mapping[str, Sequence[Row]], first: int) -> None:
        """Keep the rows of these teachers; raises `_NotKept`."""
        kept = [found.get(teacher, ())[:first] for teacher in teachers]
        columns: Sequence[Sequence[Any]] = list(zip(*(row for page in kept for row in page), strict=True))
        laid = [self._laid(place, columns[place] if columns else ()) for place in range(len(self.fields))]
        start = 0
        for teacher, page in zip(teachers, kept, strict=True):
            stop = start + len(page)
            parts = tuple(one[start * size : stop * size] for one, size in laid)
            self.pages[teacher] = _Page(len(page), len(found.get(teacher, ())) > first, parts)
            start = stop
        self.rows += start

    def _laid(self, place: int, values: Sequence[Any]) -> tuple[Any, int]:
        """A column laid end to end, and how long each value is in it."""
        if self.fields[place] == "id":
            if not all(map(str.isascii, values)) or set(map(len, values)) - {_ID}:
                raise _NotKept(for_now=False)
            return "".join(values), _ID
        known, its = self._known[place], self._values[place]
        for value in dict.fromkeys(values):
            if value not in known:
                known[value] = len(its)
                its.append(told_of(self.fields[place], value))
        if len(its) > _MOST_VALUES:
            raise _NotKept(for_now=True)
        return array("H", map(known.__getitem__, values)).tobytes(), 2

    def told(self, teachers: Sequence[str]) -> Told:
        """The pages of these teachers, all of which are kept."""
        pages = [self.pages[teacher] for teacher in teachers]
        counts = tuple(page.rows for page in pages)
        columns = tuple(
            self._column(place, [page.parts[place] for page in pages], sum(counts)) for place in range(len(self.fields))
        )
        return Told(columns, counts, tuple(page.more for page in pages))

    def _column(self, place: int, parts: list[Any], rows: int) -> Column:
        if self.fields[place] == "id":
            return Column(msgspec.Raw(encode("".join(parts))), width=_ID) if rows else in_column(())
        codes, its = b"".join(parts), self._values[place]
        if len(its) * 2 > rows:
            # Mostly values that others have.
            return in_column([its[code] for code in array("H", codes)])
        if len(its) <= 1 << 8:
            # The byte that tells: there is no higher code.
            return Column(msgspec.Raw(encode(its)), codes[sys.byteorder == "big" :: 2], 1)
        two = array("H", codes)
        if sys.byteorder == "big":
            two.byteswap()
        return Column(msgspec.Raw(encode(its)), two.tobytes(), 2)


def _on_a_loop() -> bool:
    """Whether this thread runs an event loop: then whoever holds the lock may be waiting for it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class KeptParts:
    """The pages that one process keeps, of the questions asked last; several threads may ask."""

    def __init__(self, most_rows: int = MOST_ROWS) -> None:
        self._most = most_rows
        # Held for which questions are kept alone, never while anything is read; a question's own lock is taken first.
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[Any, ...], _Pages] = OrderedDict()

    def told(self, look: Look, shape: Shape, given: dict[str, Any], teachers: Sequence[str]) -> Told | None:
        """The pages of teachers, read only where they are not kept; None where nothing can be kept of the question.

        `given` as for `look_for_parts`. A thread may wait for another one that reads the same.
        """
        if shape.scope != "district" or shape.after or len(teachers) * given["most"] > self._most:
            return None
        key = (given["of"], shape, given["since"], given["until"], given["most"])
        pages = self._asked(key, shape)
        # An event loop waits for no thread.
        if pages.hopeless or not pages.lock.acquire(blocking=not _on_a_loop()):
            return None
        try:
            ends = look.ends(record, reversal)
            if ends is None:
                self._drop(key, pages)
                return None
            self._brought_up(pages, look, shape, ends, given)
            told = pages.told(teachers)
            self._make_room(pages, frozenset(given["teachers"]))
            return told
        except _NotKept as why:
            pages.hopeless = not why.for_now
            pages.begin()
            return None
        finally:
            pages.lock.release()

    def _asked(self, key: tuple[Any, ...], shape: Shape) -> _Pages:
        """What is kept of a question, which is now the one asked last."""
        with self._lock:
            pages = self._kept.setdefault(key, _Pages(shape.fields))
            self._kept.move_to_end(key)
            return pages

    def _drop(self, key: tuple[Any, ...], pages: _Pages) -> None:
        """Keep a question no longer for which nothing was kept, nor can be now."""
        with self._lock:
            if self._kept.get(key) is pages and not pages.pages:
                del self._kept[key]

    @staticmethod
    def _brought_up(pages: _Pages, look: Look, shape: Shape, ends: tuple[int, ...], given: dict[str, Any]) -> None:
        """Have the pages of all the teachers asked for among those of the question, as they are now."""
        if any(before > now for before, now in zip(pages.ends, ends, strict=False)):
            # This look began before the one that was kept.
            pages.begin()
        elif pages.ends and pages.ends != ends:
            since = {"of": given["of"], "records": pages.ends[0], "reversals": pages.ends[1]}
            for row in look(_CHANGED, since):
                pages.forget(row.teacher)
        pages.ends = ends
        missing = [teacher for teacher in given["teachers"] if teacher not in pages.pages]
        if missing:
            pages.add(missing, look_for_parts(look, shape, {**given, "teachers": missing}), given["most"] - 1)

    def _make_room(self, at_hand: _Pages, wanted: frozenset[str]) -> None:
        """Forget the questions that were asked longest ago, and of the one at hand those who are not asked for now."""
        most = self._most * _SHARE
        with self._lock:
            while len(self._kept) > 1 and (
                len(self._kept) > _QUESTIONS or sum(map(_Pages.size, self._kept.values())) > most
            ):
                self._kept.popitem(last=False)
        if at_hand.rows > self._most or at_hand.size() > most:
            for teacher in [one for one in at_hand.pages if one not in wanted]:
                at_hand.forget(teacher)
        if at_hand.size() > most:
            # Values that nobody has any more: told once more, and begun anew.
            at_hand.begin()
