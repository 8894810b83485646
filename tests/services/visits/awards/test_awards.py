"""Awards through the service under the law of Ouhai: blind, ranked by frozen rules, and never above the quota."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from yanxiu_visits.awards.tables import award_place
from yanxiu_visits.supervising.lots import digest_of_seed
from yanxiu_wire import awards as wire
from yanxiu_wire import standings
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page
from yanxiu_wire.refusal import Refused

ErrorOf = Callable[[Any, str], Any]
YEAR = 2024
SCHOOL, CASE = "优质学校", "精品案例"
RULES = wire.AwardRules(
    criteria=(wire.Criterion(name="方案", most=40), wire.Criterion(name="成效", most=60)), tie=("成效",), reviews=1,
    objection_days=5,
)  # fmt: skip


@pytest.fixture
def set_day(clock: Any) -> Iterator[Callable[[date], None]]:
    """Set the day of the services' clock; it is put back afterwards."""
    before = clock.day

    def to(day: date) -> None:
        clock.day = day

    yield to
    clock.day = before


async def do(house: Any, endpoint: Any, message: Any, caller: Any = None, **given: Any) -> Any:
    return await house.call(endpoint, message(caller=caller or house.officer, key=house.key(), **given))


async def done(house: Any, endpoint: Any, message: Any, caller: Any = None, **given: Any) -> Any:
    reply = await do(house, endpoint, message, caller, **given)
    assert not isinstance(reply, Refused), reply
    return reply


async def opened(house: Any) -> dict[str, wire.AwardQuota]:
    year = await done(house, wire.OPEN_AWARD_YEAR, wire.OpenAwardYear, year=YEAR)
    await done(house, wire.SET_AWARD_RULES, wire.SetAwardRules, year=YEAR, rules=RULES)
    return {one.name: one for one in year.categories}


async def name(house: Any, category: str, recipient: str, school: str = "s1", **given: Any) -> Any:
    asked = {"statement": "三年来本校以课例研修带动全员参与", "caller": None, **given}
    return await do(
        house, wire.NOMINATE, wire.Nominate, year=YEAR, category=category, recipient=recipient, school=school, **asked
    )


async def appoint(house: Any, *reviewers: str, categories: tuple[str, ...]) -> None:
    for reviewer in reviewers:
        given = {"year": YEAR, "reviewer": reviewer, "categories": categories}
        await done(house, wire.APPOINT_REVIEWER, wire.AppointReviewer, **given)


async def items(house: Any, reviewer: str) -> Any:
    query = wire.ListReviewItems(caller=house.caller("researcher", teacher=reviewer), year=YEAR)
    return (await house.call(wire.LIST_REVIEW_ITEMS, query)).items


async def score(house: Any, reviewer: str, category: str, number: int | None, total: int) -> Any:
    marks = {"方案": min(total, 40), "成效": max(0, total - 40)}
    caller = house.caller("researcher", teacher=reviewer)
    given = {"year": YEAR, "category": category, "number": number, "marks": marks}
    return await do(house, wire.SCORE_NOMINATION, wire.ScoreNomination, caller, **given)


