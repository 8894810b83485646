"""One history of migrations: whole or not at all, on a file and in PostgreSQL, never different from the tables."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import threading
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, ProgrammingError
from yanxiu_durable import postgres_schema, sqlite_databases
from yanxiu_durable.errors import DatabaseBusy, DistrictUnknown
from yanxiu_durable.migrate import differences, differences_on, draft, outdated, upgrade
from yanxiu_durable.postgres_schema import prepare, schema_engine
from yanxiu_durable.sqlite_databases import SqliteDatabases, migrate_file

from tests.stores import Stores

from .conftest import ENV, LEDGER, METADATA


def test_the_migrations_make_the_tables(migrations: Path) -> None:
    assert differences(METADATA, migrations) == []


def test_a_forgotten_migration_is_noticed(migrations: Path) -> None:
    changed = sa.MetaData(naming_convention=METADATA.naming_convention)
    for table in METADATA.sorted_tables:
        table.to_metadata(changed)
    changed.tables["ledger"].append_column(sa.Column("forgotten", sa.Text))
    assert "forgotten" in str(differences(changed, migrations))


def test_a_migration_happens_whole_or_not_at_all(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "env.py").write_text(ENV, encoding="utf-8")
    draft(METADATA, tmp_path, "first tables")
    path = tmp_path / "district.db"
    upgrade(path, tmp_path)
    broken = tmp_path / "versions" / "0002_broken.py"
    broken.write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        'revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None\n'
        "def upgrade():\n"
        '    op.create_table("half", sa.Column("district", sa.Text))\n'
        '    op.execute("INSERT INTO nowhere VALUES (1)")\n',
        encoding="utf-8",
    )
    for _ in range(2):
        with pytest.raises(OperationalError, match="nowhere"):
            upgrade(path, tmp_path)
    database = sqlite3.connect(path)
    names = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
    assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    database.close()
    assert "half" not in names
    assert "ledger" in names
    assert capfd.readouterr() == ("", "")


async def test_a_file_is_not_there_before_it_has_its_tables(tmp_path: Path) -> None:
    """A cell reads what its service migrates: in the midst of it a read found a file without tables, and failed."""
    (tmp_path / "env.py").write_text(ENV, encoding="utf-8")
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "0001_slowly.py").write_text(SLOWLY, encoding="utf-8")
    cell = SqliteDatabases("credits", tmp_path, METADATA, tmp_path, migrate=False)
    begun, go_on = (tmp_path / name for name in ("begun", "go-on"))
    os.mkfifo(begun)
    os.mkfifo(go_on)
    # Kept open for both directions until the end: whoever came to a gate already shut would wait for ever.
    gate = os.open(go_on, os.O_RDWR)
    making = asyncio.create_task(asyncio.to_thread(migrate_file, cell.path("puer"), tmp_path))
    try:
        assert await asyncio.to_thread(begun.read_text) == "begun"
        assert not await cell.has("puer")
        with pytest.raises(DistrictUnknown):
            await cell.look("puer", lambda look: look(sa.select(LEDGER), {}))
    finally:
        os.write(gate, b".")
        await making
        os.close(gate)
    try:
        assert await cell.look("puer", lambda look: look(sa.select(LEDGER), {})) == []
        left = {path.name for path in cell.folder.glob("puer*")}
        assert left - {"puer.db-wal", "puer.db-shm"} == {"puer.db", "puer.migrate.lock"}
    finally:
        await cell.close()


SLOWLY = """\
from pathlib import Path
import sqlalchemy as sa
from alembic import context, op
revision, down_revision, branch_labels, depends_on = "0001", None, None, None
def upgrade():
    folder = Path(context.config.get_main_option("script_location"))
    op.create_table("first", sa.Column("district", sa.Text))
    (folder / "begun").write_text("begun")
    with (folder / "go-on").open("rb", buffering=0) as gate:
        gate.read(1)
    op.create_table(
        "ledger",
        sa.Column("district", sa.Text), sa.Column("seq", sa.Integer), sa.Column("what", sa.Text),
    )
