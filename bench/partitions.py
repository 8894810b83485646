"""`python -m bench partitions`: the ledger in one table, by district, and by district and year, in one PostgreSQL."""

# ruff: noqa: S608 - statements of our own, of names that stand here
from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import psycopg
from rich.console import Console
from rich.table import Table
from yanxiu_credits.migrating import MIGRATIONS
from yanxiu_durable.district_pass import Passes

from tests.postgres_server import PASS_KEY, PostgresServer

# One district of many years stands beside the others: where years are worth most.
LONG, LONG_YEARS = "long", 20
FIRST_YEAR = 2005
PER_TEACHER = 30
ENTRIES, TEACHERS = 200, 40
LAYOUTS = ("one", "by_district", "by_year")
TABLES = ("record", "decision", "ledger")
_MINE = 'district = (SELECT "credits".yanxiu_my_district())'
# What PostgreSQL promises within a partition alone: with years, a row of its own keeps it for all of them.
_KEYS = {
    "record": ("id", "teacher, activity, kind, generation"),
    "decision": ("record",),
    "ledger": ("seq", "entry_id", "teacher, activity, kind, generation"),
}
_INDEXES = {"record": ('teacher, "on", id', '"on", id'), "decision": (), "ledger": ('teacher, "on"',)}
_RECORDS = """
INSERT INTO one.record (district, id, teacher, school, project, activity, kind, generation, "on", status, micro_hours,
  micro_credits, hours_unit, credits_unit, facts, attributes, reasons, entry, evidence, registered_by, recorded_us)
SELECT %(of)s, 'r' || n, 't' || n / {each}, 's' || n / {each} / 80, 'p', 'a' || n %% {each}, 'training', 1,
  make_date({first}, 1, 1) + (n::bigint * 365 * %(years)s / %(many)s)::int, 'COUNTED', 8000000, n * 1000,
  '学时', '学分',
  '{{"kind":"training","mode":"network","hours_planned":"8","score":"85"}}', '{{}}', '[]', n + 1,
  encode(sha256(n::text::bytea), 'hex'), 'bench', n
FROM generate_series(0, %(many)s - 1) n
"""
_DECISIONS = """
INSERT INTO one.decision SELECT district, id, 'puer', '1', 'puer', "on", '{}', '{}', repeat('{"step":"x"}', 40)
FROM one.record
"""
_ENTRIES = """
INSERT INTO one.ledger SELECT district, entry, 'e' || entry, teacher, id, activity, 'registration', generation, "on",
  micro_hours, micro_credits, hours_unit, credits_unit, NULL, 'puer', '1', evidence, recorded_us, evidence, evidence
FROM one.record
"""


class Question(NamedTuple):
    """A statement, as each layout has to be asked, and what fills it in for a number."""

    name: str
    plain: str
    by_year: str
    given: Callable[[random.Random, int], dict[str, Any]]
    district: str = ""
    writes: bool = False


_CHAIN = (
    "SELECT l.*, r.*, d.* FROM {0}.ledger l LEFT JOIN {0}.record r ON r.district = l.district AND r.id = l.record "
    "LEFT JOIN {0}.decision d ON d.district = l.district AND d.record = l.record "
    f"WHERE l.district = %(of)s AND l.seq > %(n)s ORDER BY l.seq LIMIT {ENTRIES}"
)
_DATED = _CHAIN.replace("r.id = l.record", 'r.id = l.record AND r."on" = l."on"').replace(
    "d.record = l.record", 'd.record = l.record AND d."on" = l."on"'
)
_OF_ACTIVITY = "teacher = %(t)s AND activity = %(a)s AND kind = 'training'"
_NEWEST = f"SELECT * FROM {{0}}.record WHERE district = %(of)s AND {_OF_ACTIVITY} ORDER BY generation DESC LIMIT 1"
_OF_KEPT = "k.teacher = %(t)s AND k.activity = %(a)s AND k.kind = 'training'"
_KEPT = (
    'SELECT r.* FROM {0}.record_keys k JOIN {0}.record r ON r.district = k.district AND r."on" = k."on" '
    f"AND r.id = k.id WHERE k.district = %(of)s AND {_OF_KEPT} ORDER BY k.generation DESC LIMIT 1"
)
_SUMS = (
    "SELECT teacher, sum(micro_hours), sum(micro_credits) FROM {0}.ledger WHERE district = %(of)s "
    'AND teacher = ANY(%(ts)s) AND "on" BETWEEN %(since)s AND %(until)s GROUP BY teacher'
)
_ENTRY = "SELECT * FROM {0}.ledger WHERE district = %(of)s AND entry_id = %(e)s"
_BY_KEY = (
    'SELECT l.* FROM {0}.ledger_keys k JOIN {0}.ledger l ON l.district = k.district AND l."on" = k."on" '
    "AND l.seq = k.seq WHERE k.district = %(of)s AND k.entry_id = %(e)s"
)
_ADD = (
    "INSERT INTO {0}.ledger SELECT district, %(n)s, 'x' || %(n)s, teacher, record, 'x' || %(n)s, kind, generation, "
    '"on", micro_hours, micro_credits, hours_unit, credits_unit, NULL, pack, version, evidence, recorded_us, '
    "previous, hash FROM {0}.ledger WHERE district = %(of)s AND seq = 1"
)
_ADD_KEY = (
    f'WITH added AS ({_ADD} RETURNING *) INSERT INTO {{0}}.ledger_keys (district, "on", seq, entry_id, teacher, '
    'activity, kind, generation) SELECT district, "on", seq, entry_id, teacher, activity, kind, generation '
    "FROM added"
)
_YEAR = (
    "SELECT count(*), sum(micro_credits) FROM {0}.ledger WHERE district = %(of)s "
    'AND "on" BETWEEN %(since)s AND %(until)s'
)


