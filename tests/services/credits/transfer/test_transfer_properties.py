"""No sequence of transcripts and decisions counts an entry twice, and the ledger's sum is what was recognised."""

from __future__ import annotations

import asyncio
import itertools
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_credits.laws import InForce
from yanxiu_credits.transfer.assess_transfer import BroughtRecord, Stated, assess_transfer
from yanxiu_wire import transfer as wire
from yanxiu_wire.credits import VERIFY_LEDGER, VerifyLedger

from tests.examples import with_service
from tests.services.credits.transfer.conftest import TOO_MUCH, Opening, pack
from tests.services.credits.transfer.conftest import move as made_up_move
from tests.services.credits.transfer.test_receive_transfer import total

DAYS = [date(2024, 3, day) for day in range(1, 5)]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("earn"), st.sampled_from(["5", "7.5", "31"])),
        st.tuples(st.just("receive"), st.booleans()),
        st.tuples(st.just("decide"), st.integers(0, 3), st.integers(1, 4), st.booleans()),
    ),
    min_size=2,
    max_size=8,
)
_serial = itertools.count()


@with_service(10)
@given(played=steps, together=st.booleans())
async def test_an_entry_counts_once_and_the_ledger_holds_what_was_recognised(
    open_place: Opening, played: list[tuple[Any, ...]], together: bool
) -> None:
    left, entered = await open_place("made"), await open_place("made")
    await left.earn(facts={"hours": "3", "score": "90"}, on=DAYS[0])
    transfers: list[str] = []

    async def step(name: str, *given: Any) -> None:
        if name == "earn":
            await left.earn(facts={"hours": given[0], "score": "90"}, on=DAYS[next(_serial) % 4])
        elif name == "receive":
            answer = await entered.receive(await left.transcript(), within_city=given[0])
            if isinstance(answer, wire.TransferReceived):
                transfers.append(answer.transfer.id)
        elif transfers:
            await entered.decide(transfers[given[0] % len(transfers)], given[1], recognise=given[2])

    if together:
        await asyncio.gather(*(step(*one) for one in played))
    else:
        for one in played:
            await step(*one)

    items = [one for name in transfers for one in (await entered.fetch(name)).items]
    recognised = [one for one in items if one.outcome == "recognised"]
    assert len({one.origin_entry for one in recognised}) == len(recognised)
    assert len({one.record for one in recognised}) == len(recognised)
    assert all((one.record is not None) == (one.outcome == "recognised") for one in items)
    hours = sum((one.recognised_hours for one in recognised), Decimal(0))
    credit = sum((one.recognised_credits for one in recognised), Decimal(0))
    assert await total(entered) == (hours, credit)
    verified = await entered.call(VERIFY_LEDGER, VerifyLedger(caller=entered.caller("auditor")))
    assert (verified.first_bad, verified.entries) == (None, len(recognised))


amounts = st.decimals("0", "40", places=3)
GOOD = {"hours": "1", "score": "90"}


@settings(max_examples=400, deadline=None)
@given(
    hours=amounts,
    credit=amounts,
    within_city=st.booleans(),
    same_stage=st.booleans(),
    bar=st.sampled_from(["", "", "", "reversed", "own", "standing"]),
    units=st.sampled_from([("学时", "学分"), ("课时", "学分"), ("学时", "分")]),
    facts=st.sampled_from([GOOD, GOOD, GOOD, {"hours": "1", "score": "10"}, {"colour": "red"}, {}]),
)
def test_nothing_is_recognised_without_the_laws_word_and_nothing_is_converted(
    hours: Decimal,
    credit: Decimal,
    within_city: bool,
    same_stage: bool,
    bar: str,
    units: tuple[str, str],
    facts: dict[str, str],
) -> None:
    law = pack("made", transfer=made_up_move)
    one = BroughtRecord(
        entry="e", source="elsewhere:e", training="elsewhere:a", on=DAYS[0], jurisdiction="made", facts=facts,
        hours=hours, credits=credit, hours_unit=units[0], credits_unit=units[1], reversed=bar == "reversed",
    )  # fmt: skip
    stated = Stated(within_city=within_city, same_stage=same_stage)
    in_force = InForce(pack=law, credit=law.credit, settings={})
    standing = "record-1" if bar == "standing" else None
    found = assess_transfer(one, stated, in_force, date(2025, 3, 14), standing, own=bar == "own")
    barred = bool(bar) or credit > TOO_MUCH
    clean = within_city and same_stage and units == ("学时", "学分") and facts == GOOD
    expected = "not-recognised" if barred else "recognised" if clean else "review"
    assert found.outcome == expected
    if expected == "recognised":
        assert (found.micro_hours, found.micro_credits) == (int(hours * 10**6), int(credit * 10**6))
        assert (found.attributes or {})["mode"] == "central"
    else:
        assert (found.micro_hours, found.micro_credits) == (0, 0)
        assert found.doubts or found.clauses