"""


def test_what_a_killed_process_left_of_a_new_file_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "env.py").write_text(ENV, encoding="utf-8")
    draft(METADATA, tmp_path, "first tables")
    for ending in ("", "-wal", "-shm"):
        (tmp_path / f"puer.making{ending}").write_text("half of it")
    migrate_file(tmp_path / "puer.db", tmp_path)
    assert not outdated(tmp_path / "puer.db", tmp_path)
    assert not list(tmp_path.glob("*.making*"))


def test_a_new_file_takes_nothing_of_the_log_of_one_that_was_removed(tmp_path: Path) -> None:
    (tmp_path / "env.py").write_text(ENV, encoding="utf-8")
    draft(METADATA, tmp_path, "first tables")
    path = tmp_path / "puer.db"
    migrate_file(path, tmp_path)
    with contextlib.closing(sqlite3.connect(path)) as writer:
        writer.execute("INSERT INTO ledger (district, seq, what) VALUES ('puer', 1, 'gone')")
        writer.commit()
        left = path.with_name("puer.db-wal").read_bytes()
    # As after a kill, where somebody removed the file and not its log.
    path.unlink()
    path.with_name("puer.db-wal").write_bytes(left)
    migrate_file(path, tmp_path)
    with contextlib.closing(sqlite3.connect(path)) as reader:
        assert reader.execute("SELECT count(*) FROM ledger").fetchone() == (0,)


def test_a_new_file_whose_log_is_not_in_it_is_not_put_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "env.py").write_text(ENV, encoding="utf-8")
    draft(METADATA, tmp_path, "first tables")

    def kept(path: Path, _migrations: Path) -> None:
        for ending in ("", "-wal"):
            path.with_name(path.name + ending).write_text("as SQLite leaves it where there is no room to close")

    monkeypatch.setattr(sqlite_databases, "upgrade", kept)
    with pytest.raises(OSError, match="No space left"):
        migrate_file(tmp_path / "puer.db", tmp_path)
    assert not (tmp_path / "puer.db").exists()


def test_a_second_draft_holds_only_the_difference(tmp_path: Path) -> None:
    (tmp_path / "env.py").write_text(ENV, encoding="utf-8")
    draft(METADATA, tmp_path, "first tables")
    more = sa.MetaData(naming_convention=METADATA.naming_convention)
    for table in METADATA.sorted_tables:
        table.to_metadata(more)
    more.tables["ledger"].append_column(sa.Column("remark", sa.Text))
    second = draft(more, tmp_path, "a remark").read_text(encoding="utf-8")
    assert 'down_revision = "0001"' in second
    assert "remark" in second
    assert "create_table" not in second
    assert differences(more, tmp_path) == []


GUARDED = """\
import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, refuse
revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None
def upgrade():
    columns = [sa.Column(name, sa.Text) for name in ("district", "id", "on")]
    op.create_table("kept", *columns, sa.PrimaryKeyConstraint("district", "id"), sa.UniqueConstraint("district", "on"))
    append_only(op, "kept", ("id",), ("on",))
    refuse(op, "ledger", "UPDATE", says="it's 100% done", when="NEW.seq <> OLD.seq + 1")
def downgrade():
    pass
