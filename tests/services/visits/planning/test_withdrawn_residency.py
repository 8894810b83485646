"""A residency that a later plan took away stands against nobody's erasure, though it keeps its days."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
import yanxiu_visits
from yanxiu_durable.sqlite_databases import SqliteDatabases
from yanxiu_visits.all_tables import metadata
from yanxiu_visits.check_erasure import check_erasure
from yanxiu_visits.planning.residency_store import withdraw
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import CheckErasure, ErasureChecked
from yanxiu_wire.refusal import Refused

MIGRATIONS = Path(str(yanxiu_visits.__file__)).parent / "migrations"
OFFICER = Caller(subject="s", role="institute-officer", district="puer")
PLACED = {"district": "puer", "id": "r", "plan": "p", "person": "t1", "school": "s", "role": "x", "state": "live"}


@pytest.mark.parametrize("planned_anew", [True, False])
async def test_only_who_is_placed_still_is_refused(data_dir: Path, planned_anew: bool) -> None:
    databases = SqliteDatabases("visits", data_dir, metadata, MIGRATIONS)
    await databases.open_all()
    await databases.ensure("puer")
    async with databases.write("puer", Deadline.after(10)) as connection:
        days = {"starts_on": date(2026, 9, 1), "ends_on": date(2029, 7, 1)}
        await connection.execute(sa.insert(metadata.tables["residency"]).values(**PLACED, **days))
        if planned_anew:
            await withdraw(connection, "puer", ["r"])
    service: Any = SimpleNamespace(databases=databases, clock=SimpleNamespace(today=lambda: date(2026, 3, 2)))
    told = await check_erasure(service, "puer", CheckErasure(caller=OFFICER, teacher="t1"), Deadline.after(5))
    await databases.close()
    if planned_anew:
        assert isinstance(told, ErasureChecked)
    else:
        assert isinstance(told, Refused)
        assert [one.code for one in told.errors] == ["RESIDENCY_OPEN"]
