"""Rows that a group writes at its end: nobody who looks sees that they were not there yet."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import Databases, grouped, later
from yanxiu_durable.directly import add_later, changed_by, heads_of, rows_of
from yanxiu_durable.sqlite_databases import SqliteDatabases

from tests.examples import with_service

from .conftest import LEDGER
from .grouping import Fault, told, waiting, whats
from .test_directly import ADD, FOUND, SAY, done, row
from .writing import soon

LAST = sa.select(sa.func.coalesce(sa.func.max(LEDGER.c.seq), 0).label("last")).where(
    LEDGER.c.district == sa.bindparam("of")
)

# Of its table nobody knows but the database.
MANY = sa.select(sa.literal_column("count(*)").label("many")).select_from(sa.text("ledger"))


async def behind(connection: AsyncConnection, words: list[str]) -> None:
    """Rows behind the last one, as whoever keeps a chain does it."""
    heads = heads_of(connection)
    last = heads.get("ledger") or (await rows_of(connection, LAST, {"of": "puer"}))[0].last
    await add_later(connection, ADD, [row(seq, word) for seq, word in enumerate(words, start=last + 1)])
    heads["ledger"] = last + len(words)


@pytest.mark.parametrize("few_rows", [True, False])
async def test_who_looks_finds_them_and_who_changes_them_changes_them(databases: Databases, few_rows: bool) -> None:
    async def work(connection: AsyncConnection) -> Any:
        await add_later(connection, ADD, [row(1), row(2)])
        direct = [one.seq for one in await rows_of(connection, FOUND, {"after": 0})]
        await add_later(connection, ADD, [row(3)])
        changed = await changed_by(connection, SAY, {"since": 2, "word": "said"})
        await add_later(connection, ADD, [row(4)])
        found = await connection.execute(FOUND, {"after": 0})
        return direct, changed, [(one.seq, one.what) for one in found]

    told = await done(databases, work, few_rows=few_rows)
    assert told == ([1, 2], 2, [(1, "a"), (2, "said"), (3, "said"), (4, "a")])
    assert await whats(databases) == ["a", "said", "said", "a"]


async def test_a_statement_of_whose_tables_nobody_knows_finds_them_too(databases: Databases) -> None:
    async def work(connection: AsyncConnection) -> int:
        await add_later(connection, ADD, [row(1), row(2)])
        return (await rows_of(connection, MANY, {}))[0].many

    assert await done(databases, work, few_rows=True) == 2


async def test_a_row_that_was_lost_when_somebody_looked_is_written_after_all_or_its_command_fails(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isinstance(databases, SqliteDatabases):
        return  # it keeps nothing for later
    fails, write = [True], later._write

    def written(plain: Any, kept: Any) -> None:
        if kept and fails and fails.pop():
            raise sqlite3.OperationalError("a statement failed, and the transaction stands")
        write(plain, kept)

    async def keeps(connection: AsyncConnection) -> None:
        await add_later(connection, ADD, [row(1)])

    async def looks(connection: AsyncConnection) -> int:
        return len(await rows_of(connection, FOUND, {"after": 0}))

    monkeypatch.setattr(later, "_write", written)
    works = (databases.do("puer", work, soon(), few_rows=True) for work in (keeps, looks, looks))
    async with waiting(databases, *works) as tasks:
        pass
    assert [await told(task) for task in tasks] == [None, "OperationalError", 1]
    assert await whats(databases) == ["a"]


async def test_what_a_savepoint_of_ones_own_takes_back_is_the_end_of_nothing(databases: Databases) -> None:
    async def work(connection: AsyncConnection) -> list[Any]:
        await behind(connection, ["one"])
        nested = await connection.begin_nested()
        await behind(connection, ["two"])
        await connection.execute(FOUND, {"after": 0})
        await nested.rollback()
        await behind(connection, ["three"])
        return [(one.seq, one.what) for one in await rows_of(connection, FOUND, {"after": 0})]

    assert await done(databases, work, few_rows=True) == [(1, "one"), (2, "three")]


async def test_a_row_that_does_not_fit_after_all_is_never_passed_over(databases: Databases) -> None:
    async def same(connection: AsyncConnection) -> None:
        await add_later(connection, ADD, [row(1)])

    async with waiting(databases, *(databases.do("puer", same, soon(), few_rows=True) for _ in range(2))) as tasks:
        pass
    at_the_end = isinstance(databases, SqliteDatabases)
    # Where they are written at the end nobody knows whose it was; PostgreSQL is told at once.
    assert [await told(task) for task in tasks] == ["IntegrityError" if at_the_end else None, "IntegrityError"]
    assert await whats(databases) == ([] if at_the_end else ["a"])


STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["", "directly", "otherwise"]),
        st.sampled_from(["", "raise", "write, raise"]),
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.every_case_on_both
async def test_a_group_writes_what_its_commands_write_one_by_one(databases: Databases) -> None:
    scripts: list[Any] = []

    @with_service(15)
    @given(STEPS)
    def play(steps: Any) -> None:
        scripts.append(steps)

    play()
    before: list[str] = []
    for steps in scripts:
        works = [working(len(before), number, *step) for number, step in enumerate(steps)]
        async with waiting(databases, *(databases.do("puer", one, soon(), few_rows=True) for one in works)) as tasks:
            pass
        stand: list[str] = []
        for number, (task, (rows, looks, ends)) in enumerate(zip(tasks, steps, strict=True)):
            seen = [*stand, *(f"{number}.{one}" for one in range(rows))]
            if ends:
                assert await told(task) == "Fault", steps
                continue
            assert await task == (seen if looks else []), steps
            stand = seen
        before += stand
        assert await whats(databases) == before, steps
    assert len(scripts) >= 10


def working(before: int, number: int, rows: int, looks: str, ends: str) -> grouped.Work:
    """Write so many rows, look what there is since, and end so."""

    async def work(connection: AsyncConnection) -> list[str]:
        if rows:
            await behind(connection, [f"{number}.{one}" for one in range(rows)])
        found: Any = []
        if looks == "directly":
            found = await rows_of(connection, FOUND, {"after": before})
        elif looks == "otherwise":
            found = await connection.execute(FOUND, {"after": before})
        seen = [one.what for one in found]
        if ends == "write, raise":
            await behind(connection, ["never"])
            await changed_by(connection, SAY, {"since": 1, "word": "never"})
        if ends:
            raise Fault
        return seen

    return work