"""


REPLACING = {
    "sqlite": [
        "INSERT OR REPLACE INTO kept VALUES ('puer', 'a', 'y')",
        "INSERT OR REPLACE INTO kept VALUES ('puer', 'c', 'x')",
    ],
    "postgresql": [
        "INSERT INTO kept VALUES ('puer', 'a') ON CONFLICT (district, id) DO UPDATE SET id = 'z'",
        "TRUNCATE kept",
    ],
}


@pytest.fixture
def guarded(migrations: Path, tmp_path: Path) -> Path:
    """The migrations and one more, with guards."""
    folder = tmp_path / "guarded"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENV, encoding="utf-8")
    for file in (migrations / "versions").glob("*.py"):
        (folder / "versions" / file.name).write_bytes(file.read_bytes())
    (folder / "versions" / "0002_guarded.py").write_text(GUARDED, encoding="utf-8")
    return folder


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_append_only_table_takes_new_rows_and_refuses_every_other_change(
    stores: Stores, guarded: Path, kind: str
) -> None:
    store = stores.new("postgresql") if kind == "postgresql" else stores.new("sqlite")
    if kind == "postgresql":
        prepare("test", store.settings, guarded)
    else:
        (store.settings.data / "test").mkdir()
        upgrade(store.settings.data / "test" / "puer.db", guarded)

    def run(sql: str) -> list[object]:
        return store.edit("test", "puer", sql)

    broken = (sqlite3.IntegrityError, psycopg.IntegrityError)
    run("INSERT INTO kept VALUES ('puer', 'a', 'x'); INSERT INTO kept VALUES ('puer', 'b', NULL)")
    run("INSERT INTO ledger VALUES ('puer', 1, 'one')")
    replacing = (
        [
            "INSERT OR REPLACE INTO kept VALUES ('puer', 'a', 'y')",
            "INSERT OR REPLACE INTO kept VALUES ('puer', 'c', 'x')",
        ]
        if kind == "sqlite"
        else [
            "INSERT INTO kept VALUES ('puer', 'a') ON CONFLICT (district, id) DO UPDATE SET id = 'z'",
            "TRUNCATE kept",
        ]
    )
    for sql in ("UPDATE kept SET id = 'z'", "DELETE FROM kept", *replacing):
        with pytest.raises(broken, match="append-only"):
            run(sql)
    with pytest.raises(broken, match="it's 100% done"):
        run("UPDATE ledger SET seq = 7")
    run("UPDATE ledger SET seq = 2")
    assert run("SELECT id FROM kept ORDER BY id") == [("a",), ("b",)]
    assert run("SELECT seq FROM ledger") == [(2,)]


def test_the_same_history_makes_the_same_tables_in_postgresql(stores: Stores, migrations: Path) -> None:
    store = stores.new("postgresql", ("test", migrations))
    assert store.server is not None
    with schema_engine(store.server.url(store.database, "yanxiu_owner"), "test") as engine:
        assert differences_on(engine, METADATA) == []
        changed = sa.MetaData(naming_convention=METADATA.naming_convention)
        for table in METADATA.sorted_tables:
            table.to_metadata(changed)
        changed.tables["ledger"].append_column(sa.Column("forgotten", sa.Text))
        assert "forgotten" in str(differences_on(engine, changed))


def test_a_migration_changes_every_district_and_leaves_them_apart(
    stores: Stores, migrations: Path, guarded: Path
) -> None:
    """To the owner of a sealed table an UPDATE would change no row, without a word."""
    store = stores.new("postgresql", ("test", migrations))
    for district in ("puer", "putuo"):
        store.edit("test", district, f"INSERT INTO ledger VALUES ('{district}', 1, 'one')")  # noqa: S608
    (guarded / "versions" / "0002_guarded.py").write_text(
        "from alembic import op\n"
        'revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None\n'
        "def upgrade():\n"
        "    op.execute(\"UPDATE ledger SET what = 'changed'\")\n",
        encoding="utf-8",
    )
    prepare("test", store.settings, guarded)
    for district in ("puer", "putuo"):
        assert store.edit("test", district, "SELECT district, what FROM ledger") == [(district, "changed")]


def test_a_migration_that_fails_in_postgresql_leaves_nothing_and_everything_sealed(
    stores: Stores, migrations: Path, guarded: Path
) -> None:
    store = stores.new("postgresql", ("test", migrations))
    store.edit("test", "puer", "INSERT INTO ledger VALUES ('puer', 1, 'one')")
    with (guarded / "versions" / "0002_guarded.py").open("a", encoding="utf-8") as file:
        file.write("_first = upgrade\ndef upgrade():\n    _first()\n    op.execute('INSERT INTO nowhere VALUES (1)')\n")
    for _ in range(2):
        with pytest.raises(ProgrammingError, match="nowhere"):
            prepare("test", store.settings, guarded)
    assert store.edit("test", "putuo", "SELECT * FROM ledger") == []
    assert store.edit("test", "puer", "SELECT version_num FROM alembic_version") == [("0001",)]
    with pytest.raises(psycopg.errors.UndefinedTable):
        store.edit("test", "puer", "SELECT * FROM kept")


_ONE_MORE_COLUMN = """import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None


def upgrade():
    op.add_column("ledger", sa.Column("later", sa.Text))
"""


@pytest.mark.parametrize("patience", [30.0, 0.0], ids=["lets others pass", "gives up"])
def test_a_migration_that_must_wait_for_a_table_does_not_hold_up_who_comes_after(
    stores: Stores, migrations: Path, guarded: Path, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    """Who waits for a table alone stands in front of everybody who comes later: it goes to the end of the queue."""
    monkeypatch.setattr(postgres_schema, "LOCK_MS", 50)
    monkeypatch.setattr(postgres_schema, "PATIENCE_SECONDS", patience)
    store = stores.new("postgresql", ("test", migrations))
    (guarded / "versions" / "0002_guarded.py").write_text(_ONE_MORE_COLUMN, encoding="utf-8")
    ended: list[BaseException | None] = []

    def migrate() -> None:
        try:
            prepare("test", store.settings, guarded)
        except DatabaseBusy as busy:
            ended.append(busy)
        else:
            ended.append(None)

    assert store.server is not None
    with store.server.connect(store.database) as reader, store.server.connect(store.database) as watch:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM test.ledger")
        migrating = threading.Thread(target=migrate)
        migrating.start()
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'test.ledger'::regclass"
        until = time.monotonic() + 20
        while not ended and not watch.execute(waits).fetchall()[0][0]:
            assert time.monotonic() < until
        # Behind it in the queue, and served all the same although the first reader goes on.
        watch.execute("SET statement_timeout TO '10s'")
        assert watch.execute("SELECT count(*) FROM test.ledger").fetchall() == [(0,)]
        if not patience:
            migrating.join(20)
        reader.execute("COMMIT")
        migrating.join(20)
    assert [type(one) for one in ended] == [DatabaseBusy if not patience else type(None)]
    assert store.edit("test", "puer", "SELECT version_num FROM alembic_version") == [("0002" if patience else "0001",)]
