"""Who may do what in a service's schema: the owner migrates; the services' role does what it needs, and no more.

What a table's guards refuse to all (`yanxiu_durable.guards`) is not granted to the services' role either; where they
let some columns be changed while a person is erased, those alone may be updated.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from yanxiu_durable.errors import DatabaseUnsafe
from yanxiu_durable.partitions import MAKE_MINE, is_partition
from yanxiu_durable.postgres_seal import FUNCTION, KEYS, VERSIONS
from yanxiu_durable.tables import DISTRICTS

# The arguments of the guard that lets columns be changed, as pg_trigger has them: each ends with a zero.
CLEARABLE = (
    "(SELECT t.tgargs FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
    " WHERE t.tgrelid = c.oid AND p.proname = 'yanxiu_refuses_but_erasing') AS clearable"
)
# A guard without a condition refuses the change to every row: bits of pg_trigger.tgtype.
_RIGHTS = sa.text(
    "SELECT c.relname, c.oid::regclass::text AS name, "  # noqa: S608 - made of this module's own words
    "(SELECT coalesce(bit_or(t.tgtype), 0) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
    " WHERE t.tgrelid = c.oid AND p.proname = 'yanxiu_refuses' AND t.tgqual IS NULL) AS refused, "
    f"{CLEARABLE}, "
    "ARRAY(SELECT a.privilege_type FROM aclexplode(c.relacl) a "
    " WHERE a.grantee = CAST(:role AS regrole)) AS given, "
    "ARRAY(SELECT t.attname || ' ' || a.privilege_type FROM pg_attribute t, aclexplode(t.attacl) a "
    " WHERE t.attrelid = c.oid AND a.grantee = CAST(:role AS regrole)) AS given_of_columns, "
    "EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = 0) AS given_to_all "
    "FROM pg_class c WHERE c.relnamespace = CAST(:service AS regnamespace) AND c.relkind IN ('r', 'p') ORDER BY 1"
)
_REFUSES_DELETE, _REFUSES_UPDATE = 8, 16


def clearable_columns(arguments: bytes | None) -> frozenset[str]:
    """The columns that the guard of these arguments lets be changed; none where the table has no such guard."""
    if arguments is None:
        return frozenset()
    return frozenset(bytes(arguments).split(b"\0")[1].decode().strip("{}").split(","))


def granted(table: str, refused: int, clearable: Collection[str] = ()) -> set[str]:
    """What the services' role may do with a table whose guards refuse these changes (bits of tgtype) to all.

    Of columns that are `clearable` it may do more: update them.
    """
    if table == KEYS or is_partition(table):
        # The rights on the whole table are asked for, and its policies.
        return set()
    if table == VERSIONS:
        return {"SELECT"}
    rights = {"SELECT", "INSERT"}
    if table != DISTRICTS.name:
        rights |= set() if refused & _REFUSES_UPDATE or clearable else {"UPDATE"}
        rights |= set() if refused & _REFUSES_DELETE else {"DELETE"}
    return rights


def make_role(connection: sa.Connection, url: sa.URL) -> None:
    """Make the services' role where it is missing and the owner may make roles; else say what to do."""
    name = url.username or ""
    _alone(connection)
    if connection.scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}):
        return
    quoted = connection.dialect.identifier_preparer.quote_identifier(name)
    may = connection.scalar(sa.text("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user"))
    if not may:
        raise DatabaseUnsafe("role", f"no role {name}", f"CREATE ROLE {quoted} LOGIN PASSWORD '…'")
    # Made, never changed: that role's password is the operator's.
    connection.exec_driver_sql(
        f"CREATE ROLE {quoted} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION"
        f"{_password(connection, name, url)}",
        execution_options={"no_parameters": True},
    )


def grant(connection: sa.Connection, service: str, role: str) -> None:
    """Give the services' role exactly what it needs in the schema, and take everything else."""
    to = connection.dialect.identifier_preparer.quote_identifier(role)
    _alone(connection)
    connection.exec_driver_sql(f'REVOKE CREATE ON SCHEMA "{service}" FROM PUBLIC, {to}')
    connection.exec_driver_sql(f'GRANT USAGE ON SCHEMA "{service}" TO {to}')
    connection.exec_driver_sql(f'REVOKE ALL ON ALL FUNCTIONS IN SCHEMA "{service}" FROM PUBLIC')
    for function in (FUNCTION, MAKE_MINE):
        connection.exec_driver_sql(f'GRANT EXECUTE ON FUNCTION "{service}".{function}() TO {to}')
    for table in connection.execute(_RIGHTS, {"service": f'"{service}"', "role": to}).mappings():
        _grant_table(connection, table, to)
    _close_database(connection)


def _grant_table(connection: sa.Connection, table: Any, to: str) -> None:
    columns = clearable_columns(table["clearable"])
    wanted, given = granted(table["relname"], table["refused"], columns), set(table["given"])
    if table["given_to_all"]:
        connection.exec_driver_sql(f"REVOKE ALL ON {table['name']} FROM PUBLIC")
    if given - wanted:
        connection.exec_driver_sql(f"REVOKE {', '.join(sorted(given - wanted))} ON {table['name']} FROM {to}")
    if wanted - given:
        connection.exec_driver_sql(f"GRANT {', '.join(sorted(wanted - given))} ON {table['name']} TO {to}")
    _grant_columns(connection, table, columns, to)


def _grant_columns(connection: sa.Connection, table: Any, columns: Collection[str], to: str) -> None:
    # Taken from a whole table a right is taken from its columns too: so this comes after it, and asks anew.
    wanted, given = {f"{one} UPDATE" for one in columns}, set(table["given_of_columns"])
    if given - wanted:
        for one in sorted(given - wanted):
            column, _, right = one.rpartition(" ")
            connection.exec_driver_sql(f'REVOKE {right} ("{column}") ON {table["name"]} FROM {to}')
    if columns and (wanted - given or "UPDATE" in table["given"]):
        named = ", ".join(f'"{one}"' for one in sorted(columns))
        connection.exec_driver_sql(f"GRANT UPDATE ({named}) ON {table['name']} TO {to}")


def _alone(connection: sa.Connection) -> None:
    """Until the transaction ends: rights of roles and of the database are one row each for all services."""
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended('yanxiu sets rights', 0))")


def _close_database(connection: sa.Connection) -> None:
    """Temporary tables could stand before those of the service in a session that others use afterwards."""
    open_to_all = connection.scalar(
        sa.text(
            "SELECT pg_has_role(datdba, 'USAGE') AND EXISTS (SELECT FROM "
            "aclexplode(coalesce(datacl, acldefault('d', datdba))) a "
            "WHERE a.grantee = 0 AND a.privilege_type <> 'CONNECT') "
            "FROM pg_database WHERE datname = current_database()"
        )
    )
    if open_to_all:
        name = connection.dialect.identifier_preparer.quote_identifier(str(connection.engine.url.database))
        connection.exec_driver_sql(f"REVOKE TEMPORARY, CREATE ON DATABASE {name} FROM PUBLIC")


def _password(connection: sa.Connection, name: str, url: sa.URL) -> str:
    """The password's verifier: the password itself would stand in the server's log."""
    if not url.password:
        return ""
    driver: Any = connection.connection.driver_connection
    verifier = driver.pgconn.encrypt_password(str(url.password).encode(), name.encode(), b"scram-sha-256").decode()
    return f" PASSWORD '{verifier}'"
