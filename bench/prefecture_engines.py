"""One engine's answer in a process of its own: `python -m bench.prefecture_engines ENGINE FOLDER ROUNDS`, as JSON.

The question is the same for all: Pu'er's cycle with the gate of each of its years, under the law's own values. What
comes out are totals that must be equal to the last millionth.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from yanxiu_rulekit import RulePack, load_packs
from yanxiu_rulekit.columns import LineColumns, joined, load_segment

from bench.prefecture_data import MODULES, YEARS, facts_of

MICRO = 10**6
SAMPLE = 150
Answer = dict[str, int]
Engine = Callable[[Path], tuple[Callable[[], Answer], float]]


def pack() -> RulePack:
    """Return Pu'er's pack."""
    return load_packs().pack("puer")


def sealed(folder: Path) -> LineColumns:
    """Return the sealed years as columns, their digests checked."""
    columns = joined([load_segment(folder / f"{year}.npz")[0] for year in YEARS])
    return columns.knowing({one: facts_of(number) for number, one in enumerate(columns.teachers)})


def ours(folder: Path) -> tuple[Callable[[], Answer], float]:
    """Columns: the pack's own measures, cap, gate and requirements."""
    law = pack()
    begun = time.perf_counter()
    columns = sealed(folder)
    loaded = time.perf_counter() - begun
    cycle = law.period("cycle", date(YEARS[0], 6, 1))

    def judge() -> Answer:
        found = law.standing_columns(cycle, columns)
        assert found.scalar == 0
        return {
            "hours": int(found.hours.micro().sum()),
            "credits": int(found.credits.micro().sum()),
            "recognised": int(found.recognised_credits.micro().sum()),
            "short": sum(int((~one.met & one.applies).sum()) for one in found.findings),
            "passed": int((found.verdict == 0).sum()),
        }

    return judge, loaded


def one_at_a_time(folder: Path) -> tuple[Callable[[], Answer], float]:
    """The scalar judge, with its explanation, over the first teachers only."""
    law, columns = pack(), sealed(folder)
    cycle = law.period("cycle", date(YEARS[0], 6, 1))
    count = min(SAMPLE, len(columns.teachers))

    def judge() -> Answer:
        found = [law.standing(cycle, columns.lines_of(row), columns.teacher(row)) for row in range(count)]
        return {
            "hours": int(sum(one.hours for one in found) * MICRO),
            "credits": int(sum(one.credits for one in found) * MICRO),
            "recognised": int(sum(one.recognised_credits for one in found) * MICRO),
            "short": sum(not finding.met for one in found for finding in one.findings),
            "passed": sum(one.verdict == "PASS" for one in found),
        }

    return judge, 0.0


# ---- what peers are given: a flat table, and the law's values -------------------------------------------------------


def flat(folder: Path) -> dict[str, Any]:
    """Return the lines as a table of plain columns, in the order of teacher, day and entry."""
    columns = sealed(folder)
    said = list(columns.attributes)
    modes = np.array([("network", "central", "school").index(one["mode"]) for one in said], dtype=np.int8)
    module = np.array([(*MODULES, "校本研修").index(one["module"]) for one in said], dtype=np.int8)
    chosen = np.array([one["self_chosen"] for one in said])
    topic = np.array([one["head_teacher_topic"] for one in said])
    code = np.concatenate([part.code for part in columns.parts])
    count = len(columns.teachers)
    table = {
        "teacher": np.concatenate(
            [np.repeat(np.arange(count, dtype=np.int32), np.diff(p.starts)) for p in columns.parts]
        ),
        "year": np.concatenate(
            [np.full(len(p), year, dtype=np.int16) for year, p in zip(YEARS, columns.parts, strict=True)]
        ),
        "day": np.concatenate([part.day for part in columns.parts]),
        "entry": np.arange(len(code), dtype=np.int32),
        "mode": modes[code],
        "above": modes[code] != 2,
        "module": module[code],
        "chosen": chosen[code],
        "topic": topic[code],
        "hours": np.concatenate([part.micro_hours for part in columns.parts]).astype(np.int64),
        "credits": np.concatenate([part.micro_credits for part in columns.parts]).astype(np.int64),
    }
    table["head"] = np.array([facts_of(number).head_teacher for number in range(count)])
    return table


def bounds() -> dict[str, Any]:
    """Return the law's values in millionths, as the peers' queries need them."""
    law = pack().law(date(YEARS[-1], 12, 31))
    modes = ("network", "central", "school")
    read = law.quiet()
    per_mode = {
        name: [int(_by_mode(getattr(read, name), mode) * MICRO) for mode in modes]
        for name in ("annual_mode_hours", "annual_mode_credits", "cycle_mode_hours")
    }
    names = (
        "annual_hours",
        "annual_credits",
        "annual_county_above",
        "school_hours_cap",
        "cycle_hours",
        "cycle_credits",
    )
    names += ("cycle_county_above", "cycle_school_based", "cycle_ethics", "cycle_knowledge", "cycle_ability")
    names += ("cycle_class_management", "cycle_school_module", "head_teacher_hours")
    assert str(read.county_above_unit) == "credits"
    share = read.self_chosen_share.as_integer_ratio()
    return {**per_mode, **{name: int(getattr(read, name) * MICRO) for name in names}, "share": share}


