"""A row more and how many there are: what tests of databases do with them."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_durable import Databases
from yanxiu_wire.deadline import Deadline

from .conftest import LEDGER


def soon() -> Deadline:
    return Deadline.after(10)


async def append(
    databases: Databases, what: str = "a", district: str = "puer", deadline: Deadline | None = None
) -> None:
    async with databases.write(district, deadline or soon()) as connection:
        last = (await connection.execute(sa.select(sa.func.coalesce(sa.func.max(LEDGER.c.seq), 0)))).scalar_one()
        await connection.execute(sa.insert(LEDGER).values(district=district, seq=last + 1, what=what))


async def count(databases: Databases, district: str = "puer") -> int:
    async with databases.read(district) as connection:
        return (await connection.execute(sa.select(sa.func.count()).select_from(LEDGER))).scalar_one()
