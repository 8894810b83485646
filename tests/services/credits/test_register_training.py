"""Registering a training: what it earns, why, once, and exactly."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_credits.assess import assess
from yanxiu_credits.explain import write_decision
from yanxiu_credits.law_facts import STATED_BY_SERVICE
from yanxiu_credits.laws import InForce
from yanxiu_footing.stored import canonical
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.credits import (
    CREDIT_RECOGNISED,
    GET_PROJECTS,
    REGISTER_TRAINING,
    GetProjects,
    TrainingRegistered,
)
from yanxiu_wire.events import replay


async def test_a_training_comes_back_as_an_explained_credit(house: Any) -> None:
    answer = await house.register(facts={"hours": "10.5", "coefficient": "1.2", "score": "85"})
    assert isinstance(answer, TrainingRegistered)
    record = answer.record
    assert (record.status, record.hours, record.credits) == ("COUNTED", Decimal("10.5"), Decimal("12.6"))
    assert (record.school, record.entry, record.credits_unit) == ("school-1", 1, "学分")
    (step,) = record.explanation.steps
    assert step.zh == "10.5学时乘以1.2得12.6学分"
    assert step.en == "10.5 hours times 1.2 make 12.6 credits"
    reading = {one.parameter: one for one in step.readings}["pass_mark"]
    assert (reading.value, reading.unit, reading.since, reading.clause) == ("60", "分", date(2020, 1, 1), "MADE-2")
    words = {clause.id: (clause.heading, clause.quotation) for clause in record.explanation.clauses}
    assert words == {"MADE-1": ("第1条", "条文1"), "MADE-2": ("第2条", "条文2")}
    assert (record.explanation.pack, record.explanation.version, record.explanation.on) == (
        "made-up-made",
        "1.0",
        date(2024, 5, 20),
    )


async def test_a_record_that_earns_nothing_is_kept_with_its_reason_and_without_an_entry(house: Any) -> None:
    record = (await house.register(facts={"hours": "10", "score": "59.5"})).record
    assert (record.status, record.hours, record.credits, record.entry) == ("ZERO", 0, 0, None)
    assert record.reasons == ("MADE-2",)
    assert record.explanation.steps
    counts = await house.counts()
    assert (counts["record"], counts["decision"], counts["ledger"], counts["outbox"]) == (1, 1, 0, 0)


async def test_what_a_project_fixes_is_added_to_the_record(house: Any) -> None:
    project = await house.project({"coefficient": "1.5"})
    record = (await house.register(project=project.id, facts={"hours": "8", "score": "90"})).record
    assert record.credits == 12
    assert record.facts["coefficient"] == "1.5"
    assert record.facts["project_approved"] is True
    assert record.facts["project_approved_on"] == "2024-03-01"


async def test_a_record_may_repeat_what_its_project_fixes_in_another_spelling(house: Any) -> None:
    project = await house.project({"coefficient": "1.5"})
    facts = {"hours": "8", "coefficient": "1.50", "date": "2024-05-20", "project_approved": True}
    assert (await house.register(project=project.id, facts=facts)).record.credits == 12


async def test_the_settings_of_a_district_govern_and_are_told(empty_house: Any) -> None:
    decided = registry.PackBinding(
        pack="made", since=date(2020, 1, 1), settings={"pass_mark": "55"}, decided_by="区教〔2020〕1号"
    )
    await empty_house.bind(decided)
    await empty_house.employ("t1")
    record = (await empty_house.register(facts={"hours": "10", "score": "56"})).record
    assert record.status == "COUNTED"
    reading = {one.parameter: one for one in record.explanation.steps[0].readings}["pass_mark"]
    assert (reading.value, reading.decided_by) == ("55", "区教〔2020〕1号")


async def test_the_law_of_the_day_governs_after_a_district_came_under_another(empty_house: Any) -> None:
    await empty_house.bind(
        registry.PackBinding(pack="made", since=date(2020, 1, 1)),
        registry.PackBinding(pack="other", since=date(2024, 6, 1)),
    )
    await empty_house.employ("t1")
    facts = {"hours": "10", "score": "70"}
    before = (await empty_house.register(on=date(2024, 5, 31), facts=facts)).record
    after = (await empty_house.register(on=date(2024, 6, 1), facts=facts)).record
    assert (before.status, before.explanation.pack) == ("COUNTED", "made-up-made")
    assert (after.status, after.explanation.pack) == ("ZERO", "made-up-other")


async def test_a_teacher_who_moved_keeps_the_school_of_the_day(house: Any) -> None:
    await house.employ(
        "mover",
        wire_teacher.Employment(school="school-1", since=date(2021, 9, 1), until=date(2024, 8, 31)),
        wire_teacher.Employment(school="school-2", since=date(2024, 9, 1)),
    )
    old = (await house.register("mover", on=date(2024, 8, 31))).record
    new = (await house.register("mover", on=date(2024, 9, 1))).record
    assert (old.school, new.school) == ("school-1", "school-2")


async def test_two_hundred_identical_commands_at_once_make_one_entry_and_equal_answers(house: Any) -> None:
    command = house.training()
    answers = await asyncio.gather(*(house.call(REGISTER_TRAINING, command) for _ in range(200)))
    assert {canonical(answer.record) for answer in answers} == {canonical(answers[0].record)}
    assert [answer.replayed for answer in answers].count(False) == 1
    assert (await house.counts())["ledger"] == 1


async def test_an_answer_without_its_explanation_is_to_the_same_command(house: Any) -> None:
    command = house.training()
    short = await house.call(REGISTER_TRAINING, msgspec.structs.replace(command, explain=False))
    whole = await house.call(REGISTER_TRAINING, command)
    assert (short.record.explanation, short.replayed, whole.replayed) == (None, False, True)
    assert whole.record.explanation.steps
    assert whole.record == msgspec.structs.replace(short.record, explanation=whole.record.explanation)


async def test_a_teacher_who_arrives_a_moment_later_is_accepted(house: Any) -> None:
    waiting = asyncio.create_task(house.register("late"))
    await house.employ("late", wait=False)
    assert isinstance(await waiting, TrainingRegistered)


async def test_an_entry_is_announced_once_with_its_hash(house: Any, bus: Any) -> None:
    record = (await house.register()).record
    (row,) = await house.rows("ledger")

    told: list[Any] = []

    async def keep(district: str, _event: Any, body: Any, _id: str) -> None:
        if district == house.district:
            told.append(body.entry)

    async with asyncio.timeout(10):
        while not told:
            await replay(bus, [CREDIT_RECOGNISED], keep)
    assert [(entry.record, entry.hash, entry.seq) for entry in told] == [(record.id, row["hash"], 1)]


async def test_a_stored_decision_gives_the_same_result_again(house: Any) -> None:
    project = await house.project({"coefficient": "1.5"})
    await house.register(project=project.id, facts={"hours": "7.25", "score": "61"})
    await house.register(facts={"hours": "7.25", "score": "12"})
    stored = {row["record"]: row for row in await house.rows("decision")}
    for record in await house.rows("record"):
        row = stored[record["id"]]
        pack = house.service.laws.pack_of(row["jurisdiction"])
        assert pack.version == row["version"]
        found = await house.call(GET_PROJECTS, GetProjects(caller=house.officer, ids=(record["project"] or "none",)))
        law = InForce(pack=pack, credit=pack.credit, settings=json.loads(row["settings"]))
        facts = {k: v for k, v in json.loads(record["facts"]).items() if k not in STATED_BY_SERVICE}
        again = assess(facts, record["on"], found.items[0], law)
        assert write_decision(again.assessment) == row["body"]
        assert (again.micro_hours, again.micro_credits) == (record["micro_hours"], record["micro_credits"])


@pytest.mark.parametrize("hours", ["0.000001", "123456.654321", "1000000"])
async def test_amounts_are_exact_to_the_last_millionth(house: Any, hours: str) -> None:
    record = (await house.register(facts={"hours": hours})).record
    assert (record.hours, record.credits) == (Decimal(hours), Decimal(hours))
