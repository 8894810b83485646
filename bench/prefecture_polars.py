"""The same question in Polars: lazy, whole numbers of millionths."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.prefecture_data import YEARS
from bench.prefecture_engines import KEYS, bounds, flat

Answer = dict[str, int]
MODULES = ("cycle_ethics", "cycle_knowledge", "cycle_ability", "cycle_class_management", "cycle_school_module")
GATED = (
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
)
COL = pl.col


def polars(folder: Path) -> tuple[Callable[[], Answer], float]:
    """Return what answers the question, and the seconds that loading took."""
    table, law = flat(folder), bounds()
    begun = time.perf_counter()
    frame = pl.DataFrame({name: column for name, column in table.items() if name != "head"})
    people = pl.DataFrame({"teacher": np.arange(len(table["head"]), dtype=np.int32), "head": table["head"]})
    loaded = time.perf_counter() - begun
    del table

    def judge() -> Answer:
        found = query(frame, people, law).collect().row(0)
        return dict(zip(KEYS, map(int, found), strict=True))

    return judge, loaded


def query(frame: Any, people: Any, law: dict[str, Any]) -> Any:
    """Return the whole question."""
    years = years_of(capped(frame, law))
    gate = pl.all_horizontal(
        *(COL(f"h{mode}") >= law["annual_mode_hours"][mode] for mode in range(3)),
        *(COL(f"c{mode}") >= law["annual_mode_credits"][mode] for mode in range(3)),
    )
    done = gate & (COL("hours") >= law["annual_hours"]) & (COL("credits") >= law["annual_credits"])
    done = done & (COL("above_sum") >= law["annual_county_above"])
    years = years.with_columns(gate.alias("open"), done.alias("done"))
    cycles = years.group_by("teacher").agg(
        pl.sum("hours").alias("all_hours"),
        pl.sum("credits").alias("all_credits"),
        pl.sum("done"),
        *(COL(name).filter(COL("open")).sum().alias(f"r_{name}") for name in GATED),
    )
    short = pl.sum_horizontal(one.cast(pl.Int64) for one in duties(law))
    judged = cycles.join(people.lazy(), on="teacher").with_columns(short.alias("short"))
    return judged.select(
        pl.sum("all_hours"),
        pl.sum("all_credits"),
        pl.sum("r_credits"),
        pl.sum("short").alias("short_sum"),
        ((COL("short") == 0) & (COL("done") == len(YEARS))).sum().alias("passed"),
    )


def capped(frame: Any, law: dict[str, Any]) -> Any:
    """Return the lines under the yearly cap; they stand in the order of teacher, day and entry within each year."""
    school = COL("mode") == 2
    reached = pl.when(school).then(COL("hours")).otherwise(0).cum_sum().over("teacher", "year")
    room = (law["school_hours_cap"] - (reached - COL("hours"))).clip(lower_bound=0)
    counts = pl.when(school).then(pl.min_horizontal(COL("hours"), room)).otherwise(COL("hours"))
    kept = frame.lazy().with_columns(counts.alias("kept"))
    return kept.with_columns(
        (COL("credits") * COL("kept") // COL("hours")).alias("credits"), COL("kept").alias("hours")
    )


def years_of(lines: Any) -> Any:
    """Return the measures of every teacher and year."""
    figures = [pl.sum("hours"), pl.sum("credits")]
    figures += [COL("hours").filter(COL("mode") == mode).sum().alias(f"h{mode}") for mode in range(3)]
    figures += [COL("credits").filter(COL("mode") == mode).sum().alias(f"c{mode}") for mode in range(3)]
    figures += [COL("credits").filter(COL("module") == number).sum().alias(f"m{number}") for number in range(5)]
    figures += [COL("credits").filter(COL(name)).sum().alias(f"{name}_sum") for name in ("above", "chosen")]
    figures += [COL("hours").filter(COL("topic")).sum().alias("topic_sum")]
    return lines.group_by("teacher", "year").agg(figures)


def duties(law: dict[str, Any]) -> list[Any]:
    """Return what of a cycle is short, each as a condition."""
    part, whole = law["share"]
    return [
        COL("r_hours") < law["cycle_hours"],
        *(COL(f"r_h{mode}") < law["cycle_mode_hours"][mode] for mode in range(3)),
        COL("r_credits") < law["cycle_credits"],
        COL("r_above_sum") < law["cycle_county_above"],
        COL("r_c2") < law["cycle_school_based"],
        *(COL(f"r_m{number}") < law[name] for number, name in enumerate(MODULES)),
        (COL("r_credits") == 0) | (COL("r_chosen_sum") * whole < COL("r_credits") * part),
        COL("head") & (COL("r_topic_sum") < law["head_teacher_hours"]),
    ]
