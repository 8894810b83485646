"""Sessions: announced ahead by who runs them, changed only before they begin, found by who may see them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_credits.attendance.assess_session import is_exact
from yanxiu_wire import attendance as wire
from yanxiu_wire.message import Page

from tests.services.credits.attendance.conftest import DAY, END, START, MovingClock, School, china


async def test_a_school_announces_a_session_of_its_own(school: School) -> None:
    session = await school.session(facts={"mode": "school"})
    assert (session.school, session.state, session.hours) == ("school-1", "scheduled", 2)
    assert (session.check_in_from, session.check_in_until) == (china(8, 45), china(9, 15))
    found = await school.call(wire.GET_SESSIONS, ids=(session.id, "none"))
    assert found.items == (session, None)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"title": "  "}, "TEXT_MALFORMED", "title"),
        ({"starts_at": datetime(2025, 3, 14, 9)}, "INSTANT_WITHOUT_ZONE", "starts_at"),  # noqa: DTZ001 - what is tested
        ({"ends_at": START}, "TIME_OUT_OF_ORDER", "ends_at"),
        ({"on": date(2025, 3, 15)}, "DAY_MISMATCH", "starts_at"),
        ({"ends_at": china(0, 30, date(2025, 3, 15))}, "DAY_MISMATCH", "ends_at"),
        ({"hours": Decimal(0)}, "HOURS_OUT_OF_RANGE", "hours"),
        ({"hours": Decimal("24.1")}, "HOURS_OUT_OF_RANGE", "hours"),
        ({"hours": Decimal("0.0000001")}, "HOURS_OUT_OF_RANGE", "hours"),
        ({"opens_before": 241}, "MINUTES_OUT_OF_RANGE", "opens_before"),
        ({"closes_after": -1}, "MINUTES_OUT_OF_RANGE", "closes_after"),
        ({"project": "none"}, "PROJECT_UNKNOWN", "project"),
        ({"school": "school-2"}, "SCHOOL_UNKNOWN", "school"),
        ({"facts": {"colour": "red"}}, "FACT_MALFORMED", "facts.colour"),
        ({"facts": {"score": "high"}}, "FACT_MALFORMED", "facts.score"),
        ({"facts": {"project_approved": True}}, "FACT_MALFORMED", "facts.project_approved"),
        ({"on": date(2019, 3, 14), "starts_at": china(9, day=date(2019, 3, 14)),
          "ends_at": china(11, day=date(2019, 3, 14))}, "SESSION_OVER", "ends_at"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused_by_name(
    school: School, error_of: Any, changes: dict[str, Any], code: str, field: str
) -> None:
    assert error_of(await school.announce(**changes), code).field == field
    assert (await school.house.counts())["training_session"] == 0


async def test_a_text_is_called_what_it_is(school: School, error_of: Any) -> None:
    refused = error_of(await school.announce(title="x" * 201), "TEXT_MALFORMED")
    assert refused.message_zh == "场次名称不能为空，且不超过200字。"


@pytest.mark.parametrize("hours", ["NaN", "Infinity", "1e20", "1e-7"])
def test_what_is_no_exact_number_is_no_hours(hours: str) -> None:
    assert not is_exact(Decimal(hours))


async def test_a_day_begins_and_ends_in_china(school: School) -> None:
    """Half past midnight in China is the evening before in UTC."""
    early = await school.session(on=date(2025, 3, 15), starts_at=china(0, 30, date(2025, 3, 15)),
                                 ends_at=china(23, 59, date(2025, 3, 15)))  # fmt: skip
    assert early.on == date(2025, 3, 15)
    assert early.starts_at.isoformat() == "2025-03-14T16:30:00+00:00"


async def test_an_officer_announces_for_any_school_that_exists_or_for_all(school: School, error_of: Any) -> None:
    assert (await school.session(school.officer, school="school-2")).school == "school-2"
    assert (await school.session(school.officer)).school is None
    error_of(await school.announce(school.officer, school="school-9"), "SCHOOL_UNKNOWN")
    for role in ("auditor", "supervisor", "researcher", "teacher"):
        error_of(await school.announce(school.house.caller(role)), "FORBIDDEN")


async def test_before_it_begins_a_session_is_corrected_and_its_window_moves_along(
    school: School, clock: MovingClock, error_of: Any
) -> None:
    session = await school.session(closes_after=30)
    later = await school.call(
        wire.CORRECT_SESSION, session=session.id, starts_at=china(14), ends_at=china(16), hours=Decimal("1.5")
    )
    moved = later.session
    assert (moved.check_in_from, moved.check_in_until) == (china(13, 45), china(14, 30))
    assert (moved.hours, moved.title, moved.version) == (Decimal("1.5"), session.title, 2)
    clock.set(china(14))
    error_of(await school.call(wire.CORRECT_SESSION, session=session.id, title="别的"), "SESSION_BEGUN")
    error_of(await school.call(wire.CANCEL_SESSION, session=session.id, reason="迟了"), "SESSION_BEGUN")


async def test_a_correction_is_held_to_the_same_rules(school: School, error_of: Any) -> None:
    session = await school.session()
    error_of(await school.call(wire.CORRECT_SESSION, session=session.id, hours=Decimal(25)), "HOURS_OUT_OF_RANGE")
    error_of(await school.call(wire.CORRECT_SESSION, session=session.id, ends_at=china(8)), "TIME_OUT_OF_ORDER")
    assert (await school.call(wire.GET_SESSIONS, ids=(session.id,))).items == (session,)


async def test_a_cancelled_session_takes_nobody(school: School, clock: MovingClock, error_of: Any) -> None:
    session = await school.session()
    token = await school.token(session)
    error_of(await school.call(wire.CANCEL_SESSION, session=session.id, reason=" "), "REASON_MISSING")
    off = await school.call(wire.CANCEL_SESSION, session=session.id, reason="停电")
    assert (off.state, off.cancel_reason) == ("cancelled", "停电")
    clock.set(START)
    error_of(await school.use(token), "SESSION_CANCELLED")
    error_of(await school.call(wire.ISSUE_CHECK_IN, school.teacher("t1"), session=session.id), "SESSION_CANCELLED")
    error_of(await school.settle(session), "SESSION_CANCELLED")
    error_of(await school.close(session), "SESSION_CANCELLED")


async def test_another_schools_session_is_unknown_and_the_districts_is_run_by_officers(
    school: School, error_of: Any
) -> None:
    theirs = await school.session(school.officer, school="school-2")
    of_all = await school.session(school.officer)
    for endpoint, more in (
        (wire.CORRECT_SESSION, {"title": "改"}), (wire.CANCEL_SESSION, {"reason": "改"}), (wire.CLOSE_SESSION, {}),
    ):  # fmt: skip
        error_of(await school.call(endpoint, session=theirs.id, **more), "SESSION_UNKNOWN")
        error_of(await school.call(endpoint, session=of_all.id, **more), "SESSION_UNKNOWN")
    assert (await school.call(wire.GET_SESSIONS, ids=(theirs.id, of_all.id))).items == (None, of_all)
    assert (await school.call(wire.GET_SESSIONS, school.teacher("t3"), ids=(theirs.id,))).items == (theirs,)
    pages = await school.call(wire.LIST_ATTENDANCE, sessions=(theirs.id,))
    assert pages.pages[0].total == 0


async def test_sessions_are_listed_by_time_project_school_and_teacher(school: School, clock: MovingClock) -> None:
    project = (await school.house.project()).id
    later = await school.session(title="三", starts_at=china(15), ends_at=china(16), project=project)
    first = await school.session(title="一")
    second = await school.session(school.officer, title="二", starts_at=china(13), ends_at=china(14))
    clock.set(START)
    await school.arrive(first)

    async def titles(**asked: Any) -> list[str]:
        return [one.title for one in (await school.call(wire.LIST_SESSIONS, school.officer, **asked)).items]

    assert await titles() == ["一", "二", "三"]
    assert await titles(project=project) == ["三"]
    assert await titles(school="school-1") == ["一", "三"]
    assert await titles(teacher="t1") == ["一"]
    assert await titles(since=END, until=china(15)) == ["二"]
    page = await school.call(wire.LIST_SESSIONS, school.officer, page=Page(first=2))
    assert ([one.title for one in page.items], page.has_next, page.total) == (["一", "二"], True, 3)
    rest = await school.call(wire.LIST_SESSIONS, school.officer, page=Page(first=2, after=page.cursors[-1]))
    assert [one.id for one in rest.items] == [later.id]
    assert second.school is None


async def test_hours_beyond_the_projects_plan_and_overlaps_are_told(puer: School) -> None:
    planned = {"mode": "network", "level": "provincial", "hours_planned": "3"}
    project = (await puer.house.project(planned)).id
    assert (await puer.announce(project=project)).warnings == ()
    told = await puer.announce(project=project, starts_at=china(10), ends_at=china(12), hours=Decimal("1.5"))
    assert [(one.code, one.value) for one in told.warnings][:1] == [("HOURS_BEYOND_PLAN", "3.5")]
    assert [one.code for one in told.warnings][1:] == ["SESSION_OVERLAPS"]
    assert all(one.message_zh and one.remedy_en for one in told.warnings)
    assert (await puer.house.counts())["training_session"] == 2


async def test_a_session_is_announced_once_for_a_key(school: School) -> None:
    first = await school.announce(key="announce-once")
    again = await school.announce(key="announce-once")
    assert (again.replayed, again.session) == (True, first.session)
    assert first.session.ends_at - first.session.starts_at == timedelta(hours=2)
    assert first.session.on == DAY
