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
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from yanxiu_rulekit import RulePack, load_packs
from yanxiu_rulekit.columns import LineColumns, joined, load_segment

from bench.prefecture_data import MODULES, YEARS, facts_of

MICRO = 10**6
KEYS = ("hours", "credits", "recognised", "short", "passed")
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


OWN: dict[str, Engine] = {"columns": ours, "one at a time": one_at_a_time}


def main() -> None:
    """Answer and print times, peak memory and totals."""
    name, folder, rounds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    begun = time.perf_counter()
    engine = OWN[name] if name in OWN else getattr(import_module(f"bench.prefecture_{name}"), name)
    judge, loaded = engine(folder)
    first, used = time.perf_counter(), time.process_time()
    answer = judge()
    whole = time.perf_counter() - begun
    times, cpu = [time.perf_counter() - first], [time.process_time() - used]
    for _ in range(rounds - 1):
        begun, used = time.perf_counter(), time.process_time()
        assert judge() == answer
        times.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - used)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {"times": times, "cpu": cpu, "loaded": loaded, "end_to_end": whole, "peak_mb": peak, "answer": answer}
        )
    )


if __name__ == "__main__":
    main()
