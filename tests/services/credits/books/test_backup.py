"""A district goes from either kind of database into a file, and from the file into either kind, as it was."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from yanxiu_credits.__main__ import MIGRATIONS
from yanxiu_credits.all_tables import metadata
from yanxiu_credits.verify_ledger import examine
from yanxiu_durable import open_databases
from yanxiu_durable.backup import _copy_file, copy_in, copy_out
from yanxiu_durable.databases import Databases
from yanxiu_durable.errors import DistrictNotEmpty, DistrictUnknown
from yanxiu_wire.credits import SERVICE

from tests.stores import KINDS, Kind, Stores


def quiet(_done: int, _whole: int) -> None:
    """Nobody watches."""


async def everything(databases: Databases, district: str) -> dict[str, list[Any]]:
    """Every row of the district, the relay's own notes aside: it works by itself."""
    async with databases.read(district) as conn:
        return {
            table.name: [tuple(row) for row in await conn.execute(sa.select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
            if table.name not in {"outbox", "outbox_progress"}
        }


@pytest.mark.parametrize("into", KINDS)
async def test_a_district_comes_back_whole_whichever_kind_it_goes_to(
    house: Any, stores: Stores, tmp_path: Path, into: Kind
) -> None:
    for hours in ("1", "2", "3"):
        await house.register(facts={"hours": hours})
    await house.sign()
    file = tmp_path / "copy.db"
    await copy_out(house.service.databases, house.district, file, quiet)
    assert not file.with_name("copy.db-wal").exists(), "one file, no log beside it"
    before = await everything(house.service.databases, house.district)
    assert len(before["ledger"]) == 3
    target = open_databases(SERVICE, stores.new(into, (SERVICE, MIGRATIONS)).settings, metadata, MIGRATIONS)
    try:
        await target.open_all()
        await copy_in(target, house.district, file, quiet)
        await target.ensure(house.district)
        assert await everything(target, house.district) == before
        found = await examine(target, house.service.signer.keys, house.district)
        assert (found.entries, found.signed_heads, found.broken) == (3, 1, None)
        with pytest.raises(DistrictNotEmpty):
            await copy_in(target, house.district, file, quiet)
        assert await everything(target, house.district) == before
    finally:
        await target.close()


async def test_what_is_not_there_is_not_copied_and_no_file_is_written_over(house: Any, tmp_path: Path) -> None:
    with pytest.raises(DistrictUnknown):
        await copy_out(house.service.databases, "nowhere", tmp_path / "none.db", quiet)
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "kept.db").write_bytes(b"kept")
    with pytest.raises(FileExistsError):
        await copy_out(house.service.databases, house.district, tmp_path / "kept.db", quiet)
    assert (tmp_path / "kept.db").read_bytes() == b"kept"


async def test_a_copy_ends_however_much_is_written_meanwhile_and_is_of_one_state(tmp_path: Path) -> None:
    source, target, steps = tmp_path / "source.db", tmp_path / "target.db", 0
    with contextlib.closing(sqlite3.connect(source, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE written (text)")
        writer.execute("BEGIN")
        writer.executemany("INSERT INTO written VALUES (?)", [("x" * 4000,)] * 6000)
        writer.execute("COMMIT")

        def told(_done: int, _whole: int) -> None:
            nonlocal steps
            steps += 1
            assert steps < 20, "it begins anew with every commit"
            writer.execute("INSERT INTO written VALUES ('later')")

        _copy_file(source, target, told)
    assert steps > 2, "it takes several steps"
    with contextlib.closing(sqlite3.connect(target)) as copied:
        assert copied.execute("SELECT count(*), max(length(text)) FROM written").fetchone() == (6000, 4000)