def _by_mode(value: Any, mode: str) -> Any:
    return value[mode] if hasattr(value, "keys") else value


def sql(law: dict[str, Any]) -> str:
    """Return the whole question as one query over `lines` and `teachers`."""
    mode_hours, mode_credits, cycle_hours = (
        law[name] for name in ("annual_mode_hours", "annual_mode_credits", "cycle_mode_hours")
    )
    cap, (part, whole) = law["school_hours_cap"], law["share"]
    by_mode = ", ".join(
        f"coalesce(sum({amount}) filter (mode = {mode}), 0) {amount[0]}{mode}"
        for mode in range(3)
        for amount in ("hours", "credits")
    )
    modules = ("cycle_ethics", "cycle_knowledge", "cycle_ability", "cycle_class_management", "cycle_school_module")
    gate = " and ".join(f"h{mode} >= {mode_hours[mode]} and c{mode} >= {mode_credits[mode]}" for mode in range(3))
    duties = [f"hours < {law['cycle_hours']}", *(f"h{mode} < {cycle_hours[mode]}" for mode in range(3))]
    duties += [f"credits < {law['cycle_credits']}", f"above < {law['cycle_county_above']}"]
    duties += [
        f"c2 < {law['cycle_school_based']}",
        *(f"m{number} < {law[name]}" for number, name in enumerate(modules)),
    ]
    duties += [
        f"(credits = 0 or chosen * {whole} < credits * {part})",
        f"(head and topic < {law['head_teacher_hours']})",
    ]
    short = " + ".join(f"({duty})::int" for duty in duties)
    return f"""
with ranked as (select *, sum(case when mode = 2 then hours else 0 end)
    over (partition by teacher, year order by day, entry rows unbounded preceding) reached from lines),
cut as (select * replace (case when mode = 2 then greatest(least(hours, {
        cap
    } - (reached - hours)), 0) else hours end as hours),
    hours as before from ranked),
capped as (select * replace (credits * hours // before as credits) from cut),
years as (select teacher, year, sum(hours) as hours, sum(credits) as credits, {by_mode},
    coalesce(sum(credits) filter (above), 0) as above, coalesce(sum(credits) filter (chosen), 0) as chosen,
    coalesce(sum(hours) filter (topic), 0) as topic,
    {", ".join(f"coalesce(sum(credits) filter (module = {number}), 0) m{number}" for number in range(5))}
    from capped group by teacher, year),
gated as (select *, {gate} as open, ({gate}) and hours >= {law["annual_hours"]} and credits >= {law["annual_credits"]}
    and above >= {law["annual_county_above"]} as done from years),
cycles as (select teacher, sum(hours) as all_hours, sum(credits) as all_credits, count(*) filter (done) as done,
    {
        ", ".join(
            f"coalesce(sum({name}) filter (open), 0)::bigint as {name}"
            for name in (
                "hours",
                "credits",
                "h0",
                "h1",
                "h2",
                "c2",
                "above",
                "chosen",
                "topic",
                "m0",
                "m1",
                "m2",
                "m3",
                "m4",
            )
        )
    }
    from gated group by teacher),
judged as (select *, {short} as short from cycles join teachers using (teacher))
select sum(all_hours)::bigint, sum(all_credits)::bigint, sum(credits)::bigint, sum(short)::bigint,
    count(*) filter (short = 0 and done = {len(YEARS)}) from judged"""  # noqa: S608 - made of the law's numbers alone


def duckdb(folder: Path) -> tuple[Callable[[], Answer], float]:
    """DuckDB in memory, whole numbers of millionths."""
    import duckdb as engine

    table = flat(folder)
    connection = engine.connect(":memory:", config={"threads": 2})
    begun = time.perf_counter()
    lines = {name: column for name, column in table.items() if name != "head"}
    people = {"teacher": np.arange(len(table["head"]), dtype=np.int32), "head": table["head"]}
    connection.register("given_lines", lines)
    connection.register("given_teachers", people)
    connection.execute("create table lines as select * from given_lines")
    connection.execute("create table teachers as select * from given_teachers")
    connection.unregister("given_lines")
    loaded = time.perf_counter() - begun
    del table, lines
    query = sql(bounds())

    def judge() -> Answer:
        return dict(zip(KEYS, map(int, connection.execute(query).fetchone()), strict=True))

    return judge, loaded


KEYS = ("hours", "credits", "recognised", "short", "passed")


