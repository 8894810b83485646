"""The same question in OpenFisca (AGPL, never a dependency of the product; run only where somebody installed it).

It has no cap in the order of days: it is given the lines as they count under the cap. Its numbers are 32-bit floats, so
that its totals need not be equal.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.prefecture_data import EACH_YEAR, YEARS
from bench.prefecture_engines import KEYS, MICRO, bounds, flat

MODULES = ("cycle_ethics", "cycle_knowledge", "cycle_ability", "cycle_class_management", "cycle_school_module")


def capped(table: dict[str, Any], law: dict[str, Any]) -> dict[str, Any]:
    """Return the lines as they count under the yearly cap."""
    school = table["mode"] == 2
    key = table["teacher"].astype(np.int64) * 10_000 + table["year"]
    order = np.argsort(key, kind="stable")
    hours = np.where(school, table["hours"], 0)[order]
    reached = np.cumsum(hours)
    starts = np.flatnonzero(np.concatenate(([True], np.diff(key[order]) != 0)))
    before = reached - hours
    before -= np.repeat(before[starts], np.diff(np.append(starts, len(order))))
    room = np.empty(len(order), dtype=np.int64)
    room[order] = np.maximum(law["school_hours_cap"] - before, 0)
    counts = np.where(school, np.minimum(table["hours"], room), table["hours"])
    return {**table, "credits": table["credits"] * counts // table["hours"], "hours": counts}


def system(law: dict[str, Any]) -> Any:
    """Return the tax-and-benefit system, as OpenFisca calls it, of a cycle."""
    from openfisca_core import entities, taxbenefitsystems

    lines = entities.Entity("line", "lines", "", "")
    people = entities.GroupEntity("person", "people", "", "", [{"key": "slot"}])
    made = taxbenefitsystems.TaxBenefitSystem([lines, people])
    inputs = {
        "hours": float,
        "credits": float,
        "mode": int,
        "module": int,
        "above": bool,
        "chosen": bool,
        "topic": bool,
    }
    for name, kind in inputs.items():
        made.add_variable(_variable(f"line_{name}", kind, lines, None))
    sums: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "hours": ("hours", lambda _of: True),
        "credits": ("credits", lambda _of: True),
        **{f"h{mode}": ("hours", lambda of, mode=mode: of("mode") == mode) for mode in range(3)},
        **{f"c{mode}": ("credits", lambda of, mode=mode: of("mode") == mode) for mode in range(3)},
        **{f"m{number}": ("credits", lambda of, number=number: of("module") == number) for number in range(5)},
        "above": ("credits", lambda of: of("above")),
        "chosen": ("credits", lambda of: of("chosen")),
        "topic": ("hours", lambda of: of("topic")),
    }
    for name, (amount, counts) in sums.items():
        made.add_variable(_variable(name, float, people, _summed(amount, counts)))
    made.add_variable(_variable("open", bool, people, _gate(law)))
    made.add_variable(_variable("done", bool, people, _done(law)))
    return made


def _variable(name: str, kind: type[Any], entity: Any, formula: Any) -> Any:
    from openfisca_core.periods import YEAR
    from openfisca_core.variables import Variable

    said = {"value_type": kind, "entity": entity, "definition_period": YEAR, "label": name}
    return type(name, (Variable,), {**said, **({"formula": formula} if formula else {})})


def _summed(amount: str, counts: Callable[[Any], Any]) -> Any:
    def formula(person: Any, period: Any) -> Any:
        of = lambda name: person.members(f"line_{name}", period)  # noqa: E731 - as OpenFisca's formulas are written
        return person.sum(np.where(counts(of), of(amount), 0))

    return formula


def _gate(law: dict[str, Any]) -> Any:
    def formula(person: Any, period: Any) -> Any:
        held = True
        for mode in range(3):
            held = held & (person(f"h{mode}", period) >= law["annual_mode_hours"][mode] / MICRO)
            held = held & (person(f"c{mode}", period) >= law["annual_mode_credits"][mode] / MICRO)
        return held

    return formula


def _done(law: dict[str, Any]) -> Any:
    def formula(person: Any, period: Any) -> Any:
        held = person("open", period) & (person("hours", period) >= law["annual_hours"] / MICRO)
        held = held & (person("credits", period) >= law["annual_credits"] / MICRO)
        return held & (person("above", period) >= law["annual_county_above"] / MICRO)

    return formula


def openfisca(folder: Path) -> tuple[Callable[[], dict[str, int]], float]:
    """Return what answers the question."""
    from openfisca_core import simulation_builder

    law = bounds()
    table = capped(flat(folder), law)
    count, made = len(table["head"]), system(law)
    members = np.repeat(np.arange(count), EACH_YEAR)
    years = {year: {name: table[name][table["year"] == year] for name in _INPUTS} for year in YEARS}
    head = table["head"]
    del table

    def judge() -> dict[str, int]:
        builder = simulation_builder.SimulationBuilder()
        builder.create_entities(made)
        builder.declare_person_entity("line", range(len(members)))
        people = builder.declare_entity("person", range(count))
        builder.join_with_persons(people, members, np.full(len(members), "slot"))
        simulation = builder.build(made)
        for year, given in years.items():
            for name, column in given.items():
                exact = column / MICRO if name in ("hours", "credits") else column
                simulation.set_input(f"line_{name}", str(year), exact)
        return _answer(simulation, head, law)

    begun = time.perf_counter()
    return judge, time.perf_counter() - begun


_INPUTS = ("hours", "credits", "mode", "module", "above", "chosen", "topic")


def _answer(simulation: Any, head: Any, law: dict[str, Any]) -> dict[str, int]:
    def over(name: str, *, gated: bool = True) -> Any:
        years = [str(year) for year in YEARS]
        return sum(
            simulation.calculate(name, year) * (simulation.calculate("open", year) if gated else 1) for year in years
        )

    credit, (part, whole) = over("credits"), law["share"]
    duties = [over("hours") < law["cycle_hours"] / MICRO, credit < law["cycle_credits"] / MICRO]
    duties += [over(f"h{mode}") < law["cycle_mode_hours"][mode] / MICRO for mode in range(3)]
    duties += [over("above") < law["cycle_county_above"] / MICRO, over("c2") < law["cycle_school_based"] / MICRO]
    duties += [over(f"m{number}") < law[name] / MICRO for number, name in enumerate(MODULES)]
    duties += [(credit == 0) | (over("chosen") * whole < credit * part)]
    duties += [head & (over("topic") < law["head_teacher_hours"] / MICRO)]
    short = np.sum(duties, axis=0)
    done = over("done", gated=False)
    totals = [over(name, gated=False).sum(dtype=np.float64) for name in ("hours", "credits")]
    amounts = [round(float(total) * MICRO) for total in (*totals, credit.sum(dtype=np.float64))]
    passed = int(((short == 0) & (done == len(YEARS))).sum())
    return dict(zip(KEYS, (*amounts, int(short.sum()), passed), strict=True))
