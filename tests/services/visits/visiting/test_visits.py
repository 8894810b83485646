"""Visits through the service: who may note what, what is refused by itself, and what is kept and marked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from yanxiu_visits.planning.residency_store import add_residencies
from yanxiu_wire import visiting as wire
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page
from yanxiu_wire.noting import ListNotes
from yanxiu_wire.registry import PackBinding
from yanxiu_wire.residency import Residency

from tests.services.visits.conftest import TERMS
from tests.services.visits.field import TERM, Sender, new_id

ErrorOf = Callable[[Any, str], Any]


@pytest.fixture
def me(quick_house: Any) -> Sender:
    return Sender(district=quick_house.district)


@pytest.fixture
def officer(quick_house: Any) -> Sender:
    return Sender("institute-officer", None, district=quick_house.district)


async def test_a_visit_from_its_plan_to_its_end(house: Any) -> None:
    me, visit = Sender(district=house.district), new_id("visit")
    planned = await house.call(wire.PLAN_VISIT, me.plan(visit, phase="期中"))
    assert isinstance(planned, wire.VisitNoted), planned
    assert (planned.effect, planned.visit.state, planned.visit.id) == ("applied", "planned", f"r1.{visit}")
    assert planned.visit.missing == ("goal", "focus", "tasks")
    prepared = await house.call(wire.PREPARE_VISIT, me.prepare(visit))
    assert prepared.visit.missing == ()
    arrival = me.arrive(visit)
    there = await house.call(wire.ARRIVE_AT_SCHOOL, arrival)
    assert (there.visit.state, there.visit.unprepared, there.cautions) == ("under-way", None, ())
    done = await house.call(wire.LEAVE_SCHOOL, me.leave(visit, half_days=1))
    assert (done.visit.state, done.visit.half_days) == ("done", 1)
    again = await house.call(wire.ARRIVE_AT_SCHOOL, arrival)
    assert (again.replayed, again.visit) == (True, there.visit)
    (found,) = (await house.call(wire.GET_VISITS, wire.GetVisits(caller=me.caller, ids=(done.visit.id,)))).items
    assert found == done.visit
    notes = await house.call(wire.LIST_NOTES, ListNotes(caller=house.officer, about="visit", id=found.id))
    assert [one.kind for one in notes.items] == ["plan-visit", "prepare-visit", "arrive-at-school", "leave-school"]
    assert {(one.author, one.typist, one.effect) for one in notes.items} == {("r1", "token-r1", "applied")}
    assert len(await house.rows("note")) == 4


async def test_begun_without_its_preparation_a_visit_is_kept_and_marked_with_the_clause(
    quick_house: Any, me: Sender
) -> None:
    visit = new_id("visit")
    await quick_house.call(wire.PLAN_VISIT, me.plan(visit, goal="提升", tasks=("听课",)))
    there = await quick_house.call(wire.ARRIVE_AT_SCHOOL, me.arrive(visit))
    assert there.visit.unprepared == wire.Unprepared(missing=("focus",), clauses=("MADE-1",))
    (caution,) = there.cautions
    assert (caution.code, caution.clauses) == ("UNPREPARED", ("MADE-1",))
    assert "工作重点" in caution.message_zh
    # A preparation that was made in time and came late takes the mark away again, and says so.
    late = await quick_house.call(wire.PREPARE_VISIT, me.prepare(visit, "10-13 20:00", focus="阅读"))
    assert (late.visit.unprepared, late.visit.prepared_late) == (None, True)


async def test_the_author_is_the_visitor_and_the_typist_is_kept_beside_him(
    quick_house: Any, officer: Sender, error_of: ErrorOf
) -> None:
    visit = new_id("visit")
    error_of(await quick_house.call(wire.PLAN_VISIT, officer.plan(visit)), "NOT_YOUR_WORK")
    typed = await quick_house.call(wire.PLAN_VISIT, officer.plan(visit, researcher="r2"))
    assert (typed.visit.researcher, typed.visit.id) == ("r2", f"r2.{visit}")
    (note,) = (
        await quick_house.call(
            wire.LIST_NOTES, ListNotes(caller=quick_house.researcher("r2"), about="visit", id=typed.visit.id)
        )
    ).items
    assert (note.author, note.typist, note.typist_role) == ("r2", "token-institute-officer", "institute-officer")
    other = Sender(district=quick_house.district)
    error_of(await quick_house.call(wire.PLAN_VISIT, other.plan(new_id("visit"), researcher="r2")), "NOT_YOUR_WORK")
    error_of(await quick_house.call(wire.CANCEL_VISIT, other.cancel(typed.visit.id)), "ID_MALFORMED")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"visit": "short"}, "ID_MALFORMED", "visit"),
        ({"visit": "r2.visit-00000001"}, "ID_MALFORMED", "visit"),
        ({"school": "nowhere"}, "SCHOOL_UNKNOWN", "school"),
        ({"term": "2030-2031-1"}, "TERM_UNKNOWN", "term"),
        ({"on": "08-20"}, "OUTSIDE_TERM", "on"),
        ({"days": ()}, "TOO_MANY", "days"),
        ({"half_days": 3}, "DAYS_MALFORMED", "half_days"),
        ({"days": (wire.PlannedDay(on=date(2024, 10, 14)),) * 2}, "DAYS_MALFORMED", "days"),
        ({"phase": "开学"}, "NOT_ONE_OF", "phase"),
        ({"goal": "长" * 4001}, "TEXT_MALFORMED", "goal"),
        ({"tasks": (" ",)}, "TEXT_MALFORMED", "tasks"),
        ({"when": "10-18 18:10"}, "INSTANT_IN_FUTURE", "occurred_at"),
    ],
)
async def test_what_is_refused_names_its_field_and_leaves_nothing(
    quick_house: Any, me: Sender, error_of: ErrorOf, changes: dict[str, Any], code: str, field: str
) -> None:
    given = {"visit": new_id("visit"), **changes}
    assert error_of(await quick_house.call(wire.PLAN_VISIT, me.plan(**given)), code).field == field
    assert await quick_house.rows("note") == []
    assert await quick_house.rows("visit") == []


async def test_a_plan_claims_no_residency_but_the_researchers_own_at_that_school(
    quick_house: Any, me: Sender, error_of: ErrorOf
) -> None:
    def stay(name: str, **facts: Any) -> Residency:
        given = {"person": "r1", "school": "s1", "term": TERM, "starts_on": TERMS[0].starts_on, **facts}
        return Residency(id=name, plan="p", role="lead", ends_on=TERMS[0].ends_on, **given)

    stays = [
        stay("own"), stay("batch", term=None), stay("another", person="r2"), stay("elsewhere", school="s2"),
        stay("next-term", term="2024-2025-2"), stay("later", starts_on=date(2024, 10, 15)),
    ]  # fmt: skip
    async with quick_house.service.databases.write(quick_house.district, Deadline.after(10)) as conn:
        await add_residencies(conn, quick_house.district, stays)
    for name in ("nowhere", "another", "elsewhere", "next-term", "later"):
        refused = await quick_house.call(wire.PLAN_VISIT, me.plan(new_id("visit"), residency=name))
        assert (error_of(refused, "RESIDENCY_UNKNOWN").field, refused.errors[0].value) == ("residency", name)
    for name in ("own", "batch"):
        made = await quick_house.call(wire.PLAN_VISIT, me.plan(new_id("visit"), residency=name))
        assert made.visit.residency == name


async def test_a_clock_that_is_a_little_ahead_is_believed(quick_house: Any, me: Sender) -> None:
    ahead = await quick_house.call(wire.PLAN_VISIT, me.plan(new_id("visit"), "10-18 18:01"))
    assert isinstance(ahead, wire.VisitNoted)


async def test_what_is_refused_for_now_is_kept_when_its_reason_is_gone(
    quick_house: Any, me: Sender, error_of: ErrorOf
) -> None:
    """A school that the registry announces later: the same key, sent again, is accepted once."""
    plan = me.plan(new_id("visit"), school="s9")
    error_of(await quick_house.call(wire.PLAN_VISIT, plan), "SCHOOL_UNKNOWN")
    await quick_house.open("s9")
    await quick_house.until(lambda rows: "s9" in {row["school"] for row in rows}, "school_fact")
    assert (await quick_house.call(wire.PLAN_VISIT, plan)).visit.school == "s9"
    assert (await quick_house.call(wire.PLAN_VISIT, plan)).replayed


async def test_a_page_shows_each_caller_what_is_his(quick_house: Any, me: Sender) -> None:
    other = Sender(person="r2", district=quick_house.district)
    mine = [new_id("mine") for _ in range(3)]
    for place, visit in enumerate(mine):
        await quick_house.call(wire.PLAN_VISIT, me.plan(visit, on=f"10-{21 + place}", school=f"s{1 + place % 2}"))
    theirs = new_id("theirs")
    await quick_house.call(wire.ARRIVE_AT_SCHOOL, other.arrive(theirs))
    await quick_house.call(wire.CANCEL_VISIT, me.cancel(new_id("adrift")))

    async def ids(caller: Any, **asked: Any) -> list[str]:
        page = await quick_house.call(wire.LIST_VISITS, wire.ListVisits(caller=caller, **asked))
        assert page.total == len(page.items)
        return [one.id.partition(".")[2].partition("-")[0] + one.id.partition(".")[0] for one in page.items]

    assert await ids(quick_house.officer) == ["theirsr2", "miner1", "miner1", "miner1", "adriftr1"]
    assert await ids(me.caller) == ["miner1", "miner1", "miner1", "adriftr1"]
    assert await ids(quick_house.school("s1")) == ["theirsr2", "miner1", "miner1"]
    assert await ids(quick_house.school("s3")) == []
    assert await ids(quick_house.officer, state="incomplete") == ["adriftr1"]
    assert await ids(quick_house.officer, unprepared=True) == ["theirsr2"]
    assert await ids(quick_house.officer, since=date(2024, 10, 22), until=date(2024, 10, 22)) == ["miner1"]
    assert await ids(quick_house.officer, researcher="r2", term=TERM) == ["theirsr2"]
    first = await quick_house.call(wire.LIST_VISITS, wire.ListVisits(caller=me.caller, page=Page(first=2)))
    rest = await quick_house.call(
        wire.LIST_VISITS, wire.ListVisits(caller=me.caller, page=Page(first=2, after=first.cursors[-1]))
    )
    assert (first.has_next, rest.has_next, first.total) == (True, False, 4)
    assert len({one.id for one in (*first.items, *rest.items)}) == 4
    seen = wire.GetVisits(caller=quick_house.school("s2"), ids=(f"r2.{theirs}",))
    assert (await quick_house.call(wire.GET_VISITS, seen)).items == (None,)
    hidden = ListNotes(caller=quick_house.school("s2"), about="visit", id=f"r2.{theirs}")
    assert (await quick_house.call(wire.LIST_NOTES, hidden)).errors[0].code == "VISIT_UNKNOWN"


async def test_roles_without_a_part_in_visits_are_turned_away(quick_house: Any, me: Sender, error_of: ErrorOf) -> None:
    for role in ("school-leader", "teacher", "supervisor", "auditor"):
        sender = Sender(role, "t1", school="s1", district=quick_house.district)
        error_of(await quick_house.call(wire.PLAN_VISIT, sender.plan(new_id("visit"))), "FORBIDDEN")
    stranger = Sender(person="t1", district=quick_house.district)
    error_of(await quick_house.call(wire.PLAN_VISIT, stranger.plan(new_id("visit"))), "RESEARCHER_UNKNOWN")


async def test_every_change_is_announced(quick_house: Any, me: Sender) -> None:
    visit = new_id("visit")
    await quick_house.call(wire.PLAN_VISIT, me.plan(visit))
    (row,) = await quick_house.rows("outbox")
    assert row["subject"].endswith(f"field-work-changed.{quick_house.district}")
    assert b'"school":"s1"' in row["body"]


async def test_while_the_law_cannot_be_used_a_visit_stays_as_it_was(
    quick_house: Any, me: Sender, error_of: ErrorOf
) -> None:
    """A mark must not go because a rule pack is missing for an hour; the note comes again."""
    visit, late = new_id("visit"), me.prepare(new_id("other"))
    there = await quick_house.call(wire.ARRIVE_AT_SCHOOL, me.arrive(visit))
    assert there.visit.unprepared is not None
    since = date(2020, 1, 1)
    await quick_house.bind(PackBinding(pack="broken", since=since), version=2)
    await quick_house.until(lambda rows: [row["version"] for row in rows] == [2], "district_fact")
    left = me.leave(visit)
    error_of(await quick_house.call(wire.LEAVE_SCHOOL, left), "LAW_UNUSABLE")
    (row,) = await quick_house.rows("visit")
    assert (row["state"], row["unprepared"]) == ("under-way", True)
    assert isinstance(await quick_house.call(wire.PREPARE_VISIT, late), wire.VisitNoted)  # of no known day yet
    await quick_house.bind(PackBinding(pack="made", since=since), version=3)
    await quick_house.until(lambda rows: [row["version"] for row in rows] == [3], "district_fact")
    done = await quick_house.call(wire.LEAVE_SCHOOL, left)
    assert (done.visit.state, done.visit.unprepared) == ("done", there.visit.unprepared)