def polars(folder: Path) -> tuple[Callable[[], Answer], float]:
    """Polars, lazy, whole numbers of millionths."""
    import polars as pl

    table, law = flat(folder), bounds()
    begun = time.perf_counter()
    frame = pl.DataFrame({name: column for name, column in table.items() if name != "head"})
    people = pl.DataFrame({"teacher": np.arange(len(table["head"]), dtype=np.int32), "head": table["head"]})
    loaded = time.perf_counter() - begun
    del table

    def judge() -> Answer:
        found = _polars_query(pl, frame, people, law).collect().row(0)
        return dict(zip(KEYS, map(int, found), strict=True))

    return judge, loaded


def _polars_query(pl: Any, frame: Any, people: Any, law: dict[str, Any]) -> Any:
    col, school = pl.col, pl.col("mode") == 2
    # The lines stand in the order of teacher, day and entry within each year already.
    reached = pl.when(school).then(col("hours")).otherwise(0).cum_sum().over("teacher", "year")
    room = (law["school_hours_cap"] - (reached - col("hours"))).clip(lower_bound=0)
    counts = pl.when(school).then(pl.min_horizontal(col("hours"), room)).otherwise(col("hours"))
    capped = frame.lazy().with_columns(counts.alias("kept"))
    capped = capped.with_columns(
        (col("credits") * col("kept") // col("hours")).alias("credits"), col("kept").alias("hours")
    )
    figures = [pl.sum("hours"), pl.sum("credits")]
    figures += [col("hours").filter(col("mode") == mode).sum().alias(f"h{mode}") for mode in range(3)]
    figures += [col("credits").filter(col("mode") == mode).sum().alias(f"c{mode}") for mode in range(3)]
    figures += [col("credits").filter(col("module") == number).sum().alias(f"m{number}") for number in range(5)]
    figures += [col("credits").filter(col(name)).sum().alias(f"{name}_sum") for name in ("above", "chosen")]
    figures += [col("hours").filter(col("topic")).sum().alias("topic_sum")]
    years = capped.group_by("teacher", "year").agg(figures)
    gate = pl.all_horizontal(
        *(col(f"h{mode}") >= law["annual_mode_hours"][mode] for mode in range(3)),
        *(col(f"c{mode}") >= law["annual_mode_credits"][mode] for mode in range(3)),
    )
    done = gate & (col("hours") >= law["annual_hours"]) & (col("credits") >= law["annual_credits"])
    years = years.with_columns(
        gate.alias("open"), (done & (col("above_sum") >= law["annual_county_above"])).alias("done")
    )
    names = [
        "hours",
        "credits",
        "h0",
        "h1",
        "h2",
        "c2",
        "above_sum",
        "chosen_sum",
        "topic_sum",
        "m0",
        "m1",
        "m2",
        "m3",
        "m4",
    ]
    cycles = years.group_by("teacher").agg(
        pl.sum("hours").alias("all_hours"),
        pl.sum("credits").alias("all_credits"),
        pl.sum("done"),
        *(col(name).filter(col("open")).sum().alias(f"r_{name}") for name in names),
    )
    short = pl.sum_horizontal(one.cast(pl.Int64) for one in _polars_duties(pl, law))
    judged = cycles.join(people.lazy(), on="teacher").with_columns(short.alias("short"))
    return judged.select(
        pl.sum("all_hours"),
        pl.sum("all_credits"),
        pl.sum("r_credits"),
        pl.sum("short").alias("short_sum"),
        ((col("short") == 0) & (col("done") == len(YEARS))).sum().alias("passed"),
    )


def _polars_duties(pl: Any, law: dict[str, Any]) -> list[Any]:
    col, (part, whole) = pl.col, law["share"]
    modules = ("cycle_ethics", "cycle_knowledge", "cycle_ability", "cycle_class_management", "cycle_school_module")
    return [
        col("r_hours") < law["cycle_hours"],
        *(col(f"r_h{mode}") < law["cycle_mode_hours"][mode] for mode in range(3)),
        col("r_credits") < law["cycle_credits"],
        col("r_above_sum") < law["cycle_county_above"],
        col("r_c2") < law["cycle_school_based"],
        *(col(f"r_m{number}") < law[name] for number, name in enumerate(modules)),
        (col("r_credits") == 0) | (col("r_chosen_sum") * whole < col("r_credits") * part),
        col("head") & (col("r_topic_sum") < law["head_teacher_hours"]),
    ]


ENGINES: dict[str, Engine] = {"columns": ours, "one at a time": one_at_a_time, "duckdb": duckdb, "polars": polars}


def main() -> None:
    """Answer and print times, peak memory and totals."""
    name, folder, rounds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    begun = time.perf_counter()
    engine = ENGINES.get(name)
    if engine is None:
        from bench.prefecture_openfisca import openfisca as engine
    judge, loaded = engine(folder)
    first = time.perf_counter()
    answer = judge()
    whole = time.perf_counter() - begun
    times = [time.perf_counter() - first]
    for _ in range(rounds - 1):
        begun = time.perf_counter()
        assert judge() == answer
        times.append(time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"times": times, "loaded": loaded, "end_to_end": whole, "peak_mb": peak, "answer": answer}))


if __name__ == "__main__":
    main()
