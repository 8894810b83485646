"""Migrations of a service's databases with Alembic: one history, for every district's file and for PostgreSQL.

A service keeps `migrations/env.py` and `migrations/versions/`. Its `env.py` is:

    \"\"\"Alembic's entry: the tables of this service.\"\"\"
    from yanxiu_durable.migrate import run_env
    from yanxiu_registry.tables import METADATA
    run_env(METADATA)

with `METADATA = new_metadata()` from `yanxiu_durable.tables`, so that every constraint has a name by which a later
migration can change it. The difference between the tables and the existing migrations is drafted as a new one by

    python -m yanxiu_durable yanxiu_registry.tables:METADATA path/to/migrations "what changes"

and read before it is committed. A test calls `differences(METADATA, migrations)` and expects none.
"""

from __future__ import annotations

import functools
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import autogenerate, command, context
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from yanxiu_durable.errors import DatabaseBusy
from yanxiu_durable.guards import (
    append_only,
    clearable,
    no_longer_append_only,
    no_longer_clearable,
    no_longer_refuse,
    refuse,
)
from yanxiu_durable.partitions import by_district, is_partition, no_longer_by_district
from yanxiu_durable.postgres_seal import KEYS
from yanxiu_durable.sqlite import LOOKING, MIGRATION_BUSY_MS, foreign_keys_hold, is_locked, open_for_migration
from yanxiu_durable.tables import DISTRICTS

__all__ = [
    "append_only",
    "by_district",
    "clearable",
    "differences",
    "differences_on",
    "draft",
    "no_longer_append_only",
    "no_longer_by_district",
    "no_longer_clearable",
    "no_longer_refuse",
    "outdated",
    "refuse",
    "revisions",
    "run_env",
    "upgrade",
    "upgrade_on",
]

# Alembic's `context` is one object for the whole process: two upgrades in two threads would see each other's.
_ONE_AT_A_TIME = threading.Lock()
_ENGINE, _BEGINS, _ENDS = "engine", "begins", "ends"
Step = Callable[[sa.Connection], None]


def upgrade(path: Path, migrations: Path) -> None:
    """Bring the database file to the newest migration; a current one is only looked at. Blocks: run it in a thread.

    Looking waits for no writer. Raises `DatabaseBusy` when another process leaves no room for a migration.
    """
    engine = open_for_migration(path)
    try:
        upgrade_on(engine, migrations, ends=foreign_keys_hold)
    except OperationalError as error:
        if is_locked(error):
            raise DatabaseBusy(path, MIGRATION_BUSY_MS / 1000) from error
        raise
    finally:
        engine.dispose()


def upgrade_on(engine: sa.Engine, migrations: Path, *, begins: Step | None = None, ends: Step | None = None) -> None:
    """Bring the database of the engine to the newest migration; `begins` and `ends` are in the same transaction.

    One that a newer version has migrated is left as it is: during a rollout processes of both versions start on it.
    """
    config = _config(migrations)
    if _outdated(engine, migrations):
        config.attributes.update({_ENGINE: engine, _BEGINS: begins, _ENDS: ends})
        with _ONE_AT_A_TIME:
            command.upgrade(config, "head")


def outdated(path: Path, migrations: Path) -> bool:
    """Whether `upgrade` would change this database file, which need not exist. Blocks, but waits for no writer."""
    if not path.exists():
        return True
    engine = open_for_migration(path)
    try:
        return _outdated(engine, migrations)
    finally:
        engine.dispose()


def _outdated(engine: sa.Engine, migrations: Path) -> bool:
    found, known = _current(engine), revisions(migrations)
    return found is None or (found in known and found != known[0])


def revisions(migrations: Path) -> tuple[str, ...]:
    """The revisions that these migrations know, the newest first; read once in a process, for they are many files."""
    return _revisions(migrations, tuple(sorted(path.name for path in (migrations / "versions").glob("*.py"))))


@functools.cache
def _revisions(migrations: Path, _files: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one.revision for one in ScriptDirectory.from_config(_config(migrations)).walk_revisions())


def run_env(metadata: sa.MetaData) -> None:
    """What a service's `env.py` does: run the migrations on the engine that was given, in one transaction."""
    given = context.config.attributes
    engine: sa.Engine = given[_ENGINE]
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            # Every migration entirely or not at all, also where several run at once.
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            if given[_BEGINS] is not None:
                given[_BEGINS](connection)
            context.run_migrations()
            if given[_ENDS] is not None:
                given[_ENDS](connection)
        connection.commit()


def differences(metadata: sa.MetaData, migrations: Path) -> list[Any]:
    """What the migrations, run on an empty SQLite file, leave different from the tables; empty when they agree."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "check.db"
        upgrade(path, migrations)
        engine = open_for_migration(path)
        try:
            return differences_on(engine, metadata)
        finally:
            engine.dispose()


def differences_on(engine: sa.Engine, metadata: sa.MetaData) -> list[Any]:
    """What a migrated database has different from the tables; empty when they agree."""
    with engine.connect() as connection:
        return autogenerate.compare_metadata(_comparing(connection), metadata)


def draft(metadata: sa.MetaData, migrations: Path, message: str) -> Path:
    """Write a new migration from the difference between tables and migrations; returns its file."""
    (migrations / "versions").mkdir(parents=True, exist_ok=True)
    script = ScriptDirectory.from_config(_config(migrations))
    head = script.get_current_head()
    number = len(list(script.walk_revisions())) + 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draft.db"
        if head is not None:
            upgrade(path, migrations)
        engine = open_for_migration(path)
        try:
            with engine.connect() as connection:
                made = autogenerate.produce_migrations(_comparing(connection), metadata)
        finally:
            engine.dispose()
    revision = f"{number:04d}"
    target = migrations / "versions" / f"{revision}_{message.lower().replace(' ', '_')}.py"
    target.write_text(_module(made, message, revision, head), encoding="utf-8")
    return target


def _module(made: Any, message: str, revision: str, head: str | None) -> str:
    ups, downs = (
        _without_remarks(autogenerate.render_python_code(part, render_as_batch=True)) if not part.is_empty() else "pass"
        for part in (made.upgrade_ops, made.downgrade_ops)
    )
    before = f'"{head}"' if head else None
    return (
        f'"""{message}."""\n\n'
        "import sqlalchemy as sa\nfrom alembic import op\n\n"
        f'revision = "{revision}"\ndown_revision = {before}\n'
        "branch_labels = None\ndepends_on = None\n\n\n"
        f"def upgrade() -> None:\n    {ups}\n\n\ndef downgrade() -> None:\n    {downs}\n"
    )


def _without_remarks(code: str) -> str:
    return "\n".join(line for line in code.splitlines() if not line.lstrip().startswith("# ###")).strip()


def _comparing(connection: sa.Connection) -> MigrationContext:
    opts = {"compare_type": True, "compare_server_default": True, "include_name": _is_a_services}
    return MigrationContext.configure(connection, opts=opts)


def _is_a_services(name: str | None, kind: str, _parents: Any) -> bool:
    """Not what this package keeps for itself, nor a district's part of a table."""
    return kind != "table" or not (name in {DISTRICTS.name, KEYS} or is_partition(str(name)))


def _current(engine: sa.Engine) -> str | None:
    with engine.connect().execution_options(**LOOKING) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config(migrations: Path) -> Config:
    # No ini file: nothing configures logging, nothing is printed.
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
