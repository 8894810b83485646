"""What ends otherwise than confirmed: withdrawn nominations, revoked awards and their places; objections listed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from yanxiu_visits.awards.tables import award_ending
from yanxiu_wire import award_endings as endings
from yanxiu_wire import awards as wire
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page

from tests.services.visits.awards.test_awards import (
    CASE,
    YEAR,
    appoint,
    confirm,
    do,
    done,
    items,
    listed,
    name,
    opened,
    ranked,
    score,
    set_day,
)
from tests.stores import never_changed

__all__ = ["set_day"]
SetDay = Callable[[date], None]
ErrorOf = Callable[[Any, str], Any]
AFTER = date(2024, 10, 24)


async def withdraw(house: Any, one: wire.Nomination, caller: Any = None) -> Any:
    given = {"nomination": one.id, "reason": "材料有误"}
    return await do(house, endings.WITHDRAW_NOMINATION, endings.WithdrawNomination, caller, **given)


async def revoke(house: Any, one: wire.Nomination, caller: Any = None, **given: Any) -> Any:
    asked = {"nomination": one.id, "reason": "成果系抄袭", **given}
    return await do(house, endings.REVOKE_AWARD, endings.RevokeAward, caller, **asked)


async def publish(house: Any) -> Any:
    return await done(house, wire.PUBLISH_AWARDS, wire.PublishAwards, year=YEAR, category=CASE)


async def endings_of(house: Any) -> list[tuple[Any, ...]]:
    return [
        (row["nomination"], row["what"], row["place"], row["freed"], row["ended_by"])
        for row in await house.rows("award_ending")
    ]


async def test_a_school_withdraws_its_own_and_may_name_another_time(ouhai: Any, error_of: ErrorOf) -> None:
    await opened(ouhai)
    first = await name(ouhai, CASE, "案例一")
    error_of(await withdraw(ouhai, first, ouhai.school("s2")), "NOMINATION_UNKNOWN")
    error_of(await withdraw(ouhai, first, ouhai.caller("teacher", teacher="t1")), "FORBIDDEN")
    gone = await withdraw(ouhai, first, ouhai.school("s1"))
    assert (gone.state, gone.reason, gone.ended_by) == ("withdrawn", "材料有误", "test-school-leader")
    error_of(await withdraw(ouhai, first), "AWARD_NOT_SO")
    again = await name(ouhai, CASE, "案例一", statement="改正后的材料")
    assert isinstance(again, wire.Nomination), again
    error_of(await name(ouhai, CASE, "案例一"), "NOMINATED_BEFORE")
    # Neither numbered, nor reviewed, nor ranked: the other one needs no review of it.
    await appoint(ouhai, "r1", categories=(CASE,))
    other = await name(ouhai, CASE, "案例二", statement="另一案例")
    await done(ouhai, wire.START_SCORING, wire.StartScoring, year=YEAR)
    by_statement = {one.statement: one.number for one in await items(ouhai, "r1")}
    number = {one.id: by_statement[one.statement] for one in (again, other)}
    assert len(number) == 2
    assert {one.id: one.number for one in await listed(ouhai)}[first.id] is None
    assert isinstance(await score(ouhai, "r1", CASE, number[again.id], 80), wire.NominationScored)
    assert (await withdraw(ouhai, other)).state == "withdrawn"
    assert [one.number for one in await items(ouhai, "r1")] == [number[again.id]]
    error_of(await score(ouhai, "r1", CASE, number[other.id], 80), "REVIEW_ITEM_UNKNOWN")
    await done(ouhai, wire.RANK_AWARDS, wire.RankAwards, year=YEAR)
    assert {one.id: one.rank for one in await listed(ouhai)} == {first.id: None, other.id: None, again.id: 1}


async def test_a_revoked_award_frees_its_place_for_the_next_while_the_year_is_open(
    ouhai_on_each: Any, set_day: SetDay, error_of: ErrorOf
) -> None:
    house = ouhai_on_each
    everyone = await ranked(house, 52)
    await publish(house)
    set_day(AFTER)
    for one in everyone[:50]:
        assert isinstance(await confirm(house, one), wire.Nomination)
    error_of(await withdraw(house, everyone[0]), "AWARD_NOT_SO")
    error_of(await revoke(house, everyone[50]), "AWARD_NOT_SO")
    error_of(await revoke(house, everyone[0], house.school("s1")), "FORBIDDEN")
    gone = await revoke(house, everyone[0])
    assert (gone.state, gone.place, gone.reason) == ("revoked", None, "成果系抄袭")
    kept = await revoke(house, everyone[1], free_place=False)
    assert (kept.state, kept.place) == ("revoked", 2)
    assert set(await endings_of(house)) == {
        (everyone[0].id, "revoked", 1, True, "test-institute-officer"),
        (everyone[1].id, "revoked", 2, False, "test-institute-officer"),
    }
    # One place is free and one is nobody's: the next in line moves up, with days of its own, and no other.
    assert [one.id for one in (await publish(house)).items][-1] == everyone[50].id
    assert (await listed(house))[51].published_on is None
    error_of(await confirm(house, everyone[50]), "OBJECTION_DAYS_LAST")
    set_day(date(2024, 11, 8))
    assert (await confirm(house, everyone[50])).place == 1
    held = [one.place for one in await listed(house) if one.state == "confirmed"]
    assert sorted(one or 0 for one in held) == [1, *range(3, 51)]
    with never_changed():
        async with house.service.databases.write(house.district, Deadline.after(5)) as conn:
            await conn.execute(sa.update(award_ending).values(reason="改"))


async def test_nobody_moves_up_into_a_year_that_is_closed(ouhai: Any, set_day: SetDay, error_of: ErrorOf) -> None:
    (only,) = await ranked(ouhai, 1)
    await publish(ouhai)
    set_day(AFTER)
    await confirm(ouhai, only)
    reasons = dict.fromkeys(("精品课程", "优质学校", "先进教研组", "优秀教研组长", CASE), "首年试行")
    await done(ouhai, wire.CLOSE_AWARD_YEAR, wire.CloseAwardYear, year=YEAR, reasons=reasons)
    refused = error_of(await revoke(ouhai, only), "PLACE_NOT_FREED")
    assert (refused.clauses, refused.field) == (("OUHAI-6-10E",), "free_place")
    assert (await revoke(ouhai, only, free_place=False)).place == 1
    year = (await ouhai.call(wire.GET_AWARD_YEARS, wire.GetAwardYears(caller=ouhai.officer, years=(YEAR,)))).items[0]
    assert [(one.missing, one.reason) for one in year.shortfalls if one.category == CASE] == [
        (50, "首年试行；成果系抄袭")
    ]


async def test_officers_list_every_objection_and_others_their_own(
    ouhai: Any, set_day: SetDay, error_of: ErrorOf
) -> None:
    first, second = await ranked(ouhai, 2)
    await publish(ouhai)
    one, other = ouhai.school("s2"), ouhai.caller("teacher", teacher="t3")
    raise_it = (wire.RAISE_AWARD_OBJECTION, wire.RaiseAwardObjection)
    mine = await done(ouhai, *raise_it, one, nomination=first.id, text="材料与他人雷同")
    theirs = await done(ouhai, *raise_it, other, nomination=second.id, text="数据不实")

    async def seen(caller: Any = None, **given: Any) -> list[str]:
        query = endings.ListAwardObjections(caller=caller or ouhai.officer, year=YEAR, **given)
        return [each.id for each in (await ouhai.call(endings.LIST_AWARD_OBJECTIONS, query)).items]

    assert await seen() == await seen(ouhai.caller("auditor")) == [mine.id, theirs.id]
    assert (await seen(one), await seen(other), await seen(ouhai.school("s1", "school-training-officer"))) == (
        [mine.id],
        [theirs.id],
        [],
    )
    assert (await seen(category="优质学校"), await seen(page=Page(first=1))) == ([], [mine.id])
    # A nomination that was withdrawn meanwhile stays withdrawn, whatever comes of the objection.
    await withdraw(ouhai, first)
    settle = {"objection": mine.id, "upheld": True, "answer": "核查属实"}
    await done(ouhai, wire.SETTLE_AWARD_OBJECTION, wire.SettleAwardObjection, **settle)
    assert (await seen(open=True), await seen(open=False)) == ([theirs.id], [mine.id])
    assert {each.id: each.state for each in await listed(ouhai)}[first.id] == "withdrawn"
