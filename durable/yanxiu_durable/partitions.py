"""Tables with a partition for each district in PostgreSQL: a heap, indexes and statistics of its own.

A migration says which: `by_district(op, "ledger", "record")`. Every key of a table begins with the district, so all of
them hold as they did. The partition of a district is called `<table>@<district>`; it is made by a function of the owner
before the district is listed, since the services' role makes no tables. On SQLite a district is a file already.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from yanxiu_durable.postgres_seal import FUNCTION, MARK, POLICY
from yanxiu_durable.tables import DISTRICTS

MAKE_MINE = "yanxiu_make_my_partitions"
_MAKE = "yanxiu_make_partitions"

_FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION "{service}".{make}(of text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $make$
DECLARE
  one record;
  its text;
BEGIN
  FOR one IN SELECT c.oid, c.relname FROM pg_class c
    WHERE c.relkind = 'p' AND c.relnamespace = '"{service}"'::regnamespace ORDER BY c.relname
  LOOP
    its := format('"{service}".%I', one.relname || '{mark}' || of);
    CONTINUE WHEN to_regclass(its) IS NOT NULL;
    EXECUTE format('CREATE TABLE %s (LIKE "{service}".%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', its, one.relname);
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', its);
    EXECUTE format('CREATE POLICY {policy} ON %s USING (district = (SELECT "{service}".{mine}())) '
      'WITH CHECK (district = (SELECT "{service}".{mine}()))', its);
    IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = one.oid AND tgname = one.relname || '_refuses_truncate') THEN
      EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %s FOR EACH STATEMENT '
        'EXECUTE FUNCTION "{service}".yanxiu_refuses(%L)',
        one.relname || '_refuses_truncate', its, one.relname || ' is append-only');
    END IF;
    EXECUTE format('ALTER TABLE "{service}".%I ATTACH PARTITION %s FOR VALUES IN (%L)', one.relname, its, of);
  END LOOP;
END $make$
""",
    """
CREATE OR REPLACE FUNCTION "{service}".{make_mine}() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $mine$
DECLARE
  of text := "{service}".{mine}();
BEGIN
  IF of IS NULL OR of !~ '^[a-z][a-z0-9-]{{1,30}}$' THEN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'no pass of a district';
  END IF;
  PERFORM "{service}".{make}(of);
END $mine$
""",
)
_KEPT = sa.text(
    "SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) "
    "FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
    "WHERE k.conrelid = CAST(:name AS regclass) AND k.contype IN ('p', 'u') "
    "UNION ALL SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = CAST(:name AS regclass) "
    "AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid) "
    "UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t "
    "WHERE t.tgrelid = CAST(:name AS regclass) AND NOT t.tgisinternal"
)


def make_functions(connection: sa.Connection, service: str) -> None:
    """Make what makes partitions: for any district as the owner, and for the pass's own district as anybody."""
    for text in _FUNCTIONS:
        connection.exec_driver_sql(
            text.format(service=service, make=_MAKE, make_mine=MAKE_MINE, mine=FUNCTION, policy=POLICY, mark=MARK),
            execution_options={"no_parameters": True},
        )


def by_district(op: Any, *tables: str) -> None:
    """Give each district a partition of these tables, with the rows, keys, indexes and guards that are there.

    The rows are written anew, so a large table takes its time, and nobody writes meanwhile. PostgreSQL alone.
    """
    _anew(op, tables, " PARTITION BY LIST (district)")


def no_longer_by_district(op: Any, *tables: str) -> None:
    """Put all districts' rows into one table again, with its keys, indexes and guards."""
    _anew(op, tables, "")


def _anew(op: Any, tables: tuple[str, ...], divided: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for table in tables:
            _one_anew(connection, table, divided)


def _one_anew(connection: Any, table: str, divided: str) -> None:
    def run(statement: str) -> Any:
        return connection.exec_driver_sql(statement, execution_options={"no_parameters": True})

    service = run("SELECT current_schema()").scalar_one()
    kept = [text.replace(" ON ONLY ", " ON ") for text in connection.scalars(_KEPT, {"name": f'"{table}"'})]
    rows, listed = sa.table(table, sa.column("district")), sa.table(DISTRICTS.name, sa.column("district"))
    districts = set(connection.scalars(sa.union(sa.select(rows.c.district), sa.select(listed.c.district))))
    before = f"{table}{MARK}"
    run(f'ALTER TABLE "{table}" RENAME TO "{before}"')
    run(f'CREATE TABLE "{table}" (LIKE "{before}" INCLUDING DEFAULTS INCLUDING CONSTRAINTS){divided}')
    for district in sorted(districts) if divided else ():
        connection.execute(sa.text(f'SELECT "{service}".{_MAKE}(:of)'), {"of": district})
    run(f'INSERT INTO "{table}" TABLE "{before}"')
    # The names of its keys are free with it, and an index is quicker made of all rows than of one after the other.
    run(f'DROP TABLE "{before}" CASCADE')
    for statement in kept:
        run(statement)
        # Guards of rows are inherited, that on TRUNCATE is not.
        for district in districts if divided and " BEFORE TRUNCATE ON " in statement else ():
            run(statement.replace(f" ON {service}.{table} ", f' ON "{table}{MARK}{district}" '))


def is_partition(name: str) -> bool:
    """Whether a table's name is that of a district's partition."""
    return MARK in name
