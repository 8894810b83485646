"""Statements on the driver: the same rows, counts and errors as through SQLAlchemy, run in place or not."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import Databases
from yanxiu_durable.directly import changed_by, rows_of, write_all

from .conftest import LEDGER
from .writing import count, soon

ADD = sa.insert(LEDGER).execution_options(preserve_rowcount=True)
FOUND = sa.select(LEDGER.c.seq, LEDGER.c.what).where(LEDGER.c.seq > sa.bindparam("after")).order_by(LEDGER.c.seq)
SAY = sa.update(LEDGER).where(LEDGER.c.seq >= sa.bindparam("since")).values(what=sa.bindparam("word"))


def row(seq: int, what: str = "a") -> dict[str, Any]:
    return {"district": "puer", "seq": seq, "what": what}


async def done(databases: Databases, work: Any, *, few_rows: bool) -> Any:
    return await databases.do("puer", work, soon(), few_rows=few_rows)


@pytest.mark.parametrize("few_rows", [True, False])
async def test_what_is_written_is_counted_and_read_back_by_name(databases: Databases, few_rows: bool) -> None:
    async def work(connection: AsyncConnection) -> Any:
        assert await changed_by(connection, ADD, row(1)) == 1
        await write_all(connection, ADD, [row(2, "b"), row(3, "c")])
        assert await changed_by(connection, SAY, {"since": 3, "word": "said"}) == 1
        assert await changed_by(connection, SAY, {"since": 9, "word": "nobody"}) == 0
        return [(one.seq, one.what) for one in await rows_of(connection, FOUND, {"after": 1})]

    assert await done(databases, work, few_rows=few_rows) == [(2, "b"), (3, "said")]
    assert await count(databases) == 3


@pytest.mark.parametrize("few_rows", [True, False])
async def test_a_statement_that_the_database_refuses_raises_what_sqlalchemy_raises(
    databases: Databases, few_rows: bool
) -> None:
    async def work(connection: AsyncConnection) -> None:
        await write_all(connection, ADD, [row(1), row(1)])

    with pytest.raises(IntegrityError):
        await done(databases, work, few_rows=few_rows)
    assert await count(databases) == 0
