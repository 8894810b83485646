"""What a decision asks to be told is read from its class: forms, units, choices, groups within groups."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from yanxiu_rulekit import Facts, load_packs
from yanxiu_rulekit.factfields import FactField, fact_fields


class Lesson(Facts, frozen=True, kw_only=True):
    on: dt.date
    class_hours: Decimal = Decimal("1.50")
    good: bool = False


class Question(Facts, frozen=True, kw_only=True):
    score: Decimal
    mode: Literal["network", "school"] | None = None
    lessons: tuple[Lesson, ...] = ()
    hours_by_year: dict[str, Decimal] | None = None
    seats: Annotated[int, msgspec.Meta(title="座位数", extra_json_schema={"unit": "个"})] = 3
    first_year: bool | int | None = None


def fields() -> dict[str, FactField]:
    return {one.name: one for one in fact_fields(Question)}


def test_forms_units_choices_and_defaults_are_those_of_the_class() -> None:
    found = fields()
    assert list(found) == ["score", "mode", "lessons", "hours_by_year", "seats", "first_year"]
    assert (found["score"].form, found["score"].unit, found["score"].required) == ("decimal", "分", True)
    assert (found["mode"].form, found["mode"].choices, found["mode"].required) == (
        "choice",
        ("network", "school"),
        False,
    )
    assert (found["hours_by_year"].form, found["hours_by_year"].of) == ("table", "decimal")
    assert set(found["first_year"].forms) == {"boolean", "integer"}
    assert found["seats"].default == "3"


def test_a_pack_may_say_itself_what_a_fact_is_called() -> None:
    found = fields()
    assert (found["seats"].label, found["seats"].unit) == ("座位数", "个")
    assert found["score"].label == "考核得分"


def test_the_items_of_a_list_are_told_with_facts_of_their_own() -> None:
    lessons = fields()["lessons"]
    assert (lessons.form, lessons.of) == ("list", "group")
    inner = {one.name: one for one in lessons.fields}
    assert (inner["on"].form, inner["on"].required) == ("date", True)
    assert (inner["class_hours"].default, inner["class_hours"].unit) == ("1.5", "课时")
    assert (inner["good"].default, inner["good"].form) == ("false", "boolean")


def test_every_question_of_every_installed_pack_can_be_shown_as_a_form() -> None:
    def check(one: FactField, path: str) -> None:
        assert one.forms, path
        assert one.form != "group" or one.fields, path
        for inner in one.fields:
            check(inner, f"{path}.{inner.name}")

    for pack in load_packs().packs.values():
        for kind, asked in pack.decisions.items():
            for one in fact_fields(asked.facts):
                check(one, f"{pack.name} {kind} {one.name}")
        if pack.credit is not None:
            (record,) = fact_fields(pack.record_decision.facts)
            known = [one for one in record.fields if one.label]
            assert len(known) > len(record.fields) / 2, pack.name
