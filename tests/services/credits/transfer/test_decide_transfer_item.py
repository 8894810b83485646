"""What the law leaves open an official decides: with a reason, within bounds, once."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_wire import transfer as wire
from yanxiu_wire.books import LOCK_PERIOD, LockPeriod, PeriodLock
from yanxiu_wire.credits import GET_RECORDS, VERIFY_LEDGER, GetRecords, VerifyLedger
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import SCHOOL_CHANGED, SchoolChanged
from yanxiu_wire.teacher import Employment

from tests.services.credits.transfer.conftest import Opening, Place
from tests.services.credits.transfer.test_receive_transfer import total


@pytest.fixture
async def waiting(left: Place, entered: Place) -> wire.Transfer:
    """A transfer with one record that waits: ten hours, ten credits."""
    await left.earn(facts={"hours": "10", "score": "85"})
    return (await entered.receive(await left.transcript(), within_city=False)).transfer


async def test_a_recognised_record_counts_with_the_officials_reason(entered: Place, waiting: wire.Transfer) -> None:
    answer = await entered.decide(waiting.id, hours=Decimal("7.5"), credits=Decimal(6))
    (item,) = answer.transfer.items
    assert (item.outcome, item.recognised_hours, item.recognised_credits) == ("recognised", Decimal("7.5"), 6)
    assert (item.decision.recognise, item.decision.reason, item.decision.role) == (
        True, "已核原始材料", "institute-officer",
    )  # fmt: skip
    assert (answer.transfer.recognised, answer.transfer.review) == (1, 0)
    assert await total(entered) == (Decimal("7.5"), 6)
    query = GetRecords(caller=entered.officer, ids=(item.record,), explain=True)
    (step,) = (await entered.call(GET_RECORDS, query)).items[0].explanation.steps
    assert "已核原始材料" in step.zh
    assert "师训专管员" in step.zh
    assert "institute-officer" in step.en
    verified = await entered.call(VERIFY_LEDGER, VerifyLedger(caller=entered.caller("auditor")))
    assert (verified.first_bad, verified.entries) == (None, 1)


async def test_a_declined_record_counts_for_nothing_and_keeps_its_reason(
    entered: Place, waiting: wire.Transfer, error_of: Any
) -> None:
    answer = await entered.decide(waiting.id, recognise=False, reason="原始材料不全")
    (item,) = answer.transfer.items
    assert (item.outcome, item.record, item.decision.reason) == ("not-recognised", None, "原始材料不全")
    assert await total(entered) == (0, 0)
    error_of(await entered.decide(waiting.id), "TRANSFER_ITEM_DECIDED")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"reason": " "}, "REASON_MISSING"),
        ({"number": 2}, "TRANSFER_ITEM_UNKNOWN"),
        ({"hours": Decimal("10.000001")}, "BEYOND_ORIGIN"),
        ({"credits": Decimal(-1)}, "BEYOND_ORIGIN"),
        ({"credits": Decimal("0.0000001")}, "BEYOND_ORIGIN"),
        ({"facts": {"colour": "red"}}, "FACTS_UNREADABLE"),
        ({"facts": {"hours": "10", "score": "10"}}, "FACTS_UNREADABLE"),
    ],
)
async def test_a_decision_that_cannot_be_is_refused(
    entered: Place, waiting: wire.Transfer, error_of: Any, more: dict[str, Any], code: str
) -> None:
    error_of(await entered.decide(waiting.id, **more), code)
    assert (await entered.counts())["transfer_decision"] == 0
    assert await total(entered) == (0, 0)


async def test_an_unknown_transfer_and_another_role_are_refused(
    entered: Place, waiting: wire.Transfer, error_of: Any
) -> None:
    error_of(await entered.decide("none"), "TRANSFER_UNKNOWN")
    leader = entered.caller("school-leader", school="school-1")
    error_of(await entered.decide(waiting.id, caller=leader), "FORBIDDEN")


async def test_ten_decisions_at_once_are_one(entered: Place, waiting: wire.Transfer) -> None:
    answers = await asyncio.gather(*(entered.decide(waiting.id) for _ in range(10)))
    assert sum(isinstance(one, wire.TransferItemDecided) for one in answers) == 1
    assert await total(entered) == (10, 10)


async def test_other_units_are_stated_and_never_converted(left: Place, open_place: Opening, error_of: Any) -> None:
    await left.earn(facts={"hours": "10", "score": "85"})
    place = await open_place("classes")
    moved = (await place.receive(await left.transcript())).transfer
    error_of(await place.decide(moved.id), "AMOUNTS_NEEDED")
    error_of(await place.decide(moved.id, hours=Decimal(10)), "AMOUNTS_NEEDED")
    # Ten hours of there are read as ten class hours; what they are here, the official states in the words of this law.
    most = {"hours": Decimal(12), "credits": Decimal("1.2")}
    assert error_of(await place.decide(moved.id, **most), "BEYOND_THIS_LAW").field == "hours"
    facts = {"hours": "12", "score": "85"}
    boundless = {**most, "credits": Decimal(900_000), "facts": facts}
    assert error_of(await place.decide(moved.id, **boundless), "BEYOND_THIS_LAW").field == "credits"
    longer = {**most, "facts": {**facts, "hours": "20.5"}}
    assert error_of(await place.decide(moved.id, **longer), "BEYOND_ORIGIN").field == "facts"
    answer = await place.decide(moved.id, **most, facts=facts)
    assert answer.transfer.items[0].recognised_hours == 12
    assert await total(place) == (12, Decimal("1.2"))


async def test_facts_of_another_law_are_stated_in_the_words_of_this_one(
    left: Place, open_place: Opening, error_of: Any
) -> None:
    await left.earn(facts={"hours": "10", "score": "85"})
    puer = await open_place("puer")
    moved = (await puer.receive(await left.transcript())).transfer
    error_of(await puer.decide(moved.id), "FACTS_UNREADABLE")
    facts = {"kind": "training", "mode": "network", "level": "provincial", "hours_planned": "10", "score": "85"}
    (item,) = (await puer.decide(moved.id, facts=facts)).transfer.items
    query = GetRecords(caller=puer.officer, ids=(item.record,))
    assert (await puer.call(GET_RECORDS, query)).items[0].attributes["mode"] == "network"


async def test_what_was_decided_from_one_transcript_is_not_decided_again_from_another(
    left: Place, entered: Place, waiting: wire.Transfer, error_of: Any
) -> None:
    await left.earn(on=date(2024, 6, 1))
    other = (await entered.receive(await left.transcript(), within_city=False)).transfer
    assert [one.outcome for one in other.items] == ["review", "review"]
    await entered.decide(waiting.id)
    error_of(await entered.decide(other.id, 1), "ALREADY_TRANSFERRED")
    await entered.decide(other.id, 2)
    assert await total(entered) == (20, 20)


async def test_a_locked_year_takes_no_transfer_until_it_is_opened(left: Place, entered: Place, error_of: Any) -> None:
    await left.earn()
    locker = entered.caller("district-officer")
    command = LockPeriod(caller=locker, key=entered.key(), kind="year", on=date(2024, 5, 20), reason="已认定")
    lock = await entered.call(LOCK_PERIOD, command)
    assert isinstance(lock, PeriodLock), lock
    moved = (await entered.receive(await left.transcript())).transfer
    assert [(one.outcome, one.doubts[0].code) for one in moved.items] == [("review", "PERIOD_LOCKED")]
    error_of(await entered.decide(moved.id), "PERIOD_LOCKED")
    assert await total(entered) == (0, 0)


async def test_a_year_that_the_new_school_has_closed_takes_the_records_of_one_who_came_later(
    left: Place, entered: Place
) -> None:
    record = await left.earn()
    await entered.tell(SCHOOL_CHANGED, SchoolChanged(school="school-1", version=1, history=()))
    await entered.employ("t2", Employment(school="school-1", since=record.on + timedelta(days=1)))
    locker = entered.caller("district-officer")
    locking = {"kind": "year", "on": record.on, "school": "school-1", "reason": "已认定"}
    lock = await entered.call(LOCK_PERIOD, LockPeriod(caller=locker, key=entered.key(), **locking))
    assert isinstance(lock, PeriodLock), lock
    # He was not in what that school had recognised.
    moved = (await entered.receive(await left.transcript(), "t2")).transfer
    assert [one.outcome for one in moved.items] == ["recognised"]


async def test_credits_that_the_origin_counted_without_hours_come_along_by_facts_worth_no_more(
    open_place: Opening, clock: Any, error_of: Any
) -> None:
    before = clock.day
    clock.day = date(2026, 3, 20)
    try:
        ouhai, puer = await open_place("ouhai"), await open_place("puer")
        await ouhai.register("t1", on=date(2025, 10, 10), facts={"source": "school", "credits": "6"})
        waiting = (await puer.receive(await ouhai.transcript())).transfer
        course = {"kind": "training", "mode": "network", "level": "county", "score": "65"}
        amounts = {"hours": Decimal(6), "credits": Decimal(6)}
        dear = await puer.decide(waiting.id, facts={**course, "hours_planned": "7"}, **amounts)
        assert error_of(dear, "BEYOND_ORIGIN").field == "facts"
        long = await puer.decide(
            waiting.id, facts={**course, "hours_planned": "5"}, hours=Decimal(6), credits=Decimal(5)
        )
        assert error_of(long, "BEYOND_THIS_LAW").field == "hours"
        done = await puer.decide(waiting.id, facts={**course, "hours_planned": "6"}, **amounts)
        assert not isinstance(done, Refused)
        assert await total(puer) == (6, 6)
    finally:
        clock.day = before


async def test_a_locked_year_takes_no_part_of_a_transferred_record_that_its_log_divides(
    open_place: Opening, clock: Any, error_of: Any
) -> None:
    before = clock.day
    clock.day = date(2026, 1, 20)
    try:
        left = await open_place("puer")
        entered = await open_place("puer", settings={"year_attribution": "hour_log"}, decided_by="虚构文件1号")
        lecture = {"kind": "lecture", "level": "county", "class_hours": "24"}
        logged = {**lecture, "hours_by_year": '{"2025": "20", "2026": "4"}'}
        await left.register("t1", on=date(2026, 1, 10), facts=logged)
        lock = LockPeriod(
            caller=entered.caller("district-officer"), key=entered.key(), kind="year", on=date(2025, 6, 1),
            school=None, reason="封账",
        )  # fmt: skip
        assert (await entered.call(LOCK_PERIOD, lock)).in_force
        moved = (await entered.receive(await left.transcript())).transfer
        assert [(one.outcome, [doubt.code for doubt in one.doubts]) for one in moved.items] == [
            ("review", ["PERIOD_LOCKED"])
        ]
        error_of(await entered.decide(moved.id), "PERIOD_LOCKED")
    finally:
        clock.day = before
