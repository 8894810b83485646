"""Writes that are sent together: all of them or none, and what one is refused for is told."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, ResourceClosedError
from yanxiu_durable import Databases, together

from tests.stores import Store

from .conftest import LEDGER
from .writing import append, count, soon

_ADD = sa.insert(LEDGER)


def row(seq: int) -> dict[str, object]:
    return {"district": "puer", "seq": seq, "what": "together"}


async def test_all_of_the_block_is_written_and_can_be_read_after_it(databases: Databases) -> None:
    async with databases.write("puer", soon()) as connection:
        async with together(connection):
            for seq in (1, 2, 3):
                await connection.execute(_ADD, row(seq))
        seen = (await connection.scalars(sa.select(LEDGER.c.seq).order_by(LEDGER.c.seq))).all()
    assert (seen, await count(databases)) == ([1, 2, 3], 3)


async def test_one_that_is_refused_undoes_the_whole_transaction_and_the_next_one_works(databases: Databases) -> None:
    async def write() -> None:
        async with databases.write("puer", soon()) as connection:
            await connection.execute(_ADD, row(1))
            async with together(connection):
                for seq in (2, 2, 3):
                    await connection.execute(_ADD, row(seq))

    with pytest.raises(IntegrityError):
        await write()
    assert await count(databases) == 0
    await append(databases)
    assert await count(databases) == 1


async def test_rows_cannot_be_asked_for_in_between_on_postgresql(databases: Databases, database: Store) -> None:
    async def ask() -> list[int]:
        async with databases.write("puer", soon()) as connection, together(connection):
            await connection.execute(_ADD, row(1))
            return list((await connection.scalars(sa.select(LEDGER.c.seq))).all())

    if database.kind == "sqlite":
        assert await ask() == [1]
        return
    with pytest.raises(ResourceClosedError):
        await ask()
    assert await count(databases) == 0
