"""A service's schema in PostgreSQL: made and migrated under a lock, sealed by district; and what the server must be."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from yanxiu_durable.district_pass import Passes
from yanxiu_durable.errors import DatabaseBusy, DatabaseExposed, DatabaseNotMigrated, DatabaseUnsafe
from yanxiu_durable.migrate import revisions, upgrade_on
from yanxiu_durable.nameless_errors import tell_no_values
from yanxiu_durable.partitions import make_functions
from yanxiu_durable.postgres_catalogue import flaws
from yanxiu_durable.postgres_rights import grant, make_role
from yanxiu_durable.postgres_seal import VERSIONS, make_check, open_to_owner, seal
from yanxiu_durable.settings import DatabaseSettings
from yanxiu_durable.tables import DISTRICTS

# Never a standby, as a switch to another server may show for a moment: a session that reads there would stay, behind
# what was acknowledged. Of several hosts in a URL the primary is found.
PRIMARY = {"target_session_attrs": "primary"}
# Who waits for a table's exclusive lock keeps everybody else from it: a migration waits no longer than this, lets
# those in the queue pass, and begins anew, for so long.
LOCK_MS = 1000
PATIENCE_SECONDS = 120.0
_QUEUE_SECONDS = 0.3
_NO_LOCK = "55P03"
_FACTS = sa.text(
    "SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes, "
    "current_setting('synchronous_commit') AS synchronous_commit, current_setting('server_encoding') AS encoding, "
    "current_setting('data_checksums') AS data_checksums"
)
_BY_CODE_POINT = sa.text("SELECT 'B' < 'a' AND 'z' < 'é' AND '一' < '丁' AND '丁' < '七' AND '龥' < '가'")
# A member of a role may become it: what that one may, this one may.
_ROLE = sa.text(
    "SELECT bool_or(r.rolsuper OR r.rolbypassrls) AS sees_all, bool_or(r.rolcreaterole) AS makes_roles, "
    "bool_or(EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = :service AND n.nspowner = r.oid) "
    "OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    " WHERE n.nspname = :service AND c.relowner = r.oid) "
    "OR EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND datdba = r.oid)) AS owns "
    "FROM pg_roles r WHERE pg_has_role(CAST(:role AS name), r.oid, 'MEMBER')"
)


def insist_server(connection: sa.Connection, *, may_lose_data: bool) -> None:
    """Raise `DatabaseUnsafe` unless the server keeps what it commits to this role, and orders texts as it must."""
    found = connection.execute(_FACTS).mappings().one()
    if not may_lose_data:
        for setting in ("fsync", "full_page_writes", "data_checksums"):
            _must(found, setting, "on")
    if found["synchronous_commit"] in {"off", "local"}:
        # Who waits for his own disk alone would not wait for a standby's either, where there is one.
        raise DatabaseUnsafe("synchronous_commit", found["synchronous_commit"], "on")
    _must(found, "encoding", "UTF8")
    if not connection.scalar(_BY_CODE_POINT):
        # Pages of lists go on from a text: everybody must agree which text comes after which.
        raise DatabaseUnsafe("collation", "another order of texts", "C.UTF-8")


def insist_role(connection: sa.Connection, service: str, role: str) -> None:
    """Raise `DatabaseUnsafe` unless services may have this role: it sees one district at a time and owns nothing."""
    found = connection.execute(_ROLE, {"service": service, "role": role}).mappings().one()
    if found["sees_all"]:
        raise DatabaseUnsafe("role", "SUPERUSER or BYPASSRLS", "NOSUPERUSER NOBYPASSRLS")
    if found["owns"] or found["makes_roles"]:
        raise DatabaseUnsafe(
            "role",
            "an owner of the tables, or one that makes roles",
            "a role of its own that owns nothing (YANXIU_DATABASE_URL; the owner's is YANXIU_DATABASE_OWNER_URL)",
        )


def prepare(service: str, settings: DatabaseSettings, migrations: Path) -> None:
    """Bring the service's schema to the newest migration, as the owner: tables, seal, roles and rights.

    Blocks: run it in a thread. Raises `DatabaseUnsafe` when the server or the services' role is not as it must be, and
    when there is no such role and the owner may not make it; `DatabaseBusy` when others leave no room for it.
    """
    url = settings.database_owner_url
    with _engine(url) as plain, plain.connect() as lock:
        # Processes start at the same time; the lock is this session's and ends with it.
        lock.exec_driver_sql(f"SELECT pg_advisory_lock(hashtextextended('yanxiu migrates {service}', 0))")
        insist_server(lock, may_lose_data=settings.database_may_lose_data)
        enters = sa.make_url(settings.database_url)
        make_role(lock, enters)
        insist_role(lock, service, str(enters.username))
        if not sa.inspect(lock).has_schema(service):
            lock.execute(sa.schema.CreateSchema(service))
        lock.commit()
        with schema_engine(url, service) as engine:
            _between_others(service, lambda: _bring(engine, service, settings, migrations))


def _bring(engine: sa.Engine, service: str, settings: DatabaseSettings, migrations: Path) -> None:
    """Do each step entirely or not at all; all of them may be done again."""
    with engine.begin() as connection:
        _wait_little(connection)
        DISTRICTS.create(connection, checkfirst=True)
        make_check(connection, service, Passes(service, settings.database_pass_key).pads())
        make_functions(connection, service)

    def begins(connection: sa.Connection) -> None:
        _wait_little(connection)
        open_to_owner(connection, service)

    upgrade_on(engine, migrations, begins=begins, ends=lambda connection: seal(connection, service))
    with engine.begin() as connection:
        _wait_little(connection)
        seal(connection, service)
        grant(connection, service, str(sa.make_url(settings.database_url).username))


def _wait_little(connection: sa.Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout TO {LOCK_MS}")


def _between_others(service: str, work: Callable[[], None]) -> None:
    """Do it as soon as others leave room for its locks; `DatabaseBusy` when they do not within the patience."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return work()
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != _NO_LOCK:
                raise
            if time.monotonic() > until:
                raise DatabaseBusy(service, PATIENCE_SECONDS) from error
        time.sleep(_QUEUE_SECONDS)  # those who stood behind it pass


def must_be_current(connection: sa.Connection, service: str, migrations: Path) -> None:
    """Raise `DatabaseNotMigrated` where this version's migrations are not all there; a newer schema is no reason.

    While a deployment is brought to a newer version, processes of this one still start, on what was migrated for it.
    """
    there = sa.table(VERSIONS, sa.column("version_num"), schema=service)
    made = connection.scalar(sa.select(sa.func.to_regclass(f'"{service}".{VERSIONS}')))
    found = connection.scalar(sa.select(there.c.version_num)) if made else None
    known = revisions(migrations)
    if found is None or (found in known and found != known[0]):
        raise DatabaseNotMigrated(service, found, known[0])


def must_be_sealed(connection: sa.Connection, service: str, role: str) -> None:
    """Raise `DatabaseExposed` unless all that is in the schema is kept apart by district from this role."""
    found = flaws(connection, service, role)
    if found:
        raise DatabaseExposed(service, found)


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
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool, hide_parameters=True, connect_args=PRIMARY)
    tell_no_values(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def _must(found: Any, setting: str, wanted: str) -> None:
    if found[setting] != wanted:
        raise DatabaseUnsafe(setting, found[setting], wanted)
