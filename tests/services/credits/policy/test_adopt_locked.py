"""An adoption leaves locked periods alone, also those that were locked after it was asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from yanxiu_credits.books.locks import lock
from yanxiu_credits.policy import adopt
from yanxiu_rulekit.outcome import Period
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.teacher import Employment

YEAR_2024 = Period(kind="year", label="2024", start=date(2024, 1, 1), end=date(2024, 12, 31))


async def lock_school(house: Any, school: str) -> None:
    async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
        await lock(
            conn, house.district, school=school, period=YEAR_2024, by=house.officer, reason="已认定",
            at=house.service.clock.now(),
        )  # fmt: skip


async def test_records_of_a_locked_school_stay_and_those_of_the_others_are_decided_again(policy: Any) -> None:
    house = policy.house
    await house.employ("t3", Employment(school="school-2", since=date(2021, 9, 1)))
    for teacher in ("t1", "t3"):
        await house.course(teacher, facts={"hours": "80", "score": "85"})
    await house.course("t1", facts={"hours": "80", "score": "55"})
    await lock_school(house, "school-1")
    before = await policy.chain()
    preview = await policy.preview(settings={"pass_mark": "90"})
    assert (preview.records, preview.locked_records) == (1, 1)
    await policy.bind(preview)
    job = await policy.adopted(preview.id)
    assert (job.state, job.result["records"]) == ("done", 1)
    assert await policy.standings() == await policy.stored(preview.id, "after")
    new = [row for row in await house.rows("ledger") if row["seq"] > len(before)]
    assert [(row["teacher"], row["kind"]) for row in new] == [("t3", "registration-reversal")]
    told = {one.teacher: (one.locked, one.matched) for one in (await policy.records(preview.id)).values()}
    assert told == {"t1": ("year 2024 school-1", None), "t3": (None, True)}


@pytest.mark.every_case_on_both
@pytest.mark.parametrize(("mark", "now"), [("85", "90"), ("55", "50")], ids=["counted", "worth-nothing"])
async def test_a_lock_that_came_after_the_adoption_was_asked_for_is_kept(
    policy: Any, error_of: Any, mark: str, now: str
) -> None:
    house = policy.house
    await house.course("t1", facts={"hours": "80", "score": mark})
    before = await policy.chain()
    preview = await policy.preview(settings={"pass_mark": now})
    assert preview.records == 1
    await policy.bind(preview)
    by = msgspec.to_builtins(policy.head)
    part = {"preview": preview.id, "teachers": ["t1"], "reason": "市局文件", "by": by}
    found = await adopt.prepare(house.service, house.district, part)
    assert isinstance(found, adopt.Prepared), found
    await lock_school(house, "school-1")
    async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
        refused = await adopt.write(house.service, house.district, part, conn, found)
    error_of(refused, "PERIOD_LOCKED")
    assert await policy.chain() == before
