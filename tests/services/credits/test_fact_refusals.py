"""What the law could not read is said in plain Chinese and English, short, without the words of the reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from yanxiu_credits.fact_refusals import nearest, problem_in_words
from yanxiu_credits.law_facts import choices, known_facts
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire.credits import PROPOSE_PROJECT, ProposeProject

# The reader's own words; a fact's name (hours_planned) is a name in either language.
ENGINE = re.compile(r"Expected|Invalid|Object|unknown|missing|`|True|False|None|fixes only")


@pytest.mark.parametrize(
    ("facts", "zh", "en"),
    [
        ({"hours": "ten"}, "应为确切的数值", "an exact number"),
        ({"hours": True}, "应为数值", "a number"),
        ({"score": "90"}, "缺少该项", "missing"),
        ({"hours": "1", "foo": "x"}, "本规定没有这一项", "no such fact"),
        ({"hours": "1", "mode": 3}, "应为文本", "a text"),
        ({"hours": "1" * 40}, "小数点前后各至多12位", "12 digits"),
        ({"hours": "NaN"}, "应为确切的数值", "an exact number"),
    ],
)
async def test_a_problem_is_said_in_both_languages(
    house: Any, error_of: Callable[[Any, str], Any], facts: dict[str, Any], zh: str, en: str
) -> None:
    error = error_of(await house.register(facts=facts), "FACT_MALFORMED")
    assert zh in error.message_zh
    assert en in error.message_en
    assert not ENGINE.search(error.message_zh + error.remedy_zh)


@pytest.mark.parametrize(
    ("problem", "zh"),
    [
        ("Expected `bool | null`, got `str`", "应为是或否（true、false）"),
        ("Expected `str | object | null`, got `int`", "应为文本或对照表"),
        ("Expected `int | null`, got `str`", "应为整数"),
        ("Invalid RFC3339 encoded date", "应为日期（如2024-05-20）"),
        ("Invalid enum value 'banana'", "不是可选的值"),
        ("a float; give an exact decimal as text", "数值须写成文本，以免失真"),
        (
            "hours and hours_attended are one fact, and another of its words says True; keep one",
            "hours与hours_attended是同一事实项，另一处填的是“是”，只留一处",
        ),
        ("some word of a pack", "填写的内容不符合要求"),
    ],
)
def test_every_problem_of_the_reader_has_its_chinese(problem: str, zh: str) -> None:
    assert problem_in_words(problem)[0] == zh


def test_the_nearest_facts_come_first_and_are_twelve_at_most() -> None:
    known = known_facts(load_packs().packs["puer"])
    assert len(known) > 40
    assert nearest("hours_complete", known)[0] == "hours_completed"
    assert len(nearest("x" * 100_000, known)) == 12


def test_the_values_to_choose_from_are_the_laws() -> None:
    assert choices(load_packs().packs["puer"], "mode") == ("network", "central", "school")
    assert choices(load_packs().packs["puer"], "title") == ()


async def test_a_long_value_is_repeated_in_200_characters_at_most(
    house: Any, error_of: Callable[[Any, str], Any]
) -> None:
    project = await house.project({"mode": "长" * 5000})
    answer = await house.register(project=project.id, facts={"hours": "1", "mode": "短" * 5000})
    error = error_of(answer, "FACT_FIXED_BY_PROJECT")
    assert len(error.value) == 200
    assert len(error.message_zh) < 500
    error = error_of(await house.register(facts={"hours": "1", "x" * 5000: "1"}), "FACT_MALFORMED")
    assert len(error.message_zh) < 300


async def test_the_day_is_fixed_by_the_command(house: Any, error_of: Callable[[Any, str], Any]) -> None:
    project = await house.project()
    for named in (None, project.id):
        answer = await house.register(project=named, facts={"hours": "1", "date": "2024-05-21"}, on=date(2024, 5, 20))
        error = error_of(answer, "FACT_FIXED_BY_COMMAND")
        assert error.message_zh == "事实项 date 即登记的完成日期2024-05-20，填报值为2024-05-21。"


async def test_what_only_a_record_states_is_no_projects_and_yes_is_said_in_chinese(
    house: Any, error_of: Callable[[Any, str], Any]
) -> None:
    proposal = ProposeProject(
        caller=house.officer, key=house.key(), title="研修", organiser="研修中心", facts={"score": "9"}
    )
    error = error_of(await house.call(PROPOSE_PROJECT, proposal), "FACT_MALFORMED")
    assert (error.field, ENGINE.search(error.message_zh)) == ("facts.score", None)
    project = await house.project(approve=False)
    answer = await house.register(project=project.id, facts={"hours": "1", "project_approved": "true"})
    error = error_of(answer, "FACT_FIXED_BY_PROJECT")
    assert error.message_zh == "事实项 project_approved 已由项目确定为否，填报值为是。"
