"""Count the rows of a service's texts in which the words of an erasure stand: looked for as they are cleared."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import CountMentions, Mention, MentionsCounted, WordKind

from yanxiu_footing.persons.assess_blank import Sought, keeps_figure
from yanxiu_footing.persons.clear_texts import ANSWERS, Found, Key, Search, Texts, look_through
from yanxiu_footing.persons.held import Personal, Whose

_Word = tuple[WordKind, str]


class _Rows(NamedTuple):
    """The rows of a table in which a word stands, by their keys."""

    his: set[Key]
    others: set[Key]
    kept: set[Key]


Count = Callable[[Any, str, CountMentions, Deadline], Awaitable[MentionsCounted]]


def counting(metadata: sa.MetaData, texts: Texts, personal: Personal) -> Count:
    """Return the use case of a service that has these texts."""

    async def count_mentions(service: Any, district: str, query: CountMentions, deadline: Deadline) -> MentionsCounted:
        """Return by word and table how many rows hold it; answers that are kept for repeats are not counted."""
        deadline.check()
        search = Search.of(metadata, texts, personal, Whose(district, query.teacher), query.words)
        async with service.databases.read(district) as conn:
            return MentionsCounted(items=await count_rows(conn, search, deadline))

    return count_mentions


async def count_rows(conn: AsyncConnection, search: Search, deadline: Deadline) -> tuple[Mention, ...]:
    """Return the counts; raises `DeadlineExceeded`."""
    alone = {**_each(search.anywhere), **_each(search.shared)}
    rows: dict[tuple[_Word, str], _Rows] = {}
    async for some in look_through(conn, search):
        deadline.check()
        for one in some:
            if one.table.name == ANSWERS:
                continue
            for word in _each(one.sought):
                for held in _held(one, alone[word]):
                    getattr(rows.setdefault((word, one.table.name), _Rows(set(), set(), set())), held).add(one.key)
    return tuple(
        Mention(kind=kind, word=word, table=str(table), his=len(its.his), others=len(its.others), kept=len(its.kept))
        for ((kind, word), table), its in sorted(rows.items(), key=lambda one: one[0])
    )


def _held(row: Found, word: Sought) -> Iterable[str]:
    """As which of `_Rows` a row has the word: taken out of it, or left in it as a number, or both."""
    if row.holds(word):
        yield "his" if row.his else "others"
    if any(keeps_figure(text, word) for text in row.texts):
        yield "kept"


def _each(sought: Sought) -> dict[_Word, Sought]:
    """Each word by itself."""
    found: dict[_Word, Sought] = {("name", one): Sought(names=(one,), spared=sought.spared) for one in sought.names}
    found.update({("number", one): Sought(numbers=(one,), spared=sought.spared) for one in sought.numbers})
    return found
