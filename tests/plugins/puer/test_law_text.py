"""The pack's own text: quotations, readings, explanations and refusals that an official can read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from yanxiu_puer.facts import Record, RecordQuestion
from yanxiu_rulekit import CreditLine, RuleNotInForce, RulePack, SettingRefused, Teacher, load_packs
from yanxiu_rulekit.casefile import read_cases
from yanxiu_rulekit.check import check

PACK: RulePack = load_packs().pack("puer")
FOLDER = Path(__file__).parents[3] / "plugins" / "puer"


def test_the_pack_conforms() -> None:
    assert check(FOLDER) == []


def test_every_clause_is_answered_or_says_why_not() -> None:
    assert len([clause for clause in PACK.source.clauses if clause[-1] not in "NCSMPG"]) >= 152
    assert all(reason.endswith("。") for reason in PACK.source.not_modelled.values())


def test_every_step_of_every_case_speaks_both_languages_and_cites_known_clauses() -> None:
    for file in sorted((FOLDER / "cases").glob("*.toml")):
        for case in read_cases(file):
            if case.refused and not case.expect:
                continue
            decided = PACK.decide(case.kind, case.given, on=case.on, settings=case.settings)
            assert decided.steps, case.id
            for step in decided.steps:
                assert step.zh.endswith("。"), (case.id, step)
                assert step.en.endswith("."), (case.id, step)
                assert "{" not in step.zh + step.en, (case.id, step)
                assert all(PACK.source.clause(clause) for clause in step.clauses), (case.id, step)


def test_a_counted_record_tells_formula_values_and_clauses() -> None:
    record = {"mode": "central", "level": "county", "project_credit": "1.2", "days_planned": "4", "score": "85"}
    steps = {step.name: step for step in PACK.decide("record", {"record": record}).steps}
    assert steps["hours"].zh == "短期集中培训4天，每天6学时，计24学时。"
    assert [reading.cite for reading in steps["hours"].readings] == ["PUER-10-16"]
    assert steps["merit"].zh == "绩效学分：“良”，系数0.15，28.8 × 0.15 = 4.32学分。"
    assert [(one.parameter, one.key, one.value) for one in steps["merit"].readings] == [
        ("merit", "良", Decimal("0.15"))
    ]
    assert steps["total"].value == Decimal("33.12")


def test_a_district_decision_is_named_beside_the_value_it_set() -> None:
    setting = {"school_hours_cap": {"value": 40, "decided_by": "宁洱县教体局〔2024〕5号"}}
    record = {"mode": "school", "level": "school", "project_credit": "1", "hours_planned": "48", "score": "65"}
    decided = PACK.decide("annual", {"year": 2024, "records": [record]}, settings=setting)
    readings = [one for step in decided.steps for one in step.readings if one.parameter == "school_hours_cap"]
    assert {(one.value, one.decided_by) for one in readings} == {(Decimal(40), "宁洱县教体局〔2024〕5号")}


@pytest.mark.parametrize(
    ("name", "value"),
    [("school_hours_cap", 60), ("partial_completion", "proportional"), ("merit", {"优": "0.5"}), ("annual_hours", 60)],
)
def test_a_district_cannot_set_what_the_regulation_fixes(name: str, value: object) -> None:
    with pytest.raises(SettingRefused):
        PACK.decide("annual", {"year": 2024}, settings={name: value})


def test_nothing_is_judged_before_the_regulation_applies() -> None:
    with pytest.raises(RuleNotInForce):
        PACK.decide("annual", {"year": 2023})


def test_a_standing_names_each_shortfall() -> None:
    standing = PACK.standing(PACK.period("year", date(2024, 3, 1)), (), Teacher())
    assert standing.verdict == "FAIL"
    short = {finding.clause: finding.shortfall for finding in standing.findings}
    assert short["PUER-10-2"] == 72
    assert short["PUER-10-9"] == 48
    assert all(finding.readings for finding in standing.findings)


def test_the_cycle_is_fixed_and_begins_where_the_district_says() -> None:
    assert PACK.period("cycle", date(2030, 1, 1)).label == "2029—2033年周期"
    assert PACK.period("cycle", date(2026, 1, 1), {"cycle_start": 2025}).start == date(2025, 1, 1)


def test_what_a_project_fixes_are_facts_of_a_record() -> None:
    assert PACK.credit is not None
    for name in PACK.credit.project_facts:
        assert hasattr(Record, name), name


def test_induction_reaches_the_year_and_adds_nothing_to_it() -> None:
    facts = {"kind": "induction", "hours": "120", "practical_hours": "59"}
    assessed = PACK.assess(facts, on=date(2024, 11, 1))
    assert (assessed.status, assessed.hours, assessed.credits) == ("COUNTED", 0, 0)
    line = CreditLine(
        id="i", on=date(2024, 11, 1), hours=Decimal(0), credits=Decimal(0), attributes=assessed.attributes
    )
    standing = PACK.standing(PACK.period("year", date(2024, 11, 1)), (line,), Teacher(first_year=True))
    assert standing.result["induction"]["failed"] == ["PUER-10-4b"]
    assert standing.hours == 0


@pytest.mark.parametrize(
    ("facts", "clauses"),
    [
        ({"kind": "training", "mode": "network"}, ("PUER-F2-3-4", "PUER-21-1")),
        ({"kind": "special", "mode": "central"}, ("PUER-F2-3-4", "PUER-21-1")),
        ({"kind": "external", "mode": "central"}, ("PUER-F2-3-4", "PUER-21-1")),
        ({"kind": "training", "mode": "school"}, ("PUER-F2-4-3d", "PUER-F2-3-4", "PUER-21-1")),
        *(({"kind": kind}, ()) for kind in ("studio", "lecture", "contest", "research", "degree", "induction")),
    ],
)
def test_a_course_demands_an_approved_project_and_what_is_declared_on_evidence_does_not(
    facts: dict[str, Any], clauses: tuple[str, ...]
) -> None:
    assert PACK.credit is not None
    assert PACK.credit.project_demanded_by(RecordQuestion(record=Record(**facts))) == clauses
