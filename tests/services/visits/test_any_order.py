"""Field work over a poor line: late, repeated and reordered commands end in the same state, on either store.

Two researchers do the same work. The commands of one arrive as they happen; those of the other weeks late, in any
order, some of them twice. What is stored of both, and every page made of it, must be the same but for their names.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from yanxiu_visits.planning.residency_store import add_residencies, withdraw
from yanxiu_wire import field_records, findings, visiting
from yanxiu_wire import term_work as wire
from yanxiu_wire.codec import encode_canonical
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.field_records import Report, TaskDone
from yanxiu_wire.noting import About, FieldCommand, ListNotes
from yanxiu_wire.residency import Residency

from tests.services.visits.conftest import TERMS
from tests.services.visits.field import TERM, Sender

Sent = tuple[Endpoint[Any, Any], FieldCommand]
Step = Callable[["Field", str, int], Sent]
_houses = itertools.count(1)


class Field:
    """One researcher's work of one run: its ids and keys are the same for both but for the name."""

    def __init__(self, district: str, person: str, run: int) -> None:
        self.person = person
        self.run = f"run{run:05}"
        self.me = Sender(person=person, district=district)
        self.second = Sender("supervisor", "u1", district=district)
        self.owner = Sender("teacher", "t1", district=district)
        self.steps: list[tuple[str, int]] = []

    def id(self, name: str) -> str:
        return f"{name}-{self.run}"

    def finding(self) -> str:
        return f"{self.person}.{self.id('found')}"

    def seen(self, place: int) -> tuple[str, ...]:
        """The notes of the finding that are dated before the step at a place: what a second person saw of it."""
        hour = self.steps[place][1]
        told = enumerate(self.steps)
        seen = [self.key(at) for at, (name, when) in told if name in ("find", "remedy", "recheck") and when < hour]
        return tuple(seen or [self.key(place) + "-none"])

    def key(self, place: int) -> str:
        return f"{self.run}-{place:02}-{self.person}"


STEPS: dict[str, Step] = {
    "plan": lambda f, when, n: (
        visiting.PLAN_VISIT,
        f.me.plan(
            f.id("visit"), when, on=f"10-{14 + n % 3}", goal="甲" * (n % 2), school=f"s{1 + n % 2}",
            residency=None if n % 2 else f.id(f"home-{f.person}"),
        ),
    ),
    "prepare": lambda f, when, n: (visiting.PREPARE_VISIT, f.me.prepare(f.id("visit"), when, focus=f"乙{n}")),
    "arrive": lambda f, when, n: (visiting.ARRIVE_AT_SCHOOL, f.me.arrive(f.id("visit"), when, f"s{1 + n % 2}")),
    "leave": lambda f, when, n: (visiting.LEAVE_SCHOOL, f.me.leave(f.id("visit"), when, 1 + n % 2)),
    "cancel": lambda f, when, _n: (visiting.CANCEL_VISIT, f.me.cancel(f.id("visit"), when)),
    "observe": lambda f, when, n: (
        field_records.RECORD_WORK,
        f.me.observe(f.id("lesson"), when, visit=f.id("visit"), lesson={"title": f"课{n}"}),
    ),
    "comment": lambda f, when, n: (field_records.COMMENT_ON_LESSON, f.me.comment(f.id("lesson"), when, f"评{n}")),
    "task": lambda f, when, n: (
        field_records.RECORD_WORK,
        f.me.work(f.id("lesson" if n % 4 == 0 else "task"), TaskDone(task="课程指导", text=f"{n}"), when),
    ),
    # A submission has an id of its own: another text under it is refused, and so in no set of notes.
    "report": lambda f, when, n: (
        field_records.RECORD_WORK,
        f.me.work(f.id(f"report{n}"), Report(title="报告", text=f"第{n}稿"), when),
    ),
    "withdraw": lambda f, when, n: (
        field_records.WITHDRAW_RECORD,
        f.me.withdraw(f.id(f"report{n - 1}" if n % 2 else "lesson"), when),
    ),
    "find": lambda f, when, n: (findings.RECORD_FINDING, f.me.find(f.id("found"), when, text=f"问题{n}")),
    "remedy": lambda f, when, _n: (findings.REPORT_REMEDY, f.owner.remedy(f.finding(), when)),
    "recheck": lambda f, when, n: (
        findings.RECHECK_FINDING,
        (f.me if n % 3 == 0 else f.second).recheck(f.finding(), when, passed=n % 2 == 0, seen=f.seen(n)),
    ),
}  # fmt: skip


