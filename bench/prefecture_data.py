"""Made-up credited lines of a prefecture: teachers x 5 years x 30 records, seeded, sealed year by year."""

from __future__ import annotations

import itertools
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
from yanxiu_rulekit.columns import Attributes, LineColumns, Seal, save_segment
from yanxiu_rulekit.columns.lines import part_of
from yanxiu_rulekit.facts import Teacher

YEARS = (2024, 2025, 2026, 2027, 2028)
EACH_YEAR = 30
# Mode, level, credits per hour in tenths.
COURSES = (
    ("network", "provincial", 10),
    ("central", "county", 15),
    ("central", "national", 30),
    ("school", "school", 7),
)
MODULES = ("专业理念与师德", "专业知识", "专业能力", "班级管理")
# Half hours of a record, at most, and one and its merit in hundredths.
MOST_HALVES = 20
MERITS = (100, 110, 115, 120)
KINDS = tuple(itertools.product(range(len(COURSES)), range(len(MODULES)), (False, True)))
# How often the modules are taught, and how often a teacher chooses a course.
WEIGHTS = np.array([(2, 3, 6, 3)[module] * (4 if chosen else 1) for _course, module, chosen in KINDS], dtype=np.float64)


def attributes() -> list[str]:
    """Return what the pack keeps of every kind of record with every number of hours; the place is the code."""
    return [_said(*kind, halves) for kind in KINDS for halves in range(1, MOST_HALVES + 1)]


def _said(course: int, module: int, chosen: bool, halves: int) -> str:
    mode, level, tenths = COURSES[course]
    said = {
        "kind": "training",
        "mode": mode,
        "level": level,
        "basic": str(Decimal(halves * tenths) / 20),
        "module": "校本研修" if mode == "school" else MODULES[module],
        "self_chosen": chosen,
        "head_teacher_topic": MODULES[module] == "班级管理",
    }
    return json.dumps(said, ensure_ascii=False)


def facts_of(number: int) -> Teacher:
    """Return what is known of a made-up teacher: one in three is a head teacher, some begin within the cycle."""
    return Teacher(head_teacher=number % 3 == 0, hired_on=date(1990 + number % 37, 9, 1))


def teachers(count: int) -> tuple[str, ...]:
    """Return the ids of made-up teachers."""
    return tuple(f"t{number:06}" for number in range(count))


def write(folder: Path, count: int) -> None:
    """Write the sealed years of so many teachers."""
    diligence = np.random.default_rng(count).uniform(0.6, 1.0, count)
    texts = Attributes(attributes())
    tenths = np.array([COURSES[course][2] for course, _module, _chosen in KINDS], dtype=np.int64)
    for year in YEARS:
        chance = np.random.default_rng([count, year])
        lines = count * EACH_YEAR
        kind = chance.choice(len(KINDS), lines, p=WEIGHTS / WEIGHTS.sum())
        most = np.repeat(diligence, EACH_YEAR) * MOST_HALVES
        halves = 1 + np.floor(chance.random(lines) * most).astype(np.int64)
        merit = np.array(MERITS, dtype=np.int64)[chance.integers(0, len(MERITS), lines)]
        day = np.sort(chance.integers(0, 365, (count, EACH_YEAR)), axis=1).reshape(-1)
        part = part_of(
            np.arange(count + 1) * EACH_YEAR,
            day + date(year, 1, 1).toordinal(),
            halves * 500_000,
            halves * tenths[kind] * merit * 500,
            kind * MOST_HALVES + halves - 1,
        )
        columns = LineColumns(teachers=teachers(count), attributes=texts, parts=(part,))
        seal = Seal(district="bench", start=date(year, 1, 1), end=date(year, 12, 31), seq=lines, head=str(year))
        save_segment(folder / f"{year}.npz", columns, seal)
