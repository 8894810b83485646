"""What the terms of a school year are posted adds up to the year, whatever is entered or taken back between them."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_credits.service import Service
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire import books, registry
from yanxiu_wire import term as wire_term
from yanxiu_wire.credits import GET_TOTALS, GetTotals
from yanxiu_wire.process import Process
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus

from tests.services.credits.conftest import FixedClock, House
from tests.services.credits.workflow.conftest import Town
from tests.services.credits.workflow.test_real_laws import FIRST_TERM, TERM, answers
from tests.services.credits.workflow.test_taken_back import take_back, take_back_one, unlock

PUTUO = load_packs().pack("putuo")
_serial = itertools.count()


@pytest.fixture
async def carrying(under_installed_laws: Service, bus: Bus, clock: FixedClock) -> Town:
    """A district of Putuo's law that posts whole credits and carries the rest; one head teacher, a first term of 9."""
    town = Town(House(under_installed_laws, bus, f"terms-{next(_serial)}"), clock)
    settings = {"rounding": "whole_carry"}
    since = PUTUO.source.applies_from
    await town.bind(registry.PackBinding(pack="putuo", since=since, settings=settings, decided_by="虚构文件1号"))
    await town.tell(registry.SCHOOL_CHANGED, registry.SchoolChanged(school="school-1", version=1, history=()))
    for term in (FIRST_TERM, TERM):
        await town.tell(wire_term.TERM_CHANGED, wire_term.TermChanged(term=term))
    await town.employ("t1", head_teacher_periods=((date(2024, 9, 1), None),))
    clock.day = date(2026, 1, 20)
    await attend(town, date(2025, 10, 8), 9)
    return town


async def attend(town: Town, on: date, hours: int) -> None:
    facts = {"form": "专题讲座", "class_hours": str(hours)}
    assert not isinstance(await town.register("t1", on=on, facts=facts), Refused)


async def post_term(town: Town, on: date, day: date) -> Process:
    town.clock.day = day
    evaluate, post, _ = PUTUO.workflow("term_posting").steps
    opened = await town.open(town.leader, "term_posting", on=on, school="school-1", **answers(evaluate, ()))
    return await town.take(town.institute, opened, post.name, **answers(post, ()))


async def post_again(town: Town, process: Process) -> Any:
    post = PUTUO.workflow("term_posting").steps[1]
    return await town.take(town.institute, process, post.name, **answers(post, ()))


async def recognised(town: Town) -> tuple[Decimal, Decimal]:
    (total,) = (await town.call(GET_TOTALS, GetTotals(caller=town.department, teachers=("t1",)))).items
    return total.recognised_hours, total.recognised_credits


async def test_hours_entered_after_the_first_posting_complete_a_credit_in_the_second(carrying: Town) -> None:
    await post_term(carrying, date(2025, 10, 8), date(2026, 1, 23))
    assert await recognised(carrying) == (9, 0)
    await unlock(carrying)
    await attend(carrying, date(2025, 10, 9), 3)
    carrying.clock.day = date(2026, 7, 9)
    await attend(carrying, date(2026, 3, 10), 2)
    await post_term(carrying, date(2026, 3, 10), date(2026, 7, 10))
    assert await recognised(carrying) == (14, 1)


async def test_a_term_is_not_taken_back_while_the_next_rests_on_it_and_the_year_gives_its_credit_once(
    carrying: Town,
) -> None:
    first = await post_term(carrying, date(2025, 10, 8), date(2026, 1, 23))
    carrying.clock.day = date(2026, 7, 9)
    await attend(carrying, date(2026, 3, 10), 2)
    second = await post_term(carrying, date(2026, 3, 10), date(2026, 7, 10))
    assert await recognised(carrying) == (11, 1)
    refused = await take_back(carrying, carrying.department, first)
    assert [(one.code, one.value) for one in refused.errors] == [("LATER_RECOGNISED", "2025-2026学年第二学期")]
    # Nor one teacher's alone, though the period stands open.
    locks = (await carrying.call(books.LIST_LOCKS, books.ListLocks(caller=carrying.department))).items
    (lock,) = [one for one in locks if one.label == "2025-2026学年第一学期"]
    opening = books.UnlockPeriod(caller=carrying.department, key=carrying.key(), lock=lock.id, reason="更正")
    assert isinstance(await carrying.call(books.UNLOCK_PERIOD, opening), books.PeriodLock)
    one = next(row for row in await carrying.rows("recognition") if row["label"] == "2025-2026学年第一学期")
    alone = await take_back_one(carrying, carrying.department, one["id"])
    assert [error.code for error in alone.errors] == ["LATER_RECOGNISED"]
    # The later one first; then both are posted anew and come to what the year comes to.
    second = await take_back(carrying, carrying.department, second)
    first = await take_back(carrying, carrying.department, await carrying.show(first.id))
    await attend(carrying, date(2025, 10, 9), 3)
    assert (await post_again(carrying, first)).state == "posted"
    assert (await post_again(carrying, second)).state == "posted"
    assert await recognised(carrying) == (14, 1)


async def test_a_term_is_not_posted_behind_the_next(carrying: Town) -> None:
    evaluate, post, _ = PUTUO.workflow("term_posting").steps
    carrying.clock.day = date(2026, 7, 9)
    await attend(carrying, date(2026, 3, 10), 2)
    opened = await carrying.open(
        carrying.leader, "term_posting", on=date(2025, 10, 8), school="school-1", **answers(evaluate, ())
    )
    await post_term(carrying, date(2026, 3, 10), date(2026, 7, 10))
    assert await recognised(carrying) == (11, 1)
    refused = await carrying.take(carrying.institute, opened, post.name, **answers(post, ()))
    assert [one.code for one in refused.errors] == ["LATER_RECOGNISED"]
    assert await recognised(carrying) == (11, 1)