async def play(house: Any, sent: list[Sent]) -> None:
    for endpoint, command in sent:
        answer = await house.call(endpoint, command)
        assert hasattr(answer, "effect"), answer


def script(field: Field, steps: list[tuple[str, int]]) -> list[Sent]:
    found: list[Sent] = []
    field.steps = steps
    for place, (name, hour) in enumerate(steps):
        endpoint, command = STEPS[name](field, f"10-{14 + hour // 24} {hour % 24:02}:00", place)
        values = {name: getattr(command, name) for name in type(command).__struct_fields__}
        found.append((endpoint, type(command)(**{**values, "key": field.key(place)})))
    return found


async def everything(house: Any, field: Field) -> str:
    """All that is to be seen of one researcher's work of this run, with his name taken out."""
    ask, mine = house.officer, f"{field.person}."
    reports = [f"report{place}" for place, (name, _hour) in enumerate(field.steps) if name == "report"]
    queries: list[tuple[Endpoint[Any, Any], Any]] = [
        (visiting.GET_VISITS, visiting.GetVisits(caller=ask, ids=(mine + field.id("visit"),))),
        (
            field_records.GET_FIELD_RECORDS,
            field_records.GetFieldRecords(
                caller=ask, ids=tuple(mine + field.id(name) for name in ("lesson", "task", *reports))
            ),
        ),
        (findings.GET_FINDINGS, findings.GetFindings(caller=ask, ids=(field.finding(),))),
        (wire.GET_TERM_WORK, wire.GetTermWork(caller=ask, researcher=field.person, term=TERM)),
    ]
    told = [encode_canonical(await house.call(endpoint, query)).decode() for endpoint, query in queries]
    things: list[tuple[About, str]] = [("visit", "visit"), ("record", "lesson"), ("finding", "found")]
    things += [("record", one) for one in reports]
    for about, name in things:
        asked = ListNotes(caller=ask, about=about, id=mine + field.id(name))
        notes = await house.call(visiting.LIST_NOTES, asked)
        # Not when each came: that is the one thing in which the two differ.
        told += [
            f"{one.key} {one.effect} {one.reason.code if one.reason else ''}" for one in getattr(notes, "items", ())
        ]
    return "\n".join(told).replace(field.person, "somebody")


def at_home(field: Field) -> Residency:
    """A residency at s1, which a plan of a visit to that school claims."""
    return Residency(
        id=field.id(f"home-{field.person}"), plan="plan", person=field.person, school="s1", role="lead", term=TERM,
        starts_on=TERMS[0].starts_on, ends_on=TERMS[0].ends_on,
    )  # fmt: skip


async def both_ends(house: Any, steps: list[tuple[str, int]], seed: int) -> None:
    run, chance = next(_houses), random.Random(seed)
    straight, shuffled = Field(house.district, "r1", run), Field(house.district, "r2", run)
    in_time = sorted(script(straight, steps), key=lambda sent: (sent[1].occurred_at, sent[1].key))
    on_a_poor_line = script(shuffled, steps)
    chance.shuffle(on_a_poor_line)
    twice = [one for one in on_a_poor_line if chance.random() < 0.4]
    placed = [at_home(straight), at_home(shuffled)]
    async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
        await add_residencies(conn, house.district, placed)
    await play(house, in_time)
    # A plan of visits that took the residencies away has no say in what was planned while they stood.
    async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
        await withdraw(conn, house.district, [one.id for one in placed])
    await play(house, [*on_a_poor_line, *twice])
    assert await everything(house, straight) == await everything(house, shuffled)


SCRIPTS = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 95)), min_size=6, max_size=14)


@pytest.mark.parametrize("examples", [20])
async def test_any_order_ends_in_the_same_state(quick_house: Any, examples: int) -> None:
    loop = asyncio.get_running_loop()

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(steps=SCRIPTS, seed=st.integers(0, 10**6))
    def machine(steps: list[tuple[str, int]], seed: int) -> None:
        asyncio.run_coroutine_threadsafe(both_ends(quick_house, steps, seed), loop).result(60)

    await asyncio.to_thread(machine)


WHOLE = [
    ("plan", 0), ("prepare", 3), ("arrive", 8), ("observe", 10), ("comment", 11), ("find", 12), ("leave", 16),
    ("remedy", 30), ("recheck", 40), ("recheck", 41), ("task", 50), ("report", 60), ("report", 61), ("withdraw", 62),
    ("arrive", 9), ("cancel", 1),
]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_whole_visit_in_any_order_on_either_store(house: Any, seed: int) -> None:
    await both_ends(house, WHOLE, seed)
