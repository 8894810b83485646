"""A record that never came into the ledger is superseded by registering again; one that counts stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yanxiu_wire.credits import (
    GET_RECORDS,
    GET_TOTALS,
    LIST_RECORDS,
    VERIFY_LEDGER,
    GetRecords,
    GetTotals,
    ListRecords,
    TrainingRegistered,
    VerifyLedger,
)

WRONG = {"hours": "1", "score": "10"}
RIGHT = {"hours": "10", "score": "85"}


async def listed(house: Any) -> list[str]:
    pages = []
    for teachers in ((), ("t1",)):
        found = await house.call(LIST_RECORDS, ListRecords(caller=house.officer, teachers=teachers))
        pages.append([one.id for one in found.pages[0].items])
        assert found.pages[0].total == len(pages[-1])
    assert pages[0] == pages[1]
    return pages[0]


async def test_what_was_worth_nothing_is_superseded_and_stays_as_history(house: Any) -> None:
    project = (await house.project()).id
    first = (await house.register(project=project, facts=WRONG)).record
    again = await house.register(project=project, facts={**WRONG, "hours": "2"})
    right = await house.register(project=project, facts=RIGHT)
    assert [first.status, again.record.status, right.record.status] == ["ZERO", "ZERO", "COUNTED"]
    assert (again.record.supersedes, right.record.supersedes) == (first.id, again.record.id)
    assert await listed(house) == [right.record.id]
    ids = (first.id, again.record.id, right.record.id)
    found = await house.call(GET_RECORDS, GetRecords(caller=house.officer, ids=ids))
    assert [one.superseded_by for one in found.items] == [again.record.id, right.record.id, None]
    assert [one.supersedes for one in found.items] == [None, first.id, again.record.id]
    totals = await house.call(GET_TOTALS, GetTotals(caller=house.officer, teachers=("t1",)))
    assert (totals.items[0].hours, totals.items[0].records) == (10, 1)
    assert (await house.call(VERIFY_LEDGER, VerifyLedger(caller=house.caller("auditor")))).first_bad is None


async def test_the_key_of_a_superseded_record_still_gives_its_answer(house: Any) -> None:
    project = (await house.project()).id
    first = await house.register(project=project, facts=WRONG, key="first")
    assert isinstance(await house.register(project=project, facts=RIGHT), TrainingRegistered)
    replayed = await house.register(project=project, facts=WRONG, key="first")
    assert (replayed.replayed, replayed.record) == (True, first.record)
    assert len(await house.rows("record")) == 2


async def test_the_same_thing_again_is_already_there_counted_or_not(
    house: Any, error_of: Callable[[Any, str], Any]
) -> None:
    for facts in (WRONG, RIGHT):
        project = (await house.project()).id
        record = (await house.register(project=project, facts=facts)).record
        error = error_of(await house.register(project=project, facts=facts), "ALREADY_REGISTERED")
        assert (error.value, "不必重复登记" in error.remedy_zh) == (record.id, True)


async def test_correcting_what_counts_is_refused_and_the_remedy_says_what_there_is_not(
    house: Any, error_of: Callable[[Any, str], Any]
) -> None:
    project = (await house.project()).id
    record = (await house.register(project=project, facts=RIGHT)).record
    error = error_of(await house.register(project=project, facts={**RIGHT, "hours": "9"}), "ALREADY_REGISTERED")
    assert error.value == record.id
    assert "不必重复登记" not in error.remedy_zh
    assert "冲销" in error.remedy_zh
    assert "reversed" in error.remedy_en
    assert len(await house.rows("record")) == 1
