"""A small service of the tests' own: its tables, its migrations, its databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from yanxiu_durable import Databases, consumed_table, inbox_table, new_metadata, open_databases, outbox_table
from yanxiu_durable.migrate import draft
from yanxiu_durable.sqlite_databases import SqliteDatabases

from tests.stores import KINDS, Store, Stores

METADATA = new_metadata()
inbox_table(METADATA)
outbox_table(METADATA)
consumed_table(METADATA)
LEDGER = sa.Table(
    "ledger",
    METADATA,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("what", sa.Text, nullable=False),
)

ENV = f"""\
from yanxiu_durable.migrate import run_env
import importlib.util

spec = importlib.util.spec_from_file_location("durable_tables", {str(Path(__file__))!r})
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
run_env(module.METADATA)
"""


@pytest.fixture(scope="session")
def migrations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrations folder as a service keeps it, drafted from the tables above."""
    folder = tmp_path_factory.mktemp("service") / "migrations"
    folder.mkdir()
    (folder / "env.py").write_text(ENV, encoding="utf-8")
    draft(METADATA, folder, "first tables")
    return folder


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, stores: Stores, migrations: Path) -> Store:
    """A place for data, of each kind."""
    return stores.new(request.param, ("test", migrations))


@pytest.fixture
async def files(data_dir: Path, migrations: Path) -> AsyncIterator[SqliteDatabases]:
    """SQLite files with the district puer, for what only they do."""
    opened = SqliteDatabases("test", data_dir, METADATA, migrations)
    await opened.open_all()
    await opened.ensure("puer")
    yield opened
    await opened.close()


@pytest.fixture
def another(database: Store, migrations: Path) -> Callable[[], Databases]:
    """Opens the same data as another process would."""
    return lambda: open_databases("test", database.settings, METADATA, migrations)


@pytest.fixture
async def databases(another: Callable[[], Databases]) -> AsyncIterator[Databases]:
    """Databases with the district puer."""
    opened = another()
    await opened.open_all()
    await opened.ensure("puer")
    yield opened
    await opened.close()


@pytest.fixture
async def second(another: Callable[[], Databases], databases: Databases) -> AsyncIterator[Databases]:
    """The same data as another process would open it."""
    opened = another()
    await opened.open_all()
    yield opened
    await opened.close()
