"""Dated parameters: the value in force, and every way in which a file or a setting is refused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import Law, Parameter, ParameterRefused, Parameters, RuleNotInForce, SettingRefused, load_parameters
from yanxiu_rulekit.parameters import DatedValue

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 30))

CAP = """
[school_hours_cap]
label = "计入学时上限"
label_en = "hours counted, at most"
unit = "学时"
district_may_set = { min = 24, max = 48 }
values = [ { since = 2024-01-01, value = 48, cite = "A-1" }, { since = 2026-01-01, value = 36.5, cite = "A-1N" } ]

[merit]
label = "奖励系数"
label_en = "merit"
unit = "倍"
district_may_set = { min = 0, max = 0.3 }
values = [ { since = 2024-01-01, cite = "A-1", value = { "优" = 0.2, "良" = 0.15 } } ]

[order]
label = "次序"
label_en = "order"
unit = "办法"
district_may_set = { one_of = ["chronological", "proportional", 3] }
values = [ { since = 2024-01-01, value = "chronological", cite = "A-1" } ]

[fixed]
label = "不可改"
label_en = "fixed"
unit = "是否"
values = [ { since = 2024-01-01, value = true, cite = "A-1" } ]
"""


def load(tmp_path: Path, text: str = CAP) -> Parameters:
    file = tmp_path / "parameters.toml"
    file.write_text(text, encoding="utf-8")
    return load_parameters(file, clauses={"A-1"})


@given(st.lists(DAYS, min_size=1, max_size=8, unique=True), DAYS)
def test_the_value_in_force_is_the_newest_that_has_begun(starts: list[date], on: date) -> None:
    dated = tuple(DatedValue(since=day, value=Decimal(day.toordinal()), cite="A-1") for day in sorted(starts))
    parameters = Parameters(
        {"p": Parameter(name="p", label="p", label_en="p", unit="u", values=dated)}, file="parameters.toml"
    )
    begun = [day for day in starts if day <= on]
    if begun:
        assert parameters.value("p", on).value == max(begun).toordinal()
    else:
        with pytest.raises(RuleNotInForce, match=str(min(starts))):
            parameters.value("p", on)


def test_a_value_holds_to_the_day_before_the_next_one(tmp_path: Path) -> None:
    parameters = load(tmp_path)
    change = date(2026, 1, 1)
    assert parameters.value("school_hours_cap", change - timedelta(days=1)).value == 48
    assert parameters.value("school_hours_cap", change).value == Decimal("36.5")
    assert parameters.value("school_hours_cap", change).reading(Decimal("36.5")).cite == "A-1N"


def test_before_the_first_value_the_message_says_when_it_starts(tmp_path: Path) -> None:
    wanted = "school_hours_cap: no value in force on 2023-01-01; the first one starts 2024-01-01"
    with pytest.raises(RuleNotInForce, match=wanted):
        load(tmp_path).value("school_hours_cap", date(2023, 1, 1))


def test_numbers_are_exact_decimals_and_never_binary(tmp_path: Path) -> None:
    parameters = load(tmp_path)
    assert str(parameters.value("merit", date(2024, 5, 1)).value["良"]) == "0.15"
    assert isinstance(parameters.value("school_hours_cap", date(2024, 5, 1)).value, Decimal)
    assert parameters.value("fixed", date(2024, 5, 1)).value is True


GOOD = 'label = "a"\nlabel_en = "a"\nunit = "u"\n'


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (GOOD + "values = [ { since = 2024-01-01, value = 1 } ]", r"values\[0\]: 'cite' is missing"),
        (GOOD + 'values = [ { value = 1, cite = "A-1" } ]', r"'since' is missing"),
        (GOOD + 'values = [ { since = 2024-01-01, cite = "A-1" } ]', r"'value' is missing"),
        (
            GOOD + 'values = [ { since = 2024-01-01, value = 1, cite = "A-9" } ]',
            r"since 2024-01-01.*'A-9' is no clause",
        ),
        (GOOD + 'values = [ { since = "2024-01-01", value = 1, cite = "A-1" } ]', r"without quotation marks"),
        (GOOD + 'values = [ { since = 2024-01-01, value = nan, cite = "A-1" } ]', r"value must be a number"),
        (GOOD + 'values = [ { since = 2024-01-01, value = [1], cite = "A-1" } ]', r"value must be a number"),
        (GOOD + 'values = [ { since = 2024-01-01, value = {}, cite = "A-1" } ]', r"value must be a number"),
        (GOOD + "values = []", r"at least one"),
        (GOOD + 'vals = [ { since = 2024-01-01, value = 1, cite = "A-1" } ]', r"unknown key 'vals'; allowed are label"),
        (
            GOOD + 'values = [ { since = 2024-01-01, value = 1, cite = "A-1", note = "x" } ]',
            r"unknown key 'note'; allowed are since, value, cite",
        ),
        (
            'label = "a"\nlabel_en = "a"\nvalues = [ { since = 2024-01-01, value = 1, cite = "A-1" } ]',
            r"\[p\]: 'unit' is missing",
        ),
        (
            GOOD
            + 'values = [ { since = 2025-01-01, value = 1, cite = "A-1" },'
            + ' { since = 2024-01-01, value = 1, cite = "A-1" } ]',
            r"2024-01-01 comes after 2025-01-01; order the values by date",
        ),
        (
            GOOD
            + 'values = [ { since = 2025-01-01, value = 1, cite = "A-1" },'
            + ' { since = 2025-01-01, value = 2, cite = "A-1" } ]',
            r"2025-01-01 stands twice",
        ),
        (
            GOOD
            + 'district_may_set = { min = 3, max = 2 }\nvalues = [ { since = 2024-01-01, value = 1, cite = "A-1" } ]',
            r"min 3 is above max 2",
        ),
        (
            GOOD + 'district_may_set = { min = 2 }\nvalues = [ { since = 2024-01-01, value = 1, cite = "A-1" } ]',
            r"outside the parameter's own district_may_set",
        ),
    ],
)
def test_a_value_without_its_data_is_refused_with_file_parameter_and_remedy(
    tmp_path: Path, entry: str, said: str
) -> None:
    with pytest.raises(ParameterRefused, match=said) as refused:
        load(tmp_path, f"[p]\n{entry}\n")
    assert "parameters.toml: [p]" in str(refused.value)


def test_a_file_that_is_not_toml_or_names_a_key_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterRefused, match=r"parameters.toml: is not TOML"):
        load(tmp_path, "[p]\nlabel = 'a'\nlabel = 'b'\n")
    with pytest.raises(ParameterRefused, match="cannot be read"):
        load_parameters(tmp_path / "absent.toml", clauses={"A-1"})


def test_a_district_sets_what_is_left_open_and_the_decision_is_told(tmp_path: Path) -> None:
    parameters = load(tmp_path)
    on = date(2024, 5, 1)
    settings = parameters.checked(
        {
            "school_hours_cap": {"value": "30.5", "decided_by": "会议纪要1号"},
            "merit": {"value": {"优": "0.25"}, "decided_by": "会议纪要2号"},
            "order": "3",
        }
    )
    cap = parameters.value("school_hours_cap", on, settings)
    assert cap.reading(cap.value).value == Decimal("30.5")
    assert cap.reading(cap.value).decided_by == "会议纪要1号"
    merit = parameters.value("merit", on, settings)
    assert dict(merit.value) == {"优": Decimal("0.25"), "良": Decimal("0.15")}
    assert merit.reading(merit.value["优"], "优").decided_by == "会议纪要2号"
    assert merit.reading(merit.value["良"], "良").decided_by is None
    assert parameters.value("order", on, settings).value == 3


def test_nothing_set_is_the_text_none_where_that_may_be_set(tmp_path: Path) -> None:
    text = CAP.replace("{ min = 24, max = 48 }", '{ min = 24, max = 48, one_of = ["none"] }')
    assert load(tmp_path, text).checked({"school_hours_cap": None})["school_hours_cap"].value == "none"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("school_hours_cap", "48.000001", "a number from 24 up to 48"),
        ("school_hours_cap", 23, "a number from 24 up to 48"),
        ("school_hours_cap", True, "a number from 24 up to 48"),
        ("school_hours_cap", 30.5, "a float is not exact"),
        ("school_hours_cap", "many", "a number from 24 up to 48"),
        ("school_hours_cap", {"value": 30, "decided_by": " "}, "decided_by must name"),
        ("order", "random", "one of chronological, proportional, 3"),
        ("order", True, "one of chronological"),
        ("merit", {"差": "0.1"}, "rows among 优, 良"),
        ("merit", "0.1", "rows among 优, 良"),
        ("merit", {"优": "0.31"}, "a number from 0 up to 0.3"),
        ("fixed", False, "leaves nothing to the district"),
        ("unheard_of", 1, "no such parameter"),
    ],
)
def test_a_setting_outside_what_is_left_open_is_refused(tmp_path: Path, name: str, value: object, said: str) -> None:
    with pytest.raises(SettingRefused, match=said) as refused:
        load(tmp_path).checked({name: value})
    assert refused.value.parameter == name


def test_the_law_reads_parameters_as_attributes_and_keeps_what_it_read(tmp_path: Path) -> None:
    parameters = load(tmp_path)
    law = Law(parameters, date(2024, 5, 1), parameters.checked({"order": "proportional"}))
    assert law.order == "proportional"
    assert law.merit["优"] == Decimal("0.2")
    assert law.at(date(2026, 1, 1)).school_hours_cap == Decimal("36.5")
    law.step("x", 1, zh="{value}", en="{value}")
    assert [(one.parameter, one.key, one.since.year) for one in law.steps[0].readings] == [
        ("order", None, 2024),
        ("merit", "优", 2024),
        ("school_hours_cap", None, 2026),
    ]
    assert law.take_readings() == ()
    with pytest.raises(AttributeError, match="no parameter 'misspelt'"):
        _ = law.misspelt
