"""No sequence of commands loses, doubles or alters an entry: the ledger's sum is the records' sum is the totals."""

from __future__ import annotations

import asyncio
import itertools
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from yanxiu_wire.credits import GET_TOTALS, VERIFY_LEDGER, GetTotals, TrainingRegistered, VerifyLedger

from tests.examples import with_service

_TEACHERS = ("t1", "t2", "nobody")
_serial = itertools.count()

commands = st.lists(
    st.fixed_dictionaries(
        {
            "teacher": st.sampled_from(_TEACHERS[:2]),
            "key": st.integers(0, 5),
            "on": st.dates(date(2024, 1, 1), date(2024, 1, 4)),
            "facts": st.fixed_dictionaries(
                {
                    "hours": st.decimals("0", "40", places=2).map(str),
                    "coefficient": st.sampled_from(["0.5", "1", "1.25", "2"]),
                    "score": st.sampled_from(["0", "59.99", "60", "100", "101"]),
                }
            ),
        }
    ),
    min_size=1,
    max_size=12,
)


@with_service(15)
@given(sequence=commands, together=st.booleans())
async def test_ledger_records_and_totals_agree_after_any_sequence(
    house: Any, sequence: list[dict[str, Any]], together: bool
) -> None:
    run = next(_serial)
    calls = [house.register(**{**one, "key": f"{run}-{one['key']}"}) for one in sequence]
    answers = await asyncio.gather(*calls) if together else [await call for call in calls]
    await agree(house)
    # Whatever was answered is there, and only once.
    rows = {row["id"]: row for row in await house.rows("record")}
    for answer in answers:
        if isinstance(answer, TrainingRegistered):
            row = rows[answer.record.id]
            assert (row["micro_credits"], row["entry"]) == (int(answer.record.credits * 10**6), answer.record.entry)


async def agree(house: Any) -> None:
    records, entries = await house.rows("record"), await house.rows("ledger")
    counted = {row["id"] for row in records if row["status"] == "COUNTED"}
    assert sorted(row["record"] for row in entries) == sorted(counted)
    totals = (await house.call(GET_TOTALS, GetTotals(caller=house.officer, teachers=_TEACHERS))).items
    assert totals[2] is None
    for total in totals[:2]:
        for measure in ("hours", "credits"):
            of_records = sum(row[f"micro_{measure}"] for row in records if row["teacher"] == total.teacher)
            of_entries = sum(row[f"micro_{measure}"] for row in entries if row["teacher"] == total.teacher)
            assert of_records == of_entries
            assert Decimal(of_entries) / 10**6 == getattr(total, measure)
    found = await house.call(VERIFY_LEDGER, VerifyLedger(caller=house.caller("auditor")))
    assert (found.first_bad, found.entries) == (None, len(entries))
    assert (await house.counts())["outbox"] == len(entries)
