"""Whatever a statement fails at, neither its error nor a log that tells it has the values: they are of people."""

from __future__ import annotations

import traceback

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from yanxiu_durable import Databases
from yanxiu_wire.deadline import Deadline

from .conftest import LEDGER

NAME = "虚构教师甲"


async def _insert(databases: Databases, *rows: dict[str, object]) -> None:
    async with databases.write("puer", Deadline.after(5)) as connection:
        for row in rows:
            await connection.execute(sa.insert(LEDGER), [row])


@pytest.mark.parametrize("wrong", [{"seq": 1, "what": NAME}, {"seq": 2, "what": None}])
async def test_an_error_of_the_database_has_none_of_the_values(databases: Databases, wrong: dict[str, object]) -> None:
    row: dict[str, object] = {"district": "puer", "seq": 1, "what": NAME}
    with pytest.raises(IntegrityError) as raised:
        await _insert(databases, row, {**row, **wrong})
    told = "".join(traceback.format_exception(raised.value))
    assert "INSERT INTO ledger" in told, "what was done is still said"
    assert NAME not in told
    assert "(puer" not in told, "nor the server's own words about the row"
