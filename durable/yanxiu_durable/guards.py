"""Guards that migrations put on tables, in the words of SQLite or PostgreSQL: what the law of a table refuses to all.

    from alembic import op
    from yanxiu_durable.migrate import append_only

    append_only(op, "ledger", ("seq",), ("entry_id",), ("teacher", "activity", "kind", "generation"))

A table dropped takes its guards with it. On SQLite so does a `batch_alter_table` that copies the table: guard it anew.
"""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa

Change = Literal["INSERT", "UPDATE", "DELETE"]

# One function serves every guard of a service; it answers as a broken constraint would, so callers see IntegrityError.
_REFUSES = """
CREATE OR REPLACE FUNCTION yanxiu_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0];
END $$
"""

# What may be changed is named in the second argument, as an array of columns.
_REFUSES_BUT_ERASING = """
CREATE OR REPLACE FUNCTION yanxiu_refuses_but_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  open boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.erasing WHERE district = $1)', TG_TABLE_SCHEMA)
    INTO open USING OLD.district;
  IF open AND to_jsonb(NEW) - TG_ARGV[1]::text[] = to_jsonb(OLD) - TG_ARGV[1]::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0];
END $$
"""


def append_only(op: Any, table: str, *keys: tuple[str, ...], undeletable: str | None = None) -> None:
    """Refuse every UPDATE, every DELETE and every INSERT that would replace a row (IntegrityError, "append-only").

    `keys` are the table's primary key and unique constraints, each without its leading `district`: on SQLite
    INSERT OR REPLACE deletes the rows of the same key without asking the guard on DELETE. PostgreSQL knows no such
    statement (ON CONFLICT DO UPDATE is an UPDATE); there TRUNCATE is refused too. A key that misses its column's value
    (NULL) replaces nothing. With `undeletable` (SQL over OLD, no sub-query) only rows for which it holds refuse their
    DELETE: others have had their time.
    """
    if not keys:
        raise ValueError(f"{table}: name the keys that no INSERT may replace")
    says = f"{table} is append-only"
    refuse(op, table, "UPDATE", says=says)
    refuse(op, table, "DELETE", says=says, when=undeletable)
    if op.get_bind().dialect.name == "postgresql":
        _execute(
            op,
            f'CREATE TRIGGER "{table}_refuses_truncate" BEFORE TRUNCATE ON "{table}" '
            f"FOR EACH STATEMENT EXECUTE FUNCTION yanxiu_refuses('{_quoted(says)}')",
        )
        return
    # One look into its own index for each key: joined by OR they would read the whole table.
    there = " OR ".join(_one_with(table, key) for key in keys)
    refuse(op, table, "INSERT", says=says, name=f"{table}_refuses_replace", when=there)


def clearable(op: Any, table: str, *columns: str) -> None:
    """Let these columns alone of an append-only table be changed while the district has a row in the table `erasing`.

    Whoever erases a person puts that row there and takes it away in one transaction: outside of it nothing changes.
    """
    says, name = f"{table} is append-only", f"{table}_refuses_update"
    no_longer_refuse(op, table, name)
    if op.get_bind().dialect.name == "postgresql":
        _execute(op, _REFUSES_BUT_ERASING)
        _execute(
            op,
            f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" FOR EACH ROW '
            f"EXECUTE FUNCTION yanxiu_refuses_but_erasing('{_quoted(says)}', '{{{','.join(columns)}}}')",
        )
        return
    others = [one["name"] for one in sa.inspect(op.get_bind()).get_columns(table) if one["name"] not in columns]
    changed = " OR ".join(f'OLD."{one}" IS NOT NEW."{one}"' for one in others)
    idle = 'NOT EXISTS (SELECT 1 FROM "erasing" WHERE district = OLD.district)'
    refuse(op, table, "UPDATE", says=says, name=name, when=f"{idle} OR {changed}")


def no_longer_clearable(op: Any, table: str) -> None:
    """Refuse every change again."""
    no_longer_refuse(op, table, f"{table}_refuses_update")
    refuse(op, table, "UPDATE", says=f"{table} is append-only")


def refuse(op: Any, table: str, change: Change, *, says: str, name: str | None = None, when: str | None = None) -> None:
    """Refuse a change of any row, or of those for which `when` holds (SQL over NEW and OLD; PostgreSQL: no sub-query).

    `says` is what the IntegrityError tells; the guard is called `name`, else `<table>_refuses_<change>`.
    """
    name = name or f"{table}_refuses_{change.lower()}"
    if op.get_bind().dialect.name == "postgresql":
        _execute(op, _REFUSES)
        _execute(
            op,
            f'CREATE TRIGGER "{name}" BEFORE {change} ON "{table}" FOR EACH ROW '
            f"{f'WHEN ({when}) ' if when else ''}EXECUTE FUNCTION yanxiu_refuses('{_quoted(says)}')",
        )
    else:
        _execute(
            op,
            f'CREATE TRIGGER "{name}" BEFORE {change} ON "{table}" {f"WHEN {when} " if when else ""}'
            f"BEGIN SELECT RAISE(ABORT, '{_quoted(says)}'); END",
        )


def no_longer_refuse(op: Any, table: str, name: str) -> None:
    """Take one guard away."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    _execute(op, f'DROP TRIGGER "{name}" ON "{table}"' if postgresql else f'DROP TRIGGER "{name}"')


def no_longer_append_only(op: Any, table: str) -> None:
    """Take away what `append_only` put there."""
    last = "truncate" if op.get_bind().dialect.name == "postgresql" else "replace"
    for change in ("update", "delete", last):
        no_longer_refuse(op, table, f"{table}_refuses_{change}")


def _one_with(table: str, key: tuple[str, ...]) -> str:
    same = " AND ".join(f'"{column}" = NEW."{column}"' for column in ("district", *key))
    return f'EXISTS (SELECT 1 FROM "{table}" WHERE {same})'  # noqa: S608 - names from a migration


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _execute(op: Any, statement: str) -> None:
    # As it stands: a colon or a per cent sign in it is no parameter.
    op.get_bind().exec_driver_sql(statement, execution_options={"no_parameters": True})
