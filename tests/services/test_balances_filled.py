"""The migration that brings balances fills them of the entries there are; then each entry adds to its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from yanxiu_durable.migrate import upgrade
from yanxiu_durable.postgres_schema import prepare
from yanxiu_durable.sqlite import open_for_migration

from tests.services.test_nameless_copies import migrations_of, put
from tests.stores import Stores

REGISTERED, TAKEN_BACK = "registration", "registration-reversal"
RECOGNISED = "recognition"


def entry(seq: int, teacher: str, kind: str, micro: int, reverses: str | None = None) -> dict[str, Any]:
    return {
        "seq": seq, "entry_id": f"e{seq}", "teacher": teacher, "record": f"r{seq}", "activity": f"a{seq}",
        "kind": kind, "generation": 1, "on": date(2024, 1, seq), "micro_hours": micro, "micro_credits": 2 * micro,
        "hours_unit": "学时", "credits_unit": "学分", "reverses": reverses, "pack": "p", "version": "1",
        "evidence": "e", "recorded_us": seq, "previous": "p", "hash": "h",
    }  # fmt: skip


BEFORE = [
    entry(1, "t1", REGISTERED, 5),
    entry(2, "t2", REGISTERED, 7),
    entry(3, "t1", REGISTERED, 4),
    entry(4, "t1", TAKEN_BACK, -4, "e3"),
    entry(5, "t2", RECOGNISED, 3),
]
AFTER = [entry(6, "t2", TAKEN_BACK, -7, "e2"), entry(7, "t3", REGISTERED, 1)]
# As a newer place says: what a copy brings with its balances is not added to them again.
HELD = {"teacher": "t4", "up_to": 9, **dict.fromkeys(("micro_hours", "micro_credits", "records"), 8)}
FILLED = [("t1", 5, 10, 1, 0, 0, 4), ("t2", 7, 14, 1, 3, 6, 5)]
ADDED = [FILLED[0], ("t2", 0, 0, 0, 3, 6, 6), ("t3", 1, 2, 1, 0, 0, 7), ("t4", 8, 8, 8, 0, 0, 9)]


def kept(connection: sa.Connection) -> list[tuple[Any, ...]]:
    found = connection.exec_driver_sql(
        "SELECT teacher, micro_hours, micro_credits, records, recognised_micro_hours, recognised_micro_credits, up_to "
        "FROM balance ORDER BY teacher"
    )
    return [tuple(row) for row in found]


def see(connection: sa.Connection) -> None:
    assert kept(connection) == FILLED
    put(connection, {"balance": [{**HELD, "recognised_micro_hours": 0, "recognised_micro_credits": 0}]})
    put(connection, {"ledger": [*AFTER, entry(8, "t4", REGISTERED, 2)]})
    assert kept(connection) == ADDED


def test_balances_are_filled_on_sqlite(tmp_path: Path) -> None:
    before, after = migrations_of("credits", "0020", tmp_path)
    path = tmp_path / "puer.db"
    upgrade(path, before)
    engine = open_for_migration(path)
    with engine.begin() as connection:
        put(connection, {"ledger": BEFORE})
    upgrade(path, after)
    with engine.begin() as connection:
        see(connection)
    engine.dispose()


def test_balances_are_filled_on_postgresql(stores: Stores, tmp_path: Path) -> None:
    before, after = migrations_of("credits", "0020", tmp_path)
    store = stores.new("postgresql")
    prepare("credits", store.settings, before)
    assert store.server is not None
    engine = sa.create_engine(store.server.url(store.database, "postgres"), poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO credits.yanxiu_district VALUES ('puer')")
        connection.exec_driver_sql("SET LOCAL ROLE yanxiu_owner")
        connection.exec_driver_sql("SELECT credits.yanxiu_make_partitions('puer')")
        connection.exec_driver_sql("RESET ROLE")
        connection.exec_driver_sql("SET LOCAL search_path TO credits")
        put(connection, {"ledger": BEFORE})
    prepare("credits", store.settings, after)
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL search_path TO credits")
        see(connection)
    engine.dispose()
