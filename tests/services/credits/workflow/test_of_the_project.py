"""What only a project says: its mode, level, coefficient and measure; and what tells two trainings of a day apart."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Any

import pytest
from yanxiu_credits.service import Service
from yanxiu_wire.books import CORRECT_TRAINING, CorrectTraining, TrainingCorrected
from yanxiu_wire.credits import DECIDE_PROJECT, DecideProject, TrainingRegistered
from yanxiu_wire.process import Evidence

from tests.services.credits.conftest import NOTICE, FixedClock
from tests.services.credits.workflow.conftest import Town
from tests.services.credits.workflow.test_real_laws import PACKS, settled

DAY = date(2025, 10, 11)
MARKED = {"kind": "training", "score": "95"}
CENTRAL = {"mode": "central", "level": "county", "project_credit": "1"}


@pytest.fixture
async def puer(under_installed_laws: Service, bus: Any, clock: FixedClock) -> AsyncIterator[Town]:
    before = clock.day
    clock.day = date(2026, 1, 20)
    yield await settled(under_installed_laws, bus, clock, PACKS["puer"])
    clock.day = before


async def approved(town: Town, facts: Mapping[str, str]) -> str:
    made = await town.project(facts, approve=False)
    done = await town.call(
        DECIDE_PROJECT,
        DecideProject(
            caller=town.department, key=town.key(), project=made.id, approve=True, on=date(2025, 1, 6), document=NOTICE
        ),
    )
    assert done.state == "approved", done
    return made.id


@pytest.mark.parametrize(
    ("fixed", "stated", "field"),
    [
        ({**CENTRAL, "hours_planned": "6"}, {"days_planned": "20"}, "facts.days_planned"),
        ({**CENTRAL, "hours_planned": "6"}, {"days_attended": "20"}, "facts.days_attended"),
        ({**CENTRAL, "hours_planned": "6"}, {"days_completed": "20"}, "facts.days_completed"),
        ({**CENTRAL, "days_planned": "1"}, {"hours_planned": "90"}, "facts.hours_planned"),
        ({**CENTRAL, "days_planned": "1"}, {"hours_attended": "90"}, "facts.hours_attended"),
        (
            {"mode": "central", "level": "national"},
            {"days_planned": "3", "project_credit": "3"},
            "facts.project_credit",
        ),
        ({"mode": "school", "level": "school"}, {"hours_planned": "20", "project_credit": "1"}, "facts.project_credit"),
        ({"mode": "network"}, {"hours_planned": "20", "level": "national"}, "facts.level"),
        ({"level": "school", "project_credit": "1"}, {"hours_planned": "20", "mode": "central"}, "facts.mode"),
        ({"mode": "central", "level": "national"}, {"kind": "lecture", "class_hours": "40"}, "facts.kind"),
        ({"mode": "central", "level": "national"}, {"kind": "studio", "role": "host"}, "facts.kind"),
    ],
)
async def test_a_record_does_not_state_what_is_its_projects_to_fix(
    puer: Town, error_of: Any, fixed: dict[str, str], stated: dict[str, str], field: str
) -> None:
    project = await approved(puer, fixed)
    before = await puer.counts()
    refused = await puer.register("t1", project=project, on=DAY, facts={**MARKED, **stated})
    assert error_of(refused, "FACT_LEFT_TO_PROJECT").field == field
    assert await puer.counts() == before


async def test_in_the_measure_of_its_project_a_record_says_what_was_attended(puer: Town) -> None:
    hours = await approved(puer, {**CENTRAL, "hours_planned": "6"})
    one = await puer.register("t1", project=hours, on=DAY, facts={**MARKED, "hours_completed": "6"})
    days = await approved(puer, {**CENTRAL, "days_planned": "2"})
    other = await puer.register("t1", project=days, on=DAY, facts={**MARKED, "days_attended": "2"})
    assert (one.record.hours, other.record.hours) == (6, 12)


@pytest.mark.parametrize("word", ["completed_on", "end", "end_date"])
async def test_the_day_of_completion_is_the_day_of_the_command(puer: Town, error_of: Any, word: str) -> None:
    project = await approved(puer, {"mode": "network", "level": "county", "hours_planned": "30"})
    refused = await puer.register("t1", project=project, on=DAY, facts={**MARKED, word: "2024-12-20"})
    error = error_of(refused, "FACT_FIXED_BY_COMMAND")
    assert (error.field, error.value) == (f"facts.{word}", "2024-12-20")
    assert isinstance(
        await puer.register("t1", project=project, on=DAY, facts={**MARKED, word: "2025-10-11"}), TrainingRegistered
    )


async def test_nothing_begins_after_it_ended_to_lie_behind_its_approval(puer: Town, error_of: Any) -> None:
    project = await approved(puer, CENTRAL)
    given = {**MARKED, "days_planned": "3", "started_on": "2025-09-05"}
    error = error_of(await puer.register("t1", project=project, on=date(2025, 6, 4), facts=given), "DAYS_REVERSED")
    assert (error.field, error.clauses) == ("facts.started_on", ("PUER-F2-4-3d",))


@pytest.mark.parametrize("more", [{"note": "补登"}, {"title": "名师工作室"}, {"approved": "true"}, {"role": "member"}])
async def test_other_words_for_the_same_item_are_not_a_second_one(
    puer: Town, error_of: Any, more: dict[str, str]
) -> None:
    studio = {"kind": "studio", "level": "county", "role": "host", "result": "优"}
    assert isinstance(await puer.register("t1", on=DAY, facts=studio), TrainingRegistered)
    error = error_of(await puer.register("t1", on=DAY, facts={**studio, **more}), "ALREADY_REGISTERED")
    assert "studio" in error.remedy_zh
    other = await puer.register("t1", on=DAY, facts={**studio, **more, "studio": "另一工作室"})
    assert isinstance(other, TrainingRegistered)


async def test_what_says_nothing_of_a_contest_makes_no_second_one(puer: Town, error_of: Any) -> None:
    contest = {"kind": "contest", "level": "county", "prize": "一等奖", "work": "B课"}
    assert isinstance(await puer.register("t1", on=DAY, facts=contest), TrainingRegistered)
    for more in ({"studio": "甲"}, {"lecture": "乙"}, {"study_year": "1"}, {"work": "B课 "}):
        error_of(await puer.register("t1", on=DAY, facts={**contest, **more}), "ALREADY_REGISTERED")


@pytest.mark.parametrize(
    ("facts", "missing"),
    [({}, "facts.mode"), ({"level": "county"}, "facts.mode"), ({"mode": "central"}, "facts.level")],
)
async def test_a_project_is_not_approved_before_it_says_what_no_record_may(
    puer: Town, error_of: Any, facts: dict[str, str], missing: str
) -> None:
    made = await puer.project(facts, approve=False)
    decide = DecideProject(
        caller=puer.department, key=puer.key(), project=made.id, approve=True, on=date(2025, 1, 6), document=NOTICE
    )
    error = error_of(await puer.call(DECIDE_PROJECT, decide), "PROJECT_INCOMPLETE")
    assert (error.field, error.value) == (missing, made.id)


async def test_a_project_that_begins_after_its_approval_is_approved(puer: Town) -> None:
    project = await approved(puer, {**CENTRAL, "hours_planned": "6", "started_on": "2025-09-01"})
    done = await puer.register("t1", project=project, on=DAY, facts={**MARKED, "hours_completed": "6"})
    assert isinstance(done, TrainingRegistered)


async def test_what_does_not_tell_it_apart_is_corrected_all_the_same(puer: Town, error_of: Any) -> None:
    studio = {"kind": "studio", "level": "county", "role": "host", "result": "优"}
    record = (await puer.register("t1", on=DAY, facts={**studio, "module": "专业知识"})).record

    async def corrected(facts: dict[str, str]) -> Any:
        command = CorrectTraining(caller=puer.institute, key=puer.key(), record=record.id, facts=facts, reason="核对")
        return await puer.call(CORRECT_TRAINING, command)

    error_of(await corrected({**studio, "module": "专业知识", "repeat": "false"}), "NOTHING_CHANGED")
    assert isinstance(await corrected({**studio, "module": "专业能力"}), TrainingCorrected)


async def test_a_class_that_the_form_says_already_makes_no_second_session(
    under_installed_laws: Service, bus: Any, clock: FixedClock, error_of: Any
) -> None:
    town = await settled(under_installed_laws, bus, clock, PACKS["putuo"])
    await town.employ("t3", head_teacher_periods=((date(2024, 9, 1), None),))
    lecture = {"form": "专题讲座", "class_hours": "10"}
    on = date(2024, 12, 10)
    assert isinstance(await town.register("t3", on=on, facts=lecture), TrainingRegistered)
    for more in ({"class": "lecture"}, {"attended_hours": "10.0"}):
        error_of(await town.register("t3", on=on, facts={**lecture, **more}), "ALREADY_REGISTERED")


async def test_a_review_names_the_coefficient_of_every_project(puer: Town, error_of: Any) -> None:
    puer.clock.day = date(2026, 3, 4)
    school = puer.training_officer
    project = await puer.school_project(level="school")
    plan = Evidence(name="plan", title="虚构计划", reference="file://x", sha256="a" * 64)
    given = {"statements": {"problem": "备课", "outcome": "课例"}, "evidence": (plan,)}
    opened = await puer.open(
        school, "school_plan", projects=(project,), school="school-1", on=date(2026, 3, 3), **given
    )
    beside = {project: {"head_teacher_topic": True}}
    error = error_of(await puer.take(puer.institute, opened, "review", project_facts=beside), "ASK_MISSING")
    assert "project_credit" in error.message_zh
    reviewed = await puer.take(puer.institute, opened, "review", project_facts={project: {"project_credit": "0.5"}})
    assert reviewed.state == "reviewed"