async def ranked(house: Any, cases: int) -> list[wire.Nomination]:
    """So many cases nominated by s1, reviewed by r1 and ranked; the first number got the most."""
    await opened(house)
    for number in range(cases):
        made = await name(house, CASE, f"案例{number}")
        assert isinstance(made, wire.Nomination), made
    await appoint(house, "r1", categories=(CASE,))
    await done(house, wire.START_SCORING, wire.StartScoring, year=YEAR)
    for one in await items(house, "r1"):
        reply = await score(house, "r1", CASE, one.number, max(0, 100 - one.number // 2))
        assert isinstance(reply, wire.NominationScored), reply
    year = await done(house, wire.RANK_AWARDS, wire.RankAwards, year=YEAR)
    assert digest_of_seed(bytes.fromhex(year.lot_seed)) == year.lot_sha256
    return await listed(house)


async def listed(house: Any, caller: Any = None) -> list[wire.Nomination]:
    query = wire.ListNominations(caller=caller or house.officer, year=YEAR, page=Page(first=1000))
    found = (await house.call(wire.LIST_NOMINATIONS, query)).items
    return sorted(found, key=lambda one: one.rank or 0)


async def confirm(house: Any, one: wire.Nomination) -> Any:
    return await do(house, wire.CONFIRM_AWARD, wire.ConfirmAward, nomination=one.id)


async def test_two_hundred_confirmations_at_once_give_exactly_the_quota(
    ouhai_on_each: Any, set_day: Callable[[date], None]
) -> None:
    house = ouhai_on_each
    everyone = await ranked(house, 60)
    published = await done(house, wire.PUBLISH_AWARDS, wire.PublishAwards, year=YEAR, category=CASE, reserves=10)
    assert len(published.items) == 60
    set_day(date(2024, 10, 24))
    tries = [everyone[59 - number % 60] for number in range(200)]  # the reserves first
    replies = await asyncio.gather(*(confirm(house, one) for one in tries))
    confirmed = [one for one in replies if isinstance(one, wire.Nomination)]
    assert {one.id for one in confirmed} == {one.id for one in everyone[:50]}
    assert sorted(one.place or 0 for one in confirmed) == list(range(1, 51))
    codes = Counter(one.errors[0].code for one in replies if isinstance(one, Refused))
    assert codes == {"QUOTA_FULL": 40, "AWARD_NOT_SO": 110}
    clauses = {one.errors[0].clauses for one in replies if isinstance(one, Refused)} - {()}
    assert clauses == {("OUHAI-6-10E",)}


async def test_the_database_itself_holds_the_quota(ouhai_on_each: Any) -> None:
    district = ouhai_on_each.district
    row = {"district": district, "year": YEAR, "category": CASE, "place": 1, "quota": 1, "nomination": "a"}

    async def write(**changes: Any) -> None:
        async with ouhai_on_each.service.databases.write(district, Deadline.after(5)) as conn:
            await conn.execute(sa.insert(award_place).values(**{**row, **changes}))

    await write()
    for changes in ({"nomination": "b"}, {"nomination": "b", "place": 2}, {"place": 2, "quota": 2}):
        with pytest.raises(IntegrityError):
            await write(**changes)


async def test_the_tie_rule_does_not_change_after_the_first_mark(ouhai: Any, error_of: ErrorOf) -> None:
    await opened(ouhai)
    await name(ouhai, CASE, "案例一")
    await appoint(ouhai, "r1", categories=(CASE,))
    again = {"year": YEAR, "rules": RULES}
    await done(ouhai, wire.SET_AWARD_RULES, wire.SetAwardRules, **again)
    await done(ouhai, wire.START_SCORING, wire.StartScoring, year=YEAR)
    error_of(await do(ouhai, wire.RANK_AWARDS, wire.RankAwards, year=YEAR), "UNDER_REVIEWED")
    error_of(await score(ouhai, "r1", CASE, 1, 101), "MARKS_MALFORMED")
    await done(ouhai, wire.SET_AWARD_RULES, wire.SetAwardRules, **again)
    await score(ouhai, "r1", CASE, 1, 90)
    error_of(await do(ouhai, wire.SET_AWARD_RULES, wire.SetAwardRules, **again), "RULES_FROZEN")


async def test_an_objection_that_is_upheld_strikes_one_and_the_next_moves_up(
    ouhai: Any, set_day: Callable[[date], None], error_of: ErrorOf
) -> None:
    everyone = await ranked(ouhai, 51)
    publish = {"year": YEAR, "category": CASE}
    await done(ouhai, wire.PUBLISH_AWARDS, wire.PublishAwards, **publish)
    first, last = everyone[0], everyone[50]
    error_of(await confirm(ouhai, last), "NOT_PUBLISHED")
    error_of(await confirm(ouhai, first), "OBJECTION_DAYS_LAST")
    raised = await done(
        ouhai, wire.RAISE_AWARD_OBJECTION, wire.RaiseAwardObjection, ouhai.school("s2"),
        nomination=first.id, text="材料与他人雷同",
    )  # fmt: skip
    set_day(date(2024, 10, 24))
    error_of(await confirm(ouhai, first), "OBJECTION_OPEN")
    answer = {"objection": raised.id, "upheld": True, "answer": "核查属实"}
    settle = (wire.SETTLE_AWARD_OBJECTION, wire.SettleAwardObjection)
    await done(ouhai, *settle, **answer)
    error_of(await confirm(ouhai, first), "AWARD_NOT_SO")
    shown = await done(ouhai, wire.PUBLISH_AWARDS, wire.PublishAwards, **publish)
    assert last.id in {one.id for one in shown.items}
    late = {"nomination": everyone[1].id, "text": "迟到的异议"}
    error_of(await do(ouhai, wire.RAISE_AWARD_OBJECTION, wire.RaiseAwardObjection, **late), "OBJECTION_DAYS_OVER")
    error_of(await confirm(ouhai, last), "OBJECTION_DAYS_LAST")
    set_day(date(2024, 11, 1))
    for one in everyone[1:]:
        assert isinstance(await confirm(ouhai, one), wire.Nomination)
    close = (wire.CLOSE_AWARD_YEAR, wire.CloseAwardYear)
    short = error_of(await do(ouhai, *close, year=YEAR, reasons={}), "SHORTFALL_UNEXPLAINED")
    assert short.clauses == ("OUHAI-6-10A",)
    reasons = dict.fromkeys(("精品课程", SCHOOL, "先进教研组", "优秀教研组长"), "首年试行")
    closed = await done(ouhai, *close, year=YEAR, reasons=reasons)
    assert [one.missing for one in closed.shortfalls] == [10, 10, 30, 30]
    assert all(one.failed == () for one in closed.rulings)
    assert "OUHAI-6-10A" in closed.rulings[0].warnings


async def test_a_school_announced_as_barred_is_not_nominated(ouhai: Any, error_of: ErrorOf) -> None:
    await opened(ouhai)
    for school, barred in (("s1", True), ("s2", False)):
        body = standings.SchoolRatioAnnounced(
            school=school, label="2024", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31), version=1,
            barred=barred, share=Decimal("0.2"), clauses=("MADE-9",),
        )  # fmt: skip
        await ouhai.tell(standings.SCHOOL_RATIO_ANNOUNCED, body)
    await ouhai.until(lambda rows: len(rows) == 2, "school_ratio_fact")
    assert error_of(await name(ouhai, SCHOOL, "s1"), "SCHOOL_BARRED").clauses == ("MADE-9",)
    assert isinstance(await name(ouhai, SCHOOL, "s2", "s2"), wire.Nomination)


async def test_a_nomination_that_tells_whose_it_is_or_does_not_fit_is_refused(ouhai: Any, error_of: ErrorOf) -> None:
    await opened(ouhai)
    error_of(await name(ouhai, SCHOOL, "s1", statement="合成学校的做法"), "STATEMENT_NOT_BLIND")
    error_of(await name(ouhai, SCHOOL, "s2", "s1"), "RECIPIENT_UNFIT")
    error_of(await name(ouhai, "优秀教研组长", "t3", "s1"), "RECIPIENT_UNFIT")
    error_of(await name(ouhai, "最美学校", "s1"), "NOT_ONE_OF")
    error_of(await name(ouhai, SCHOOL, "s1", caller=ouhai.school("s2")), "SCHOOL_UNKNOWN")
    first = await name(ouhai, SCHOOL, "s1", caller=ouhai.school("s1"))
    assert error_of(await name(ouhai, SCHOOL, "s1"), "NOMINATED_BEFORE").value == first.id
