"""Blind review and conflicts of interest: what a reviewer's list tells him, and whose marks count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from yanxiu_visits.awards.tables import award_review_number
from yanxiu_visits.planning.residency_store import add_residencies
from yanxiu_wire import awards as wire
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.residency import Residency

from tests.services.visits.awards.test_awards import (
    CASE,
    SCHOOL,
    YEAR,
    appoint,
    do,
    done,
    items,
    listed,
    name,
    opened,
    score,
    set_day,
)
from tests.stores import never_changed

__all__ = ["set_day"]
ErrorOf = Callable[[Any, str], Any]
SetDay = Callable[[date], None]


async def declare(house: Any, who: str, *, caller: Any = None, **given: Any) -> Any:
    mine = caller or house.caller("researcher", teacher=who)
    return await do(house, wire.DECLARE_CONFLICT, wire.DeclareConflict, mine, year=YEAR, **given)


async def start(house: Any) -> None:
    await done(house, wire.START_SCORING, wire.StartScoring, year=YEAR)


async def cases_of(house: Any, *schools: str) -> None:
    """A case of each school, whose statement says nothing but a letter."""
    for school in schools:
        made = await name(house, CASE, f"案例{school}", school, statement=f"研修{school[-1]}")
        assert isinstance(made, wire.Nomination), made


async def seen(house: Any, reviewer: str) -> dict[str, int]:
    """What is on a reviewer's list: statement -> number."""
    return {one.statement: one.number for one in await items(house, reviewer)}


async def test_the_numbers_on_a_list_have_no_gap_and_are_the_reviewers_own(ouhai_on_each: Any) -> None:
    house = ouhai_on_each
    await house.open(*(f"c{number}" for number in range(8)))
    await house.until(lambda rows: len(rows) == 11, "school_fact")
    await opened(house)
    for number in range(8):
        made = await name(house, CASE, f"案例{number}", f"c{number}", statement=f"做法{number}")
        assert isinstance(made, wire.Nomination), made
    await appoint(house, "r1", "r2", "t1", categories=(CASE,))
    await done(house, wire.DECLARE_CONFLICT, wire.DeclareConflict, house.researcher(), year=YEAR, schools=("c3",))
    await start(house)
    lists = [await seen(house, reviewer) for reviewer in ("r1", "r2", "t1")]
    assert [sorted(one.values()) for one in lists] == [list(range(1, 8)), list(range(1, 9)), list(range(1, 9))]
    assert "做法3" not in lists[0]
    # Of 8! orders two reviewers share one by chance once in 40 320 times; the officers' numbers are a third order.
    officers = {one.statement: one.number for one in await listed(house)}
    assert not lists[1] == lists[2] == officers
    shown = str(await items(house, "r1"))
    assert "'c1'" not in shown
    assert "test-" not in shown
    with never_changed():
        async with house.service.databases.write(house.district, Deadline.after(5)) as conn:
            await conn.execute(sa.update(award_review_number).values(number=99))


async def test_a_conflict_declared_while_marks_are_given_tells_nothing_and_takes_the_marks(
    ouhai: Any, error_of: ErrorOf
) -> None:
    await opened(ouhai)
    await cases_of(ouhai, "s1", "s2")
    await appoint(ouhai, "r1", categories=(CASE,))
    await start(ouhai)
    before = await seen(ouhai, "r1")
    for number in before.values():
        assert isinstance(await score(ouhai, "r1", CASE, number, 80), wire.NominationScored)
    for stranger, code in (({"schools": ("nowhere",)}, "SCHOOL_UNKNOWN"), ({"people": ("nobody",)}, "PERSON_UNKNOWN")):
        error_of(await declare(ouhai, "r1", **stranger), code)
    made = await declare(ouhai, "r1", schools=("s2",))
    assert (made.declared_schools, made.history[-1].what, made.history[-1].by) == (
        ("s2",), "conflict", "test-researcher",
    )  # fmt: skip
    assert await seen(ouhai, "r1") == before, "a number that vanished would tell whose it was"
    late = error_of(await do(ouhai, wire.RANK_AWARDS, wire.RankAwards, year=YEAR), "UNDER_REVIEWED")
    mine = {one.school: one.number for one in await listed(ouhai)}
    assert late.value == f"{CASE} {mine['s2']}"
    await appoint(ouhai, "r2", categories=(CASE,))
    await score(ouhai, "r2", CASE, (await seen(ouhai, "r2"))["研修2"], 60)
    await done(ouhai, wire.RANK_AWARDS, wire.RankAwards, year=YEAR)
    assert {one.school: (one.mean, one.reviews) for one in await listed(ouhai)} == {
        "s1": ("80/1", 1), "s2": ("60/1", 1),
    }  # fmt: skip


async def test_once_ranked_a_conflict_is_an_objection(ouhai: Any, error_of: ErrorOf) -> None:
    await opened(ouhai)
    await cases_of(ouhai, "s1")
    await appoint(ouhai, "r1", categories=(CASE,))
    await start(ouhai)
    await score(ouhai, "r1", CASE, 1, 80)
    await done(ouhai, wire.RANK_AWARDS, wire.RankAwards, year=YEAR)
    officer = {"caller": ouhai.officer, "reviewer": "r1", "reason": "举报"}
    for given in ({}, officer):
        refused = error_of(await declare(ouhai, "r1", schools=("s1",), **given), "REVIEWING_OVER")
        assert "raiseAwardObjection" in refused.remedy_en
    gone = {"year": YEAR, "reviewer": "r1", "categories": (), "reason": "举报"}
    error_of(await do(ouhai, wire.APPOINT_REVIEWER, wire.AppointReviewer, **gone), "REVIEWING_OVER")


