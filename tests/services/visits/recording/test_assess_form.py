"""Forms and their answers: every reason names its field, in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_visits.recording.assess_form import assess_answers, assess_fields
from yanxiu_wire.forms import FormChoice, FormField

SCALE = tuple(FormChoice(value=str(n), label_zh=f"{n}分") for n in range(1, 6))
FIELDS = (
    FormField(name="pace", kind="scale", label_zh="节奏", required=True, choices=SCALE),
    FormField(name="minutes", kind="number", label_zh="学生活动分钟", least=Decimal(0), most=Decimal("45.5")),
    FormField(name="kind", kind="choice", label_zh="课型", choices=(
        FormChoice(value="new", label_zh="新授"), FormChoice(value="review", label_zh="复习"),
    )),
    FormField(name="note", kind="text", label_zh="记录", least=Decimal(2), most=Decimal(10)),
)  # fmt: skip


def test_answers_that_fit_are_taken_and_what_is_not_required_may_be_left_out() -> None:
    assert assess_fields(FIELDS) == ()
    assert assess_answers(FIELDS, {"pace": "5", "minutes": "45.5", "kind": "new", "note": "很好"}) == ()
    assert assess_answers(FIELDS, {"pace": "1"}) == ()


@pytest.mark.parametrize(
    ("answers", "field", "says"),
    [
        ({}, "pace", "必填"),
        ({"pace": "6"}, "pace", "1分（1）"),
        ({"pace": "1", "minutes": "46"}, "minutes", "不超过45.5"),
        ({"pace": "1", "minutes": "-1"}, "minutes", "不少于0"),
        ({"pace": "1", "minutes": "许多"}, "minutes", "须为数字"),
        ({"pace": "1", "minutes": "1e3"}, "minutes", "须为数字"),
        ({"pace": "1", "kind": "new "}, "kind", "新授（new）"),
        ({"pace": "1", "note": "好"}, "note", "字数不少于2"),
        ({"pace": "1", "note": "好" * 11}, "note", "字数不超过10"),
        ({"pace": "1", "colour": "red"}, "colour", "不是本表的项目"),
    ],
)
def test_an_answer_that_does_not_fit_is_named(answers: dict[str, str], field: str, says: str) -> None:
    (wrong,) = assess_answers(FIELDS, answers)
    assert wrong.field == f"content.answers.{field}"
    assert says in wrong.message_zh
    assert wrong.message_en


@pytest.mark.parametrize(
    ("field", "path"),
    [
        (FormField(name="Pace", kind="text", label_zh="节奏"), "fields[0].name"),
        (FormField(name="pace", kind="text", label_zh=" "), "fields[0].label_zh"),
        (FormField(name="pace", kind="scale", label_zh="节奏"), "fields[0].choices"),
        (FormField(name="pace", kind="scale", label_zh="节奏", choices=SCALE[:1] * 2), "fields[0].choices"),
        (FormField(name="pace", kind="text", label_zh="节奏", choices=SCALE), "fields[0].choices"),
        (FormField(name="pace", kind="number", label_zh="节奏", least=Decimal(2), most=Decimal(1)), "fields[0].most"),
    ],
)
def test_a_field_that_nobody_could_answer_is_named(field: FormField, path: str) -> None:
    assert [one.field for one in assess_fields((field,))] == [path]


def test_a_form_has_fields_each_name_once() -> None:
    assert [one.field for one in assess_fields(())] == ["fields"]
    assert [one.field for one in assess_fields(FIELDS[:1] * 2)] == ["fields[0].name", "fields[1].name"]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-99, max_value=99))
def test_a_number_is_judged_exactly(number: Decimal) -> None:
    wrong = assess_answers(FIELDS[1:2], {"minutes": format(number, "f")})
    assert bool(wrong) == (not Decimal(0) <= number <= Decimal("45.5"))
