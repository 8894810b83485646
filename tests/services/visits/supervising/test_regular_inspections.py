"""The regular inspections of a school year entered for many schools, and a team with a researcher in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from yanxiu_wire import regular_inspections as regular
from yanxiu_wire import supervision as wire

from tests.services.visits.supervising.test_supervision import MIXED, YEAR, appoint, do, report, schedule

ErrorOf = Callable[[Any, str], Any]
DAY = date(2024, 10, 15)


async def enter(house: Any, team: str, *rows: tuple[str, date], **given: Any) -> Any:
    asked = {
        "school_year": YEAR, "team": team, "supervisors": ("r1",),
        "rows": tuple(regular.RegularInspection(school=school, due_on=on) for school, on in rows), **given,
    }  # fmt: skip
    return await do(house, regular.SCHEDULE_REGULAR_INSPECTIONS, regular.ScheduleRegularInspections, **asked)


async def held_by(house: Any, caller: Any, **given: Any) -> list[str]:
    page = await house.call(wire.LIST_INSPECTIONS, wire.ListInspections(caller=caller, **given))
    return sorted(one.school for one in page.items)


async def test_each_row_is_entered_or_refused_and_none_twice(ouhai_on_each: Any, error_of: ErrorOf) -> None:
    house = ouhai_on_each
    team = (await appoint(house)).id
    by = {"supervisors": ("bureau-1",)}
    rows = (("s1", DAY), ("nowhere", DAY), ("s2", date(2025, 9, 1)), ("s1", DAY), ("s3", DAY))
    made = await enter(house, team, *rows, **by)
    assert [one.school for one in made.entered] == ["s1", "s3"]
    assert {len(one.form) for one in made.entered} == {12}
    assert [(one.row, one.school, one.errors[0].code) for one in made.refused] == [
        (1, "nowhere", "SCHOOL_UNKNOWN"),
        (2, "s2", "DAY_OUTSIDE_YEAR"),
        (3, "s1", "ALREADY_SCHEDULED"),
    ]
    again = await enter(house, team, ("s1", DAY), ("s2", DAY), ("s3", DAY), **by)
    assert ([one.school for one in again.entered], [one.school for one in again.refused]) == (["s2"], ["s1", "s3"])
    assert error_of(await schedule(house, team, "s1"), "ALREADY_SCHEDULED").value == made.entered[0].id
    # One that was cancelled is owed anew.
    cancel = {"inspection": made.entered[0].id, "reason": "台风停课"}
    await do(house, wire.CANCEL_INSPECTION, wire.CancelInspection, **cancel)
    assert [one.school for one in (await enter(house, team, ("s1", DAY))).entered] == ["s1"]
    error_of(await enter(house, team), "TOO_MANY")
    error_of(await enter(house, "nobody", ("s1", DAY)), "TEAM_UNKNOWN")
    error_of(await enter(house, team, ("s1", DAY), school_year="2031-2032"), "SCHOOL_YEAR_UNKNOWN")
    late = await enter(house, team, ("s1", DAY), supervisors=("r2",))
    assert [one.errors[0].code for one in late.refused] == ["NOT_IN_TEAM"]


async def test_a_researcher_in_the_team_sees_and_reports_what_he_holds(ouhai: Any, error_of: ErrorOf) -> None:
    members = (*MIXED, wire.Supervisor(person="t1", side="professional"))
    team = (await appoint(ouhai, members)).id
    first = (await enter(ouhai, team, ("s1", DAY), ("s2", DAY))).entered[0]
    third = await schedule(ouhai, team, "s3", supervisors=("t1",))
    researcher, teacher = ouhai.researcher("r1"), ouhai.caller("teacher", teacher="t1")
    assert await held_by(ouhai, researcher) == ["s1", "s2"]
    assert await held_by(ouhai, ouhai.researcher("r2")) == []
    assert await held_by(ouhai, teacher) == ["s3"]
    error_of(await report(ouhai, third, caller=researcher), "INSPECTION_UNKNOWN")
    error_of(await report(ouhai, first, caller=researcher, reporter="t1"), "NOT_IN_TEAM")
    error_of(await report(ouhai, first, caller=ouhai.school("s1")), "FORBIDDEN")
    assert (await report(ouhai, first, caller=researcher)).reported_by == "r1"
    assert (await report(ouhai, third, caller=teacher)).reported_by == "t1"
    for endpoint, message, given in (
        (wire.COMMIT_DRAW, wire.CommitDraw, {"school_year": YEAR, "count": 1}),
        (wire.CANCEL_INSPECTION, wire.CancelInspection, {"inspection": first.id, "reason": "x"}),
    ):
        error_of(await do(ouhai, endpoint, message, researcher, **given), "FORBIDDEN")


async def test_a_drawn_school_whose_inspection_was_cancelled_is_inspected_anew(ouhai: Any, error_of: ErrorOf) -> None:
    team = (await appoint(ouhai)).id
    draw = await do(ouhai, wire.COMMIT_DRAW, wire.CommitDraw, school_year=YEAR, count=1)
    reveal = {"draw": draw.id, "witness": "x"}
    shown = await do(ouhai, wire.REVEAL_DRAW, wire.RevealDraw, ouhai.caller("supervisor"), **reveal)
    today = ouhai.service.clock.today()
    random = {"kind": "random", "draw": draw.id, "due_on": today, "supervisors": ("bureau-1",)}
    made = await schedule(ouhai, team, shown.drawn[0], **random)
    await do(ouhai, wire.CANCEL_INSPECTION, wire.CancelInspection, inspection=made.id, reason="台风停课")
    anew = await schedule(ouhai, team, shown.drawn[0], **random)
    assert anew.state == "scheduled"
    error_of(await schedule(ouhai, team, shown.drawn[0], **random), "ALREADY_SCHEDULED")


async def test_a_law_without_supervision_says_so(quick_house: Any, error_of: ErrorOf) -> None:
    given = {"name": "督导一组", "since": date(2024, 9, 1), "members": MIXED}
    error_of(await do(quick_house, wire.APPOINT_TEAM, wire.AppointTeam, **given), "NO_SUCH_RULE")
    error_of(await do(quick_house, wire.COMMIT_DRAW, wire.CommitDraw, school_year=YEAR, count=1), "NO_SUCH_RULE")