async def test_marks_of_a_reviewer_taken_off_do_not_count_and_why_is_kept(ouhai: Any, error_of: ErrorOf) -> None:
    await opened(ouhai)
    await cases_of(ouhai, "s1")
    await appoint(ouhai, "r1", "r2", categories=(CASE,))
    await start(ouhai)
    await score(ouhai, "r1", CASE, 1, 100)
    away = {"year": YEAR, "reviewer": "r1", "categories": ()}
    appointing = (wire.APPOINT_REVIEWER, wire.AppointReviewer)
    error_of(await do(ouhai, *appointing, **away), "TEXT_MALFORMED")
    made = await done(ouhai, *appointing, **away, reason="与参评教师有亲属关系")
    assert [(one.what, one.categories, one.reason, one.by) for one in made.history] == [
        ("appointed", (CASE,), "", "test-institute-officer"),
        ("appointed", (), "与参评教师有亲属关系", "test-institute-officer"),
    ]
    error_of(await do(ouhai, wire.RANK_AWARDS, wire.RankAwards, year=YEAR), "UNDER_REVIEWED")
    await score(ouhai, "r2", CASE, 1, 40)
    # An officer who declares a conflict for a reviewer says why: it takes marks from him.
    for_him = {"caller": ouhai.officer, "reviewer": "r2", "people": ("t1",)}
    error_of(await declare(ouhai, "r2", **for_him), "TEXT_MALFORMED")
    told = await declare(ouhai, "r2", **for_him, reason="师徒结对")
    assert (told.history[-1].people, told.history[-1].reason, told.history[-1].role) == (
        ("t1",), "师徒结对", "institute-officer",
    )  # fmt: skip
    await done(ouhai, wire.RANK_AWARDS, wire.RankAwards, year=YEAR)
    assert [(one.mean, one.reviews) for one in await listed(ouhai)] == [("40/1", 1)]


async def test_a_school_that_a_reviewer_came_to_while_reviewing_is_his_own(ouhai: Any, set_day: SetDay) -> None:
    """The awards of 2024 are reviewed in 2025: where he works then is as near to him as where he worked before."""
    await ouhai.employ("t8", "s3", date(2025, 2, 1))
    await ouhai.until(lambda rows: any(row["teacher"] == "t8" for row in rows), "teacher_fact")
    set_day(date(2025, 6, 2))
    await opened(ouhai)
    await cases_of(ouhai, "s1")
    schools = await name(ouhai, SCHOOL, "s3", "s3", statement="三所")
    assert isinstance(schools, wire.Nomination)
    await appoint(ouhai, "t8", categories=(CASE, SCHOOL))
    await start(ouhai)
    assert set(await seen(ouhai, "t8")) == {"研修1"}


async def test_a_rival_judges_nothing_of_the_category_he_or_his_school_stands_in(ouhai: Any) -> None:
    await opened(ouhai)
    await cases_of(ouhai, "s1")
    for school in ("s1", "s2"):
        made = await name(ouhai, SCHOOL, school, school, statement=f"学校{school[-1]}")
        assert isinstance(made, wire.Nomination), made
    await appoint(ouhai, "t3", "r1", categories=(SCHOOL, CASE))
    await start(ouhai)
    # t3 is of s2, which stands for the schools' award: of that he judges nothing, of the cases what is not his own.
    assert set(await seen(ouhai, "t3")) == {"研修1"}
    assert set(await seen(ouhai, "r1")) == {"研修1", "学校1", "学校2"}


async def test_who_guided_a_school_does_not_judge_it(ouhai: Any) -> None:
    stay = Residency(
        id="x", plan="p", person="r1", school="s1", role="lead", term="2024-2025-1",
        starts_on=date(2024, 9, 2), ends_on=date(2025, 1, 17),
    )  # fmt: skip
    async with ouhai.service.databases.write(ouhai.district, Deadline.after(10)) as conn:
        await add_residencies(conn, ouhai.district, [stay])
    await opened(ouhai)
    await cases_of(ouhai, "s1", "s2")
    await appoint(ouhai, "r1", "r2", categories=(CASE,))
    await start(ouhai)
    assert (set(await seen(ouhai, "r1")), set(await seen(ouhai, "r2"))) == ({"研修2"}, {"研修1", "研修2"})


async def test_a_reviewer_reads_nothing_but_his_list_and_a_school_not_its_number(ouhai: Any, error_of: ErrorOf) -> None:
    categories = await opened(ouhai)
    assert {one: categories[one].quota for one in categories} == {
        "精品课程": 10, SCHOOL: 10, "先进教研组": 30, "优秀教研组长": 30, CASE: 50,
    }  # fmt: skip
    await cases_of(ouhai, "s1", "s3")
    await appoint(ouhai, "r1", "t1", categories=(CASE,))
    await start(ouhai)
    assert await seen(ouhai, "r1") == {}, "r1 is of s3, which has a case of its own"
    assert await seen(ouhai, "t1") == {}
    error_of(await score(ouhai, "r1", CASE, 1, 50), "REVIEW_ITEM_UNKNOWN")
    error_of(await score(ouhai, "r2", CASE, 1, 50), "NOT_A_REVIEWER")
    assert await listed(ouhai, ouhai.caller("supervisor", teacher="r1")) == []
    (own,) = await listed(ouhai, ouhai.school("s1"))
    assert (own.school, own.number) == ("s1", None)
