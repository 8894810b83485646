"""The seal of a service's schema: each row is seen and written only by transactions with a pass for its district.

Three things make it: the table `yanxiu_pass_key`, which only the owner reads; the function `yanxiu_my_district`, which
runs as the owner and tells for which district the transaction's pass is good (NULL without one, or with one that was
not signed); and on every table row-level security, forced on the owner too, that asks it once in each statement.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from yanxiu_durable.district_pass import Pads
from yanxiu_durable.tables import DISTRICTS

# No id of a district: a pass for it shows the list of districts and the events that wait, and nothing else.
EVERY_DISTRICT = "*"
# Where transactions put their pass.
SETTING = "yanxiu.district"
FUNCTION = "yanxiu_my_district"
KEYS = "yanxiu_pass_key"
VERSIONS = "alembic_version"
# Between the names of a table and of the district whose partition it is; no other table of ours has it.
MARK = "@"
POLICY = "signed_district"
# What is no table of districts' rows: Alembic's revision, the keys, and the list of districts with its own policy.
NO_DISTRICTS_ROWS = (VERSIONS, KEYS, DISTRICTS.name)
_POLICY_BEFORE = "of_its_district"
_RELAY_BEFORE = "of_the_relay"
# invalid_authorization_specification: of the moment, as other sessions are not.
PASS_ENDED = "28000"  # noqa: S105 - the code of an error
# A key is replaced while processes still sign with the one before.
_KEPT_KEYS = 2

_CHECK = """
CREATE OR REPLACE FUNCTION "{service}".{function}() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $check$
DECLARE
  pass text := current_setting('{setting}', true);
  part text[];
  said bytea;
BEGIN
  IF pass IS NULL OR pass = '' THEN
    RETURN NULL;
  END IF;
  part := string_to_array(pass, ':');
  said := convert_to(concat_ws(':', '{service}', part[1], part[2], part[3]), 'UTF8');
  PERFORM FROM "{service}".{keys} WHERE part[4] = encode(sha256(outer_pad || sha256(inner_pad || said)), 'hex');
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF part[2] <> pg_backend_pid()::text THEN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
      MESSAGE = 'the pass is of another session (a pooler must keep a session to one connection: pool_mode=session)';
  END IF;
  IF part[3]::bigint < extract(epoch FROM now()) THEN
    RAISE EXCEPTION USING ERRCODE = '{ended}',
      MESSAGE = 'the pass had ended when the transaction began (did the clock of the server jump?)';
  END IF;
  RETURN part[1];
END $check$
"""
# Tables of districts' rows and how they are kept apart now.
_TABLES = sa.text(
    "SELECT c.oid::regclass::text AS name, c.relname, c.relrowsecurity, c.relforcerowsecurity, "
    "ARRAY(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid) AS policies "
    "FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = CAST(:service AS regnamespace) "
    "AND c.relname <> ALL (:others) ORDER BY 2"
)


def my_district(service: str) -> str:
    """The district of the transaction's pass, in SQL: asked once in a statement, not for each row."""
    return f'(SELECT "{service}".{FUNCTION}())'


def make_check(connection: sa.Connection, service: str, pads: Pads) -> None:
    """Make the keys' table and the function, and put the key that processes sign with now among those that hold."""
    connection.exec_driver_sql(
        f'CREATE TABLE IF NOT EXISTS "{service}".{KEYS} (name text PRIMARY KEY, inner_pad bytea NOT NULL, '
        "outer_pad bytea NOT NULL, since timestamptz NOT NULL)"
    )
    # Without a policy: whoever is not the owner would see no row, were the table ever granted by mistake.
    connection.exec_driver_sql(f'ALTER TABLE "{service}".{KEYS} ENABLE ROW LEVEL SECURITY')
    keys = sa.table(KEYS, *map(sa.column, ("name", "inner_pad", "outer_pad", "since")), schema=service)
    given = insert(keys).values(name=pads.name, inner_pad=pads.inner, outer_pad=pads.outer, since=sa.func.now())
    connection.execute(given.on_conflict_do_update(index_elements=["name"], set_={"since": sa.func.now()}))
    newest = sa.select(keys.c.name).order_by(keys.c.since.desc()).limit(_KEPT_KEYS)
    connection.execute(sa.delete(keys).where(keys.c.name.not_in(newest)))
    connection.exec_driver_sql(
        _CHECK.format(service=service, function=FUNCTION, setting=SETTING, keys=KEYS, ended=PASS_ENDED),
        execution_options={"no_parameters": True},
    )


def open_to_owner(connection: sa.Connection, service: str) -> None:
    """Let a migration see every row: to the owner of a sealed table an UPDATE would change none, without a word."""
    for table in _tables(connection, service, but=(VERSIONS, KEYS)):
        if table["relforcerowsecurity"]:
            connection.exec_driver_sql(f"ALTER TABLE {table['name']} NO FORCE ROW LEVEL SECURITY")


def seal(connection: sa.Connection, service: str) -> None:
    """Keep the rows of each district to transactions with a pass for it, whoever asks. Nothing to do where it is so."""
    for table in _tables(connection, service):
        if POLICY not in table["policies"]:
            _set_policies(connection, service, table)
        _switch_on(connection, table)
    _seal_list(connection, service)


def _set_policies(connection: sa.Connection, service: str, table: Any) -> None:
    name, mine = table["name"], my_district(service)
    for before in {_POLICY_BEFORE, _RELAY_BEFORE} & set(table["policies"]):
        connection.exec_driver_sql(f"DROP POLICY {before} ON {name}")
    connection.exec_driver_sql(
        f"CREATE POLICY {POLICY} ON {name} USING (district = {mine}) WITH CHECK (district = {mine})"
    )
    if table["relname"] == "outbox":
        connection.exec_driver_sql(
            f"CREATE POLICY signed_relay ON {name} FOR SELECT USING ({mine} = '{EVERY_DISTRICT}')"
        )


def _seal_list(connection: sa.Connection, service: str) -> None:
    """The list of districts is for those who have every district's pass."""
    mine = my_district(service)
    tables = _tables(connection, service, but=(VERSIONS, KEYS))
    listed = next(one for one in tables if one["relname"] == DISTRICTS.name)
    if POLICY not in listed["policies"]:
        whole = f"{mine} = '{EVERY_DISTRICT}'"
        connection.exec_driver_sql(f"CREATE POLICY {POLICY} ON {listed['name']} USING ({whole}) WITH CHECK ({whole})")
    _switch_on(connection, listed)


def _switch_on(connection: sa.Connection, table: Any) -> None:
    for wanted, there in (("ENABLE", table["relrowsecurity"]), ("FORCE", table["relforcerowsecurity"])):
        if not there:
            connection.exec_driver_sql(f"ALTER TABLE {table['name']} {wanted} ROW LEVEL SECURITY")


def _tables(connection: sa.Connection, service: str, but: tuple[str, ...] = NO_DISTRICTS_ROWS) -> list[Any]:
    given = {"service": f'"{service}"', "others": list(but)}
    return list(connection.execute(_TABLES, given).mappings())
