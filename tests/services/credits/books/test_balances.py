"""The balance kept of each teacher is the sum of the ledger: after every kind of entry, or it is told and made anew."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY
from yanxiu_credits.check_ledgers import checking_wholes
from yanxiu_credits.store import balances
from yanxiu_wire.credits import GET_TOTALS, REBUILD_PROJECTION, GetTotals, ProjectionRebuilt, RebuildProjection
from yanxiu_wire.deadline import Deadline

from .conftest import Books

SPOILT = (
    "UPDATE balance SET micro_credits = micro_credits + 1 WHERE teacher = 't1'",
    "DELETE FROM balance WHERE teacher = 't2'",
    "INSERT INTO balance SELECT district, 'ghost', 0, 0, 1, 0, 0, 1 FROM balance WHERE teacher = 't1'",
)


async def changed(house: Books, *statements: str) -> None:
    async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
        for one in statements:
            await conn.execute(sa.text(one))


async def totals(house: Books) -> list[Any]:
    query = GetTotals(caller=house.officer, teachers=("t1", "t2"))
    return list((await house.call(GET_TOTALS, query)).items)


async def lived(house: Books) -> None:
    """Registered, corrected, reversed, recognised and worth nothing: entries of every sign, of two teachers."""
    first = (await house.register("t1", facts={"hours": "3"})).record
    await house.correct(first.id, {"hours": "5.25"})
    second = (await house.register("t1", facts={"hours": "7"})).record
    await house.reverse(second.id)
    await house.register("t1", facts={"hours": "9", "score": "10"})
    await house.register("t2", facts={"hours": "2"})
    await house.recognise("t2", 4)


async def rebuilt(house: Books) -> ProjectionRebuilt:
    command = RebuildProjection(caller=house.caller("platform-operator"), key=house.key())
    return await house.call(REBUILD_PROJECTION, command)


async def test_a_wrong_balance_is_told_and_made_anew_and_the_ledger_goes_on_meanwhile(
    house: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(balances, "_TEACHERS", 1)
    await lived(house)
    right, kept = await totals(house), await house.rows("balance")
    assert [(str(one.hours), one.records, str(one.recognised_credits)) for one in right] == [
        ("5.25", 1, "0"),
        ("2", 1, "4"),
    ]
    assert (await house.verify()).wrong_balances == 0
    await changed(house, *SPOILT)
    found = await house.verify()
    assert (found.wrong_balances, found.first_bad) == (3, None)
    assert "3名教师的结余" in (found.problem or "")
    assert await totals(house) != right
    # The ledger itself is whole: it is not closed.
    again = (await house.register("t2", facts={"hours": "1"})).record
    assert (await rebuilt(house)).balances_mended == 3
    assert (await house.verify()).problem is None
    await house.reverse(again.id)
    assert await totals(house) == right
    assert (await rebuilt(house)).balances_mended == 0
    newest = max(row["seq"] for row in await house.rows("ledger"))
    assert sorted(map(str, await house.rows("balance"))) == sorted(
        str({**row, "up_to": newest} if row["teacher"] == "t2" else row) for row in kept
    )


async def test_the_check_of_every_start_counts_a_ledger_beside_wrong_balances_apart(house: Books) -> None:
    await lived(house)
    await changed(house, SPOILT[0])
    labels = {"district": house.district, "outcome": "balances"}
    async with checking_wholes(house.service), asyncio.timeout(15):
        while not REGISTRY.get_sample_value("yanxiu_ledger_verifications_total", labels):
            # Nobody tells when it is through with a district.
            await house.service.arrivals.next(0.05)
