"""What the catalogue of PostgreSQL tells: whether anything in a service's schema is not kept apart by district.

Asked at every start of a service, and by a test that plants each of the defects: a table, view, function, sequence,
key or right that a migration forgot to protect ends the start, with a sentence for each.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from yanxiu_durable.postgres_rights import CLEARABLE, clearable_columns, granted
from yanxiu_durable.postgres_seal import FUNCTION, KEYS, VERSIONS
from yanxiu_durable.tables import DISTRICTS

_RELATIONS = sa.text(
    "SELECT c.oid, c.relname, c.relkind::text AS kind, "  # noqa: S608 - made of this package's own words
    "c.relrowsecurity AS sealed, c.relforcerowsecurity AS forced, "
    "coalesce('security_invoker=true' = ANY (c.reloptions) OR 'security_invoker=on' = ANY (c.reloptions), false) "
    "AS as_invoker, "
    "EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'district' "
    " AND a.attnotnull AND NOT a.attisdropped) AS by_district, "
    "(SELECT coalesce(bit_or(t.tgtype), 0) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
    " WHERE t.tgrelid = c.oid AND p.proname = 'yanxiu_refuses' AND t.tgqual IS NULL) AS refused, "
    "ARRAY(SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END || ' ' "
    " || a.privilege_type FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner ORDER BY 1) AS rights, "
    f"{CLEARABLE}, "
    "ARRAY(SELECT DISTINCT pg_get_userbyid(a.grantee) || ' ' || a.privilege_type || ' ' || t.attname "
    " FROM pg_attribute t, aclexplode(t.attacl) a "
    " WHERE t.attrelid = c.oid AND a.grantee <> c.relowner) AS column_rights "
    "FROM pg_class c WHERE c.relnamespace = CAST(:service AS regnamespace) "
    "AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') ORDER BY 2"
)
_POLICIES = sa.text(
    "SELECT c.relname, p.polname, p.polcmd::text AS command, p.polpermissive AS adds, "
    "coalesce(pg_get_expr(p.polqual, p.polrelid), '') AS sees, "
    "coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') AS writes "
    "FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = CAST(:service AS regnamespace)"
)
_UNIQUE = sa.text(
    "SELECT c.relname, i.indexrelid::regclass::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
    "LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] "
    "WHERE i.indisunique AND c.relnamespace = CAST(:service AS regnamespace) "
    "AND a.attname IS DISTINCT FROM 'district'"
)
_FOREIGN = sa.text(
    "SELECT c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
    "WHERE k.contype = 'f' AND c.relnamespace = CAST(:service AS regnamespace) AND NOT EXISTS ("
    "SELECT FROM unnest(k.conkey, k.confkey) AS pair (mine, its) "
    "JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = mine AND a.attname = 'district' "
    "JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = its AND b.attname = 'district')"
)
_FUNCTIONS = sa.text(
    "SELECT p.proname, p.prosecdef AS as_owner, p.proleakproof AS leakproof, "
    "coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false) AS fixed_path, "
    "p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0) AS open_to_all "
    "FROM pg_proc p WHERE p.pronamespace = CAST(:service AS regnamespace)"
)
_ASKED = rf"\( SELECT (?:\w+\.)?{FUNCTION}\(\) AS {FUNCTION}\)"
_OWN = re.compile(rf"\((?:district|\(district\)::text) = {_ASKED}\)")
_EVERY = re.compile(rf"\({_ASKED} = '\*'::text\)")


def flaws(connection: sa.Connection, service: str, role: str) -> tuple[str, ...]:
    """What is not protected in the service's schema, in sentences; `role` is the one that services enter as."""
    given = {"service": f'"{service}"'}

    def rows(question: sa.TextClause) -> list[Any]:
        return list(connection.execute(question, given).all())

    policies: defaultdict[str, list[Any]] = defaultdict(list)
    for policy in rows(_POLICIES):
        policies[policy.relname].append(policy)
    found: list[str] = []
    for one in rows(_RELATIONS):
        if one.kind in {"r", "p"}:
            found += _of_a_table(one, policies[one.relname], role)
        else:
            found += _of_another(one)
    found += [f"the unique key {one.name} does not begin with district" for one in rows(_UNIQUE) if _holds_rows(one)]
    found += [f"the foreign key {one.conname} of {one.relname} leaves the district out" for one in rows(_FOREIGN)]
    for one in rows(_FUNCTIONS):
        found += _of_a_function(one)
    return tuple(found)


def _holds_rows(one: Any) -> bool:
    return one.relname not in {VERSIONS, KEYS}


def _of_a_table(one: Any, policies: list[Any], role: str) -> list[str]:
    name, found = one.relname, []
    columns = clearable_columns(one.clearable)
    wanted = {f"{role} {right}" for right in granted(name, one.refused, columns)}
    more = [*(set(one.rights) - wanted), *(set(one.column_rights) - {f"{role} UPDATE {column}" for column in columns})]
    found += [f"the table {name} is granted more than its use: {right}" for right in sorted(more)]
    if not _holds_rows(one):
        return found
    if not one.by_district:
        found.append(f"the table {name} has no column district")
    if not one.sealed:
        found.append(f"the table {name} has no row-level security")
    elif not one.forced:
        found.append(f"the table {name} does not force row-level security on its owner")
    if not policies:
        found.append(f"the table {name} has no policy")
    for policy in policies:
        found += _of_a_policy(name, policy)
    return found


def _of_a_policy(table: str, policy: Any) -> list[str]:
    found: list[str] = []
    if not policy.adds:
        return found  # it can only take away
    if policy.command in {"*", "a", "w"} and not policy.writes:
        found.append(f"the policy {policy.polname} of {table} has no WITH CHECK")
    tests = [text for text in (policy.sees, policy.writes) if text]
    if not all(_asks_the_pass(table, text) for text in tests):
        found.append(f"the policy {policy.polname} of {table} does not ask {FUNCTION}() for the district")
    return found


def _asks_the_pass(table: str, condition: str) -> bool:
    """Whether it compares with the pass, once for the statement, and with nothing beside it that could open it."""
    if table in {"outbox", DISTRICTS.name} and _EVERY.fullmatch(condition):
        return True
    return _OWN.fullmatch(condition) is not None


def _of_another(one: Any) -> list[str]:
    name = one.relname
    if one.kind == "v" and not one.as_invoker:
        return [f"the view {name} reads as its owner (security_invoker is not set)"]
    if one.kind == "m" and one.rights:
        return [f"the materialised view {name}, which no policy protects, is granted: {', '.join(one.rights)}"]
    if one.kind == "f":
        return [f"the foreign table {name} has no row-level security"]
    if one.kind == "S" and one.rights:
        return [f"the sequence {name} is granted: {', '.join(one.rights)}"]
    return []


def _of_a_function(one: Any) -> list[str]:
    found: list[str] = []
    if one.as_owner and not one.fixed_path:
        found.append(f"the function {one.proname} runs as its owner without a fixed search_path")
    if one.as_owner and one.open_to_all:
        found.append(f"the function {one.proname} runs as its owner for everybody")
    if one.leakproof:
        found.append(f"the function {one.proname} is LEAKPROOF, so it may see rows before the policy does")
    return found
