"""The same question in DuckDB: one query over a table in memory, whole numbers of millionths."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb as engine
import numpy as np

from bench.prefecture_data import YEARS
from bench.prefecture_engines import KEYS, bounds, flat

Answer = dict[str, int]
MODULES = ("cycle_ethics", "cycle_knowledge", "cycle_ability", "cycle_class_management", "cycle_school_module")
GATED = ("hours", "credits", "h0", "h1", "h2", "c2", "above", "chosen", "topic", "m0", "m1", "m2", "m3", "m4")


def duckdb(folder: Path) -> tuple[Callable[[], Answer], float]:
    """Return what answers the question, and the seconds that loading took."""
    table = flat(folder)
    connection = engine.connect(":memory:", config={"threads": 2})
    begun = time.perf_counter()
    lines = {name: column for name, column in table.items() if name != "head"}
    people = {"teacher": np.arange(len(table["head"]), dtype=np.int32), "head": table["head"]}
    for name, given in (("lines", lines), ("teachers", people)):
        connection.register(f"given_{name}", given)
        connection.execute(f"create table {name} as select * from given_{name}")  # noqa: S608 - its own two names
        connection.unregister(f"given_{name}")
    loaded = time.perf_counter() - begun
    del table, lines
    query = sql(bounds())

    def judge() -> Answer:
        return dict(zip(KEYS, map(int, connection.execute(query).fetchone() or ()), strict=True))

    return judge, loaded


def sql(law: dict[str, Any]) -> str:
    """Return the whole question as one query over `lines` and `teachers`."""
    cap, gate = law["school_hours_cap"], gate_of(law)
    sums = ", ".join(f"coalesce(sum({amount}) filter ({counts}), 0) as {name}" for name, amount, counts in measures())
    gated = ", ".join(f"coalesce(sum({name}) filter (open), 0)::bigint as {name}" for name in GATED)
    short = " + ".join(f"({duty})::int" for duty in duties(law))
    hours = f"case when mode = 2 then greatest(least(hours, {cap} - (reached - hours)), 0) else hours end"
    return f"""
with ranked as (select *, sum(case when mode = 2 then hours else 0 end)
    over (partition by teacher, year order by day, entry rows unbounded preceding) as reached from lines),
cut as (select * replace ({hours} as hours), hours as before from ranked),
capped as (select * replace (credits * hours // before as credits) from cut),
years as (select teacher, year, sum(hours) as hours, sum(credits) as credits, {sums}
    from capped group by teacher, year),
gated as (select *, {gate} as open, ({gate}) and hours >= {law["annual_hours"]} and credits >= {law["annual_credits"]}
    and above >= {law["annual_county_above"]} as done from years),
cycles as (select teacher, sum(hours) as all_hours, sum(credits) as all_credits, count(*) filter (done) as done, {gated}
    from gated group by teacher),
judged as (select *, {short} as short from cycles join teachers using (teacher))
select sum(all_hours)::bigint, sum(all_credits)::bigint, sum(credits)::bigint, sum(short)::bigint,
    count(*) filter (short = 0 and done = {len(YEARS)}) from judged"""  # noqa: S608 - the law's own numbers


def measures() -> list[tuple[str, str, str]]:
    """Return name, amount and condition of each measure."""
    found = [(f"{amount[0]}{mode}", amount, f"mode = {mode}") for mode in range(3) for amount in ("hours", "credits")]
    found += [("above", "credits", "above"), ("chosen", "credits", "chosen"), ("topic", "hours", "topic")]
    return found + [(f"m{number}", "credits", f"module = {number}") for number in range(5)]


def gate_of(law: dict[str, Any]) -> str:
    """Return the condition that a year's credits are recognised."""
    return " and ".join(
        f"h{mode} >= {law['annual_mode_hours'][mode]} and c{mode} >= {law['annual_mode_credits'][mode]}"
        for mode in range(3)
    )


def duties(law: dict[str, Any]) -> list[str]:
    """Return what of a cycle is short, each as a condition."""
    part, whole = law["share"]
    found = [f"hours < {law['cycle_hours']}", *(f"h{mode} < {law['cycle_mode_hours'][mode]}" for mode in range(3))]
    found += [f"credits < {law['cycle_credits']}", f"above < {law['cycle_county_above']}"]
    found += [f"c2 < {law['cycle_school_based']}", *(f"m{number} < {law[name]}" for number, name in enumerate(MODULES))]
    found += [f"credits = 0 or chosen * {whole} < credits * {part}"]
    return [*found, f"head and topic < {law['head_teacher_hours']}"]
