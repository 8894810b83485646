"""The guard of the ledger's table: no row replaces another under any key, and a long ledger costs no more."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from yanxiu_credits.__main__ import MIGRATIONS
from yanxiu_durable.migrate import upgrade

COLUMNS = (
    "district", "seq", "entry_id", "teacher", "record", "activity", "kind", "generation", "on", "micro_hours",
    "micro_credits", "hours_unit", "credits_unit", "reverses", "pack", "version", "evidence", "recorded_us",
    "previous", "hash",
)  # fmt: skip
INSERT = f"""INSERT OR REPLACE INTO ledger ({", ".join(f'"{name}"' for name in COLUMNS)})
    VALUES ({", ".join(f":{name}" for name in COLUMNS)})"""  # noqa: S608 - names of columns


def row(seq: int, **other: Any) -> dict[str, Any]:
    texts = dict.fromkeys(COLUMNS, "x")
    numbers = dict.fromkeys(("generation", "micro_hours", "micro_credits", "recorded_us"), 1)
    own = {"seq": seq, "entry_id": f"e{seq}", "teacher": f"t{seq % 50}", "activity": f"a{seq}", "reverses": None}
    return texts | numbers | own | other


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An empty ledger with its triggers."""
    upgrade(tmp_path / "d.db", MIGRATIONS)
    with closing(sqlite3.connect(tmp_path / "d.db", isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize(
    "same",
    [{"seq": 1}, {"entry_id": "e1"}, {"reverses": "e0"}, {"teacher": "t1", "activity": "a1"}],
    ids=["seq", "entry_id", "reverses", "activity"],
)
def test_a_row_that_shares_one_key_with_another_does_not_replace_it(
    ledger: sqlite3.Connection, same: dict[str, Any]
) -> None:
    ledger.execute(INSERT, row(1, reverses="e0"))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        ledger.execute(INSERT, row(2) | same)
    assert ledger.execute("SELECT seq, entry_id FROM ledger").fetchall() == [(1, "e1")]


def test_an_entry_costs_the_database_the_same_in_a_short_and_a_long_ledger(ledger: sqlite3.Connection) -> None:
    def steps(seq: int) -> int:
        """How many instructions of SQLite's machine one entry takes."""
        taken = 0

        def count() -> None:
            nonlocal taken
            taken += 1

        ledger.set_progress_handler(count, 1)
        ledger.execute(INSERT, row(seq))
        ledger.set_progress_handler(None, 1)
        return taken

    few = steps(1)
    ledger.execute("BEGIN")
    ledger.executemany(INSERT, [row(seq) for seq in range(2, 3001)])
    ledger.execute("COMMIT")
    assert 0 < steps(3001) < few + 100  # a look at each row would take thousands
