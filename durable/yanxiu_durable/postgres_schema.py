"""A service's schema in PostgreSQL: made and migrated under a lock, sealed by district; and what the server must be."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from yanxiu_durable.errors import DatabaseUnsafe
from yanxiu_durable.migrate import upgrade_on
from yanxiu_durable.settings import DatabaseSettings
from yanxiu_durable.tables import DISTRICTS

# No id of a district: who sets it sees the list of districts and the events that wait, and nothing else.
EVERY_DISTRICT = "*"

_FACTS = sa.text(
    "SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes, "
    "current_setting('synchronous_commit') AS synchronous_commit, current_setting('server_encoding') AS encoding, "
    "rolsuper OR rolbypassrls AS sees_all FROM pg_roles WHERE rolname = current_user"
)
_BY_CODE_POINT = sa.text("SELECT 'B' < 'a' AND 'z' < 'é' AND '一' < '丁' AND '丁' < '七' AND '龥' < '가'")
_MINE = "current_setting('yanxiu.district', true)"
# Tables of the schema with the column `district`, and whether their rows are kept apart already.
_TABLES = sa.text(
    "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c "
    "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'district' AND NOT a.attisdropped "
    "WHERE c.relkind = 'r' AND c.relnamespace = CAST(:service AS regnamespace) AND c.relname <> :own ORDER BY 1"
)


def insist(connection: sa.Connection, *, may_lose_data: bool) -> None:
    """Raise `DatabaseUnsafe` unless the server keeps what it commits and this role sees one district at a time."""
    found = connection.execute(_FACTS).mappings().one()
    if not may_lose_data:
        _must(found, "fsync", "on")
        _must(found, "full_page_writes", "on")
    if found["synchronous_commit"] == "off":
        raise DatabaseUnsafe("synchronous_commit", "off", "on")
    _must(found, "encoding", "UTF8")
    if not connection.scalar(_BY_CODE_POINT):
        # Pages of lists go on from a text: everybody must agree which text comes after which.
        raise DatabaseUnsafe("collation", "another order of texts", "C.UTF-8")
    if found["sees_all"]:
        raise DatabaseUnsafe("role", "SUPERUSER or BYPASSRLS", "NOSUPERUSER NOBYPASSRLS")


def prepare(service: str, settings: DatabaseSettings, migrations: Path) -> None:
    """Make the service's schema and bring it to the newest migration. Blocks: run it in a thread."""
    url = settings.database_owner_url or settings.database_url
    with _engine(url) as plain, plain.connect() as lock:
        # Processes start at the same time; the lock is this session's and ends with it.
        lock.exec_driver_sql(f"SELECT pg_advisory_lock(hashtextextended('yanxiu migrates {service}', 0))")
        if not sa.inspect(lock).has_schema(service):
            lock.execute(sa.schema.CreateSchema(service))
        lock.commit()
        with schema_engine(url, service) as engine:
            with engine.begin() as connection:
                DISTRICTS.create(connection, checkfirst=True)
            upgrade_on(
                engine,
                migrations,
                begins=lambda connection: _open_to_owner(connection, service),
                ends=lambda connection: _seal(connection, service),
            )
            with engine.begin() as connection:
                _seal(connection, service)
                _grant(connection, service, sa.make_url(settings.database_url).username)


@contextlib.contextmanager
def schema_engine(url: str, service: str) -> Iterator[sa.Engine]:
    """A plain engine in the service's schema, for what does not speak asyncio."""
    with _engine(url) as engine:

        @event.listens_for(engine, "connect", insert=True)
        def _connect(connection: Any, _record: Any) -> None:
            with connection.cursor() as cursor:
                cursor.execute(f'SET search_path TO "{service}"')
            connection.commit()

        yield engine


@contextlib.contextmanager
def _engine(url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    try:
        yield engine
    finally:
        engine.dispose()


def _must(found: Any, setting: str, wanted: str) -> None:
    if found[setting] != wanted:
        raise DatabaseUnsafe(setting, found[setting], wanted)


def _open_to_owner(connection: sa.Connection, service: str) -> None:
    """Let a migration see every row: to the owner of a sealed table an UPDATE would change none, without a word."""
    for table in _tables(connection, service):
        if table["relforcerowsecurity"]:
            connection.exec_driver_sql(f'ALTER TABLE "{table["relname"]}" NO FORCE ROW LEVEL SECURITY')


def _seal(connection: sa.Connection, service: str) -> None:
    """Keep the rows of each district to transactions of this district, whoever asks."""
    for table in _tables(connection, service):
        name = table["relname"]
        if not table["relrowsecurity"]:
            connection.exec_driver_sql(f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY')
            connection.exec_driver_sql(f'CREATE POLICY of_its_district ON "{name}" USING (district = {_MINE})')
            if name == "outbox":
                connection.exec_driver_sql(
                    f"CREATE POLICY of_the_relay ON outbox FOR SELECT USING ({_MINE} = '{EVERY_DISTRICT}')"
                )
        if not table["relforcerowsecurity"]:
            connection.exec_driver_sql(f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY')


def _grant(connection: sa.Connection, service: str, role: str | None) -> None:
    """What the service's role needs where another one owns the tables; never to change them."""
    if role is None or role == connection.exec_driver_sql("SELECT current_user").scalar_one():
        return
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    connection.exec_driver_sql(f'GRANT USAGE ON SCHEMA "{service}" TO {quoted}')
    connection.exec_driver_sql(f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{service}" TO {quoted}')


def _tables(connection: sa.Connection, service: str) -> list[Any]:
    return list(connection.execute(_TABLES, {"service": f'"{service}"', "own": DISTRICTS.name}).mappings())
