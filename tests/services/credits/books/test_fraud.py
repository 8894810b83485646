"""A record voided for fraud: its entry is reversed, what the law attaches noted, and no school enters it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from yanxiu_wire.books import LIST_INTEGRITY, ListIntegrity, RecordVoided
from yanxiu_wire.message import Page

Check = Callable[[Any, str], Any]


async def test_a_voided_record_has_its_entry_reversed_and_the_laws_consequence_noted(house: Any) -> None:
    made = await house.register(facts={"hours": "12"})
    done = await house.void(made.record.id, serious=True)
    assert isinstance(done, RecordVoided)
    found = done.integrity
    assert (found.record, found.teacher, found.school) == (made.record.id, "t1", "school-1")
    assert (found.serious, found.proof, found.found_by) == (True, "卷宗 12 号", "test-institute-officer")
    assert found.consequences == {"integrity_file_entries": 1, "discipline": ["registrar"], "citywide_notice": True}
    assert (found.sentences_zh, found.clauses) == (("取消12学分", "通报"), ("MADE-2", "MADE-3"))
    assert (done.entry.kind, done.entry.credits) == ("registration-reversal", -12)
    (why,) = await house.rows("reversal")
    assert (why["why"], why["integrity"]) == ("fraud", found.id)
    assert (await house.total()).credits == 0
    assert (await house.verify()).first_bad is None


async def test_the_registrars_own_act_is_no_entry_of_the_teacher(house: Any) -> None:
    made = await house.register(facts={"hours": "12"})
    done = await house.void(made.record.id, actor="registrar")
    assert (done.integrity.actor, done.integrity.registered_by) == ("registrar", "test-institute-officer")
    assert done.integrity.consequences["integrity_file_entries"] == 0


async def test_it_is_registered_again_by_an_officer_alone(house: Any, error_of: Check) -> None:
    made = await house.register(facts={"hours": "12"})
    voided = await house.void(made.record.id)
    school = house.caller("school-training-officer", school=house.school)
    error = error_of(await house.register(facts={"hours": "12"}, caller=school), "VOIDED_FOR_FRAUD")
    assert error.value == voided.integrity.id
    again = await house.register(facts={"hours": "12"})
    assert (again.record.supersedes, (await house.total()).credits) == (made.record.id, 12)


async def test_a_school_does_not_correct_another_record_into_a_voided_one(house: Any, error_of: Check) -> None:
    made, other = await house.register(facts={"hours": "12"}), await house.register(facts={"hours": "8"})
    await house.void(made.record.id)
    school = house.caller("school-training-officer", school=house.school)
    error_of(await house.correct(other.record.id, {"hours": "12"}, caller=school), "VOIDED_FOR_FRAUD")
    assert (await house.total()).credits == 8


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"proof": ""}, "PROOF_MISSING"),
        ({"reason": ""}, "REASON_MISSING"),
        ({"actor": "nobody"}, "ACTOR_UNKNOWN"),
    ],
)
async def test_nothing_is_voided_without_proof_reason_and_actor(
    house: Any, error_of: Check, more: dict[str, Any], code: str
) -> None:
    made = await house.register(facts={"hours": "12"})
    error_of(await house.void(made.record.id, **more), code)
    assert await house.rows("integrity_entry") == []
    assert len(await house.rows("ledger")) == 1


async def test_officers_alone_find_fraud(house: Any, error_of: Check) -> None:
    made = await house.register(facts={"hours": "12"})
    school = house.caller("school-leader", school=house.school)
    error_of(await house.void(made.record.id, caller=school), "FORBIDDEN")
    error_of(await house.void("no-such-record"), "RECORD_UNKNOWN")
    await house.void(made.record.id)
    error_of(await house.void(made.record.id), "ALREADY_REVERSED")
    worthless = await house.register(facts={"hours": "3", "score": "1"})
    error_of(await house.void(worthless.record.id), "NOT_COUNTED")


async def test_the_list_shows_officers_all_and_a_teacher_the_own(house: Any) -> None:
    for teacher in ("t1", "t2"):
        made = await house.register(teacher, facts={"hours": "12"})
        await house.void(made.record.id)

    async def seen(caller: Any, **more: Any) -> list[str]:
        page = await house.call(LIST_INTEGRITY, ListIntegrity(caller=caller, **more))
        return [one.teacher for one in page.items]

    assert await seen(house.officer) == ["t1", "t2"]
    assert await seen(house.officer, teacher="t2") == ["t2"]
    assert await seen(house.caller("teacher", teacher="t1")) == ["t1"]
    assert await seen(house.caller("school-leader", school="school-2")) == []
    first = await house.call(LIST_INTEGRITY, ListIntegrity(caller=house.officer, page=Page(first=1)))
    assert (len(first.items), first.has_next, first.total) == (1, True, 2)
    assert await seen(house.officer, page=Page(first=1, after=first.cursors[0])) == ["t2"]
