"""Pu'er and Putuo in one process: each district is judged by its own law and sees nothing of the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_credits.__main__ import running
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire import registry
from yanxiu_wire.credits import (
    DECIDE_PROJECT,
    GET_RECORDS,
    GET_STANDINGS,
    PROPOSE_PROJECT,
    DecideProject,
    GetRecords,
    GetStandings,
    ProposeProject,
)

from tests.services.credits.conftest import NOTICE
from tests.stores import Store

DAY = date(2024, 11, 20)
SET = {"mode": "network", "level": "provincial"}
PUER = {"kind": "training", "mode": "network", "level": "provincial", "hours_planned": "10", "hours_completed": "10"}


@pytest.fixture
async def two(
    own_nats: Any, own_bus: Any, own_database: Store, clock: Any, house_of: type
) -> AsyncIterator[tuple[Service, Any, Any]]:
    """A service with the installed packs and two districts, each with one teacher."""
    settings = Settings(nats_url=own_nats.url, keys=own_database.settings.data / "keys", **own_database.fields)
    async with running(settings, load_packs(), clock=clock) as service:
        houses = []
        for pack in ("puer", "putuo"):
            one = house_of(service, own_bus, f"{pack}-district")
            await one.bind(registry.PackBinding(pack=pack, since=date(2018, 1, 1)))
            await one.employ("t1", head_teacher_periods=((date(2021, 9, 1), None),))
            houses.append(one)
        yield service, houses[0], houses[1]


async def test_each_district_counts_by_its_own_law(two: tuple[Service, Any, Any]) -> None:
    _, puer, putuo = two
    here = (await puer.course(of=SET, facts={**PUER, "score": "89"})).record
    assert (here.hours, here.credits, here.hours_unit, here.credits_unit) == (10, Decimal("11.5"), "学时", "学分")
    there = (await putuo.register(on=DAY, facts={"form": "专家讲座", "class": "lecture", "class_hours": "4"})).record
    assert (there.status, there.hours, there.hours_unit) == ("COUNTED", 4, "课时")
    assert there.credits != here.credits
    for record, prefix in ((here, "PUER-"), (there, "PUTUO-")):
        clauses = record.explanation.clauses
        assert clauses
        assert all(one.id.startswith(prefix) and one.heading and one.quotation for one in clauses)
        assert all(step.zh and step.en for step in record.explanation.steps)
        assert any(step.readings for step in record.explanation.steps)


async def test_each_district_has_its_own_periods(two: tuple[Service, Any, Any], error_of: Any) -> None:
    _, puer, putuo = two
    await puer.course(of=SET, facts={**PUER, "score": "89"})

    def asked(house: Any, kind: str) -> GetStandings:
        return GetStandings(caller=house.officer, teachers=("t1",), kind=kind, on=DAY)

    (year,) = (await puer.call(GET_STANDINGS, asked(puer, "year"))).items
    assert (year.verdict, year.hours, year.credits) == ("FAIL", 10, Decimal("11.5"))
    short = {one.clause: one.shortfall for one in year.findings if not one.met}
    assert short
    assert all(missing >= 0 for missing in short.values())
    (cycle,) = (await puer.call(GET_STANDINGS, asked(puer, "cycle"))).items
    assert (cycle.ends_on.year - cycle.starts_on.year, cycle.verdict) == (4, "FAIL")
    error_of(await putuo.call(GET_STANDINGS, asked(putuo, "year")), "PERIOD_UNKNOWN")
    (school_year,) = (await putuo.call(GET_STANDINGS, asked(putuo, "school_year"))).items
    assert (school_year.starts_on, school_year.credits_unit) == (date(2024, 9, 1), "学分")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({**PUER, "score": "101"}, "facts.score"),
        ({**PUER, "score": "89", "hours_planned": "-3"}, "facts.hours_planned"),
    ],
)
async def test_what_the_law_refuses_names_field_value_clause_and_remedy(
    two: tuple[Service, Any, Any], facts: dict[str, str], field: str
) -> None:
    _, puer, _ = two
    project = await puer.project(SET)
    before = await puer.counts()
    refused = await puer.register(facts=facts, project=project.id)
    assert field in {error.field for error in refused.errors}, refused
    for error in refused.errors:
        assert error.clauses
        assert all((error.value is not None, error.message_zh, error.message_en, error.remedy_zh, error.remedy_en))
    assert await puer.counts() == before


@pytest.mark.parametrize(
    ("changes", "clauses"),
    [
        ({}, ("PUER-F2-3-4", "PUER-21-1")),
        ({"kind": "special"}, ("PUER-F2-3-4", "PUER-21-1")),
        ({"kind": "external"}, ("PUER-F2-3-4", "PUER-21-1")),
        (
            {"mode": "school", "level": "school", "project_credit": "0.75"},
            ("PUER-F2-4-3d", "PUER-F2-3-4", "PUER-21-1"),
        ),
    ],
)
async def test_a_course_without_a_project_is_refused_by_the_clauses_that_ask_for_one(
    two: tuple[Service, Any, Any], error_of: Any, changes: dict[str, str], clauses: tuple[str, ...]
) -> None:
    _, puer, _ = two
    before = await puer.counts()
    given = {**PUER, "score": "89", **changes}
    error = error_of(await puer.register(facts=given), "PROJECT_REQUIRED")
    assert (error.field, error.value, error.clauses) == ("project", None, clauses)
    assert await puer.counts() == before
    fixed = {name: given[name] for name in ("kind", "mode", "level", "project_credit") if name in given}
    assert (await puer.course(of=fixed, facts=given)).record.status == "COUNTED"


@pytest.mark.parametrize(
    ("facts", "field", "clause"),
    [
        ({"mode": "school", "level": "school", "project_credit": "0.4"}, "facts.project_credit", "PUER-11-1S"),
        ({"mode": "central", "level": "county", "project_credit": "1.6"}, "facts.project_credit", "PUER-11-1C"),
        ({"mode": "network", "hours_planned": "0"}, "facts.hours_planned", "PUER-10-17"),
    ],
)
async def test_what_the_law_refuses_of_every_record_is_refused_of_the_project(
    two: tuple[Service, Any, Any], error_of: Any, facts: dict[str, str], field: str, clause: str
) -> None:
    _, puer, _ = two
    given = {"title": "课堂教学研修", "organiser": "研修中心"}
    proposed = ProposeProject(caller=puer.officer, key=puer.key(), facts=facts, **given)
    error = error_of(await puer.call(PROPOSE_PROJECT, proposed), error_code(field))
    assert (error.field, error.value, error.clauses) == (field, facts[field.removeprefix("facts.")], (clause,))
    # The approver, who sets the coefficient, is told the same; the project stays open for another decision.
    name = field.removeprefix("facts.")
    sound = {key: value for key, value in facts.items() if key != name}
    project = await puer.project(sound, approve=False)
    before = await puer.counts()
    approving = {"caller": puer.caller("district-officer"), "project": project.id, "approve": True, "on": DAY}
    approving["document"] = NOTICE
    decided = DecideProject(key=puer.key(), facts={name: facts[name]}, **approving)
    assert error_of(await puer.call(DECIDE_PROJECT, decided), error_code(field)).field == field
    assert await puer.counts() == before
    again = DecideProject(key=puer.key(), **approving)
    assert (await puer.call(DECIDE_PROJECT, again)).state == "approved"


def error_code(field: str) -> str:
    return "HOURS_OUT_OF_RANGE" if "hours" in field else "COEFFICIENT_OUT_OF_RANGE"


async def test_a_bad_mark_and_a_missing_project_are_named_together(two: tuple[Service, Any, Any]) -> None:
    _, puer, _ = two
    before = await puer.counts()
    refused = await puer.register(facts={**PUER, "score": "101"})
    named = {(error.code, error.field, error.clauses) for error in refused.errors}
    assert named == {
        ("MARK_OUT_OF_RANGE", "facts.score", ("PUER-11-3",)),
        ("PROJECT_REQUIRED", "project", ("PUER-F2-3-4", "PUER-21-1")),
    }
    assert await puer.counts() == before


async def test_items_of_article_13_and_another_law_ask_for_no_project(two: tuple[Service, Any, Any]) -> None:
    _, puer, putuo = two
    lecture = {"kind": "lecture", "level": "county", "class_hours": "2"}
    alone = (await puer.register(facts=lecture)).record
    assert (alone.status, alone.project) == ("COUNTED", None)
    assert alone.credits > 0
    there = {"form": "专家讲座", "class": "lecture", "class_hours": "4"}
    assert (await putuo.register(on=DAY, facts=there)).record.status == "COUNTED"


async def test_a_record_of_one_district_does_not_exist_in_the_other(two: tuple[Service, Any, Any]) -> None:
    _, puer, putuo = two
    record = (await puer.course(of=SET, facts={**PUER, "score": "89"})).record
    asked = GetRecords(caller=putuo.officer, ids=(record.id,))
    assert (await putuo.call(GET_RECORDS, asked)).items == (None,)
    assert (await putuo.counts())["record"] == 0
