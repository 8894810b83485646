"""`yanxiu migrate`: the owner's role migrates before the rollout, and the services then start with their own alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest
import yanxiu_visits
from yanxiu_cli.failed import Failed
from yanxiu_cli.migrate import migrate
from yanxiu_durable.databases import open_databases
from yanxiu_visits.all_tables import metadata

from tests.postgres_server import PASS_KEY, PostgresServer

MIGRATIONS = Path(str(yanxiu_visits.__file__)).parent / "migrations"


async def test_after_the_owner_has_migrated_a_service_starts_without_the_owners_role(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = postgres.database()
    both = postgres.settings(name, tmp_path)
    monkeypatch.setenv("YANXIU_DATA", str(tmp_path))
    monkeypatch.setenv("YANXIU_DATABASE_URL", both.database_url)
    monkeypatch.setenv("YANXIU_DATABASE_OWNER_URL", both.database_owner_url)
    monkeypatch.setenv("YANXIU_DATABASE_PASS_KEY", both.database_pass_key)
    monkeypatch.setenv("YANXIU_DATABASE_MAY_LOSE_DATA", "true")
    await asyncio.to_thread(migrate, "visits")
    await asyncio.to_thread(migrate, "visits")  # a second Job finds nothing to do

    alone = msgspec.structs.replace(both, database_owner_url="")
    databases = open_databases("visits", alone, metadata, MIGRATIONS)
    try:
        await databases.open_all()
        await databases.ensure("puer")
        assert await databases.districts() == ("puer",)
    finally:
        await databases.close()
    owners = postgres.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'visits'", database=name)
    assert owners == [("yanxiu_owner",)]


def test_a_server_that_does_not_answer_is_told_with_the_code_to_try_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANXIU_DATA", str(tmp_path))
    monkeypatch.setenv("YANXIU_DATABASE_URL", f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    monkeypatch.setenv("YANXIU_DATABASE_PASS_KEY", PASS_KEY)
    with pytest.raises(SystemExit) as ended:
        migrate("visits")
    assert ended.value.code == 75


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YANXIU_DATA", raising=False)
    with pytest.raises(Failed, match="YANXIU_DATA") as failed:
        migrate("visits")
    assert failed.value.code == 2