def questions(records: int, districts: int) -> tuple[Question, ...]:
    """What the credits service asks of these tables, and what a year alone would be asked."""
    each = records // districts

    def a_teacher(chance: random.Random, _n: int) -> dict[str, Any]:
        return {"t": f"t{chance.randrange(each // PER_TEACHER)}", "a": f"a{chance.randrange(PER_TEACHER)}"}

    def teachers(chance: random.Random, _n: int) -> dict[str, Any]:
        few = [f"t{chance.randrange(each // PER_TEACHER)}" for _ in range(TEACHERS)]
        return {"ts": few, **_year(chance.randrange(4))}

    return (
        Question("the newest record of an activity", _NEWEST, _KEPT, a_teacher),
        Question(f"sums of {TEACHERS} teachers in a year", _SUMS, _SUMS, teachers),
        Question("an entry by its id", _ENTRY, _BY_KEY, lambda chance, _n: {"e": f"e{1 + chance.randrange(each)}"}),
        Question(
            f"{ENTRIES} entries of the chain with what they rest on", _CHAIN, _DATED,
            lambda chance, _n: {"n": chance.randrange(each - ENTRIES)},
        ),
        Question(
            f"the same of {LONG_YEARS} years", _CHAIN, _DATED,
            lambda chance, _n: {"n": chance.randrange(records - ENTRIES)}, LONG,
        ),
        Question("an entry added", _ADD, _ADD_KEY, lambda _chance, n: {"n": 10_000_000 + n}, writes=True),
        Question(
            f"all of one year of {LONG_YEARS}", _YEAR, _YEAR,
            lambda chance, _n: _year(chance.randrange(LONG_YEARS)), LONG,
        ),
    )  # fmt: skip


def _year(place: int) -> dict[str, str]:
    return {"since": f"{FIRST_YEAR + place}-01-01", "until": f"{FIRST_YEAR + place}-12-31"}


