"""A district's file is migrated in a fork of the clean parent, and by the service itself where that cannot be."""

from __future__ import annotations

from pathlib import Path

from yanxiu_credits.all_tables import metadata
from yanxiu_credits.migrating import MIGRATIONS
from yanxiu_durable.migrate import outdated
from yanxiu_durable.sqlite_databases import SqliteDatabases
from yanxiu_footing.fence.parent_process import ParentProcess


async def test_a_file_is_migrated_in_a_fork_that_ends_and_a_broken_one_is_told_of_here(tmp_path: Path) -> None:
    parent = ParentProcess("credits", "tests.fence.made_up_cell")
    new = tmp_path / "credits" / "new.db"
    assert not await parent.migrate(new, MIGRATIONS), "no process is started for it"
    await parent.start()
    try:
        assert await parent.migrate(new, MIGRATIONS)
        assert not outdated(new, MIGRATIONS)
        assert not await parent.migrate(tmp_path, MIGRATIONS), "a folder is no file"
    finally:
        await parent.stop()


async def test_what_cannot_be_migrated_apart_is_migrated_here_and_what_is_current_is_left(tmp_path: Path) -> None:
    asked: list[str] = []

    async def unable(path: Path, _migrations: Path) -> bool:
        asked.append(path.stem)
        return False

    for _ in range(2):
        databases = SqliteDatabases("credits", tmp_path, metadata, MIGRATIONS, apart=unable)
        await databases.ensure("made-up")
        assert not outdated(databases.path("made-up"), MIGRATIONS)
        await databases.close()
    assert asked == ["made-up"], "the second time it is current"
    assert outdated(tmp_path / "credits" / "another.db", MIGRATIONS)
    assert not (tmp_path / "credits" / "another.db").exists(), "looking makes nothing"