def lay(server: PostgresServer, database: str, *, districts: int, records: int, years: int) -> None:
    """Make the three layouts of the real tables, with their keys, indexes and policies, and fill them alike."""
    names = [f"d{number}" for number in range(districts)]
    with server.connect(database) as own:
        for layout in LAYOUTS:
            own.execute(f"CREATE SCHEMA {layout}")
            for table in TABLES:
                _make(own, layout, table, [*names, LONG], years)
        filled = {**dict.fromkeys(names, (records // districts, years)), LONG: (records, LONG_YEARS)}
        for district, (many, its_years) in filled.items():
            given = {"of": district, "many": many, "years": its_years}
            own.execute(_RECORDS.format(each=PER_TEACHER, first=FIRST_YEAR), given)
        own.execute(_DECISIONS)
        own.execute(_ENTRIES)
        for layout in LAYOUTS[1:]:
            for table in TABLES:
                own.execute(f"INSERT INTO {layout}.{table} SELECT * FROM one.{table}")
        for table in TABLES:
            columns = f'district, "on", {", ".join(_key_columns(table))}'
            own.execute(f"INSERT INTO by_year.{table}_keys SELECT {columns} FROM one.{table}")
        for layout in LAYOUTS:
            own.execute(f"GRANT USAGE ON SCHEMA {layout} TO yanxiu_app")
            own.execute(f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {layout} TO yanxiu_app")
        own.execute("VACUUM ANALYZE")
        own.execute("CHECKPOINT")


def _key_columns(table: str) -> list[str]:
    return list(dict.fromkeys(column for key in _KEYS[table] for column in key.split(", ")))


def _make(own: psycopg.Connection[Any], layout: str, table: str, districts: Sequence[str], years: int) -> None:
    def run(statement: str) -> None:
        own.execute(statement)

    name = f"{layout}.{table}"
    divided = "" if layout == "one" else " PARTITION BY LIST (district)"
    run(f"CREATE TABLE {name} (LIKE credits.{table} INCLUDING DEFAULTS){divided}")
    _seal(own, name)
    if layout == "by_year":
        run(f'CREATE TABLE {name}_keys AS SELECT district, "on", {", ".join(_key_columns(table))} FROM {name}')
        _seal(own, f"{name}_keys")
        for key in _KEYS[table]:
            run(f"CREATE UNIQUE INDEX ON {name}_keys (district, {key})")
    for part in _parts(layout, table, districts, years):
        run(part)
    for number, key in enumerate(_KEYS[table]):
        # Within years a key is unique only together with the day; the second and later keys are the other table's.
        if layout != "by_year":
            run(f"CREATE UNIQUE INDEX ON {name} (district, {key})")
        elif number == 0:
            run(f'CREATE UNIQUE INDEX ON {name} (district, {key}, "on")')
    for index in _INDEXES[table]:
        run(f"CREATE INDEX ON {name} (district, {index})")


def _parts(layout: str, table: str, districts: Sequence[str], years: int) -> Iterator[str]:
    if layout == "one":
        return
    for district in districts:
        part, of = f"{layout}.{table}_{district}", f"FOR VALUES IN ('{district}')"
        divided = ' PARTITION BY RANGE ("on")' if layout == "by_year" else ""
        yield f"CREATE TABLE {part} PARTITION OF {layout}.{table} {of}{divided}"
        for year in range(FIRST_YEAR, FIRST_YEAR + (LONG_YEARS if district == LONG else years)) if divided else ():
            span = f"FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')"
            yield f"CREATE TABLE {part}_{year} PARTITION OF {part} {span}"


def _seal(own: psycopg.Connection[Any], name: str) -> None:
    own.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    own.execute(f"CREATE POLICY its ON {name} USING ({_MINE}) WITH CHECK ({_MINE})")


class Asked:
    """One session of the services' role, which asks as a service does: each time in a transaction with a pass."""

    def __init__(self, server: PostgresServer, database: str, seed: int) -> None:
        self._session = psycopg.connect(f"host={server.folder} user=yanxiu_app dbname={database}", autocommit=True)
        self._passes = Passes("credits", PASS_KEY)
        self._chance = random.Random(seed)  # noqa: S311 - which rows are asked for
        self._number = 0

    def ask(self, question: Question, layout: str, districts: int) -> float:
        """Ask once; returns microseconds of the statement alone."""
        self._number += 1
        of = question.district or f"d{self._chance.randrange(districts)}"
        given = {"of": of, **question.given(self._chance, self._number)}
        text = (question.by_year if layout == "by_year" else question.plain).format(layout)
        its_pass = self._passes.of(of, self._session.info.backend_pid, time.time())
        with self._session.transaction():
            self._session.execute(f"SET LOCAL yanxiu.district TO '{its_pass}'")
            begun = time.perf_counter_ns()
            cursor = self._session.execute(text, given)
            rows = cursor.rowcount if question.writes else len(cursor.fetchall())
            took = (time.perf_counter_ns() - begun) / 1000
        if rows < 1:
            raise RuntimeError(f"{layout}: nothing was found: {question.name}")
        return took


def measure(
    asked: Asked, *, records: int, districts: int, rounds: int, times: int
) -> dict[str, dict[str, list[float]]]:
    """Ask everything of each layout in turn, so many rounds of so many times."""
    every = questions(records, districts)
    took: dict[str, dict[str, list[float]]] = {one.name: {layout: [] for layout in LAYOUTS} for one in every}
    for number in range(rounds + 1):
        for question in every:
            for layout in LAYOUTS:
                its = [asked.ask(question, layout, districts) for _ in range(times)]
                # The first round is for plans and pages.
                took[question.name][layout] += its if number else []
    return took


def show(took: dict[str, dict[str, list[float]]], console: Console) -> None:
    """Print medians with their quartiles in microseconds, and each layout's ratio to one table."""
    table = Table(title="microseconds: median (quartiles), ratio to one table")
    for column in ("", "one table", "by district", "by district and year, with a table of keys"):
        table.add_column(column)
    for name, its in took.items():
        base = statistics.median(its["one"])
        cells: list[str] = []
        for layout in LAYOUTS:
            low, middle, high = statistics.quantiles(its[layout], n=4)
            cells.append(f"{middle:,.0f} ({low:,.0f} to {high:,.0f}) ×{middle / base:.2f}")
        table.add_row(name, *cells)
    console.print(table)


def main(arguments: list[str]) -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser(prog="python -m bench partitions", description=__doc__)
    options.add_argument("--districts", type=int, default=30)
    options.add_argument(
        "--records", type=int, default=60_000, help=f"of them together, and of one of {LONG_YEARS} years"
    )
    options.add_argument("--years", type=int, default=4)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--times", type=int, default=100, help="each statement of each layout in a round")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 160)
    server = PostgresServer(lasting=True)
    try:
        database = server.database(("credits", MIGRATIONS))
        begun = time.perf_counter()
        lay(server, database, districts=asked.districts, records=asked.records, years=asked.years)
        console.print(f"laid out three times in {time.perf_counter() - begun:.0f} s")
        session = Asked(server, database, asked.seed)
        took = measure(
            session, records=asked.records, districts=asked.districts, rounds=asked.rounds, times=asked.times
        )
        show(took, console)
    finally:
        server.stop()
