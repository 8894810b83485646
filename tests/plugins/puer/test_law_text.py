"""The pack's own text: quotations, readings, explanations and refusals that an official can read."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from yanxiu_puer.facts import Record, RecordQuestion
from yanxiu_puer.spellings import OF_A_RECORD
from yanxiu_rulekit import CreditLine, Finding, RuleNotInForce, RulePack, SettingRefused, Teacher, load_packs
from yanxiu_rulekit.casefile import read_cases
from yanxiu_rulekit.cases import run_on_pack
from yanxiu_rulekit.check import check

PACK: RulePack = load_packs().pack("puer")
FOLDER = Path(__file__).parents[3] / "plugins" / "puer"


def test_the_pack_conforms() -> None:
    assert check(FOLDER) == []


def test_every_clause_is_answered_or_says_why_not() -> None:
    assert len([clause for clause in PACK.source.clauses if clause[-1] not in "NCSMPG"]) >= 152
    assert all(reason.endswith("。") for reason in PACK.source.not_modelled.values())


# What the published page prints of words that lost characters, and what they are read as.
READ_AS = {
    "县()": "县（区）",
    "以县()为主": "以县（区）为主",
    "省级、级、": "市级",
    ",级项目": "市级项目",
    "实行级统筹": "市级统筹",
    "统筹规划)级": "统筹规划县（区）级",
    "建设、县": "建设市、县",
    "=目学分": "项目学分",
    "学数": "学时数",
    "不少于240": "学分",
    "不少于48)": "PUER-10-8",
    "不少于120": "PUER-10-8",
    "0.10.150.2": "0.1、0.15、0.2",
    "0.20.150.1": "0.2、0.15、0.1",
    "32.521.51": "3、2.5、2、1.5、1",
    "32.521.5项": "3、2.5、2、1.5",
    "108642": "10、8、6、4、2",
    "6学时/,": "6学时/次（项）",
    "一等奖二等奖": "一等奖、二等奖、三等奖",
    "工作室考核合格主持人": "工作室考核合格的，主持人",
    "签确认": "签字确认",
    "审核并签": "审核并签字",
    "〔2020100号": "〔2020〕100号",
    "云教202279号": "云教〔2022〕79号",
    "11-1231日": "1月1日—12月31日",
    "规定自发布之日": "“本”字",
}
# A mode's own minimum ends in a whole word: nothing is lost there.
WHOLE_WORDS = ("不少于120学时", "不少于120学分")


def test_every_quotation_that_lost_characters_says_how_it_is_read() -> None:
    seen = set()
    for clause in PACK.source.clauses.values():
        printed = clause.quotation
        for word in WHOLE_WORDS:
            printed = printed.replace(word, "")
        for lost, read in READ_AS.items():
            if lost in printed:
                seen.add(lost)
                assert read in clause.note, (clause.id, lost)
    assert seen == set(READ_AS)


def test_a_note_on_lost_characters_repeats_the_words_as_its_quotation_prints_them() -> None:
    repeated = [
        (clause, words) for clause in PACK.source.clauses.values() for words in re.findall("“([^”]+)”脱", clause.note)
    ]
    assert repeated
    for clause, words in repeated:
        assert words in clause.quotation, clause.id


def test_every_step_of_every_case_speaks_both_languages_and_cites_known_clauses() -> None:
    for file in sorted((FOLDER / "cases").glob("*.toml")):
        for case in read_cases(file):
            if case.refused and not case.expect:
                continue
            decided = run_on_pack(case, PACK).decided
            assert decided is not None
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


def year_lines(*years: int) -> tuple[CreditLine, ...]:
    """Return 144 hours and credits a year, by which every yearly duty and every total of the cycle is met."""
    rows = [
        ("network", "provincial", "专业理念与师德"),
        ("network", "provincial", "专业知识"),
        ("central", "county", "专业能力"),
        ("central", "county", "班级管理"),
        ("school", "school", "校本研修"),
        ("school", "school", "校本研修"),
    ]
    return tuple(
        CreditLine(
            id=f"{year}-{index}",
            on=date(year, 5, 1),
            hours=Decimal(24),
            credits=Decimal(30 if module == "专业能力" else 24),
            attributes={"kind": "training", "mode": mode, "level": level, "module": module, "self_chosen": True},
        )
        for year in years
        for index, (mode, level, module) in enumerate(rows)
    )


def test_a_cycle_in_progress_names_the_years_to_come_and_does_not_call_them_failed() -> None:
    standing = PACK.standing(PACK.period("cycle", date(2025, 3, 1)), year_lines(2024, 2025), Teacher())
    assert [year["year"] for year in standing.result["annual"]] == [2024, 2025]
    assert standing.result["annual_failed_years"] == []
    assert standing.result["years_to_come"] == [2026, 2027, 2028]
    assert standing.verdict == "FAIL"
    assert "尚有3个年度（2026—2028）没有登记，未作判定" in standing.steps[-1].zh
    assert "2026 to 2028" in standing.steps[-1].en
    assert any(finding.shortfall for finding in standing.findings)


def test_totals_met_early_do_not_complete_a_cycle_with_years_to_come() -> None:
    standing = PACK.standing(PACK.period("cycle", date(2025, 3, 1)), year_lines(2024, 2025, 2026, 2027), Teacher())
    assert standing.result["cycle_totals_met"] is True
    assert standing.verdict == "FAIL"
    assert standing.steps[-1].zh == "周期未完成；各项总量均已达到；尚有1个年度（2028）没有登记，未作判定。"
    whole = PACK.standing(PACK.period("cycle", date(2025, 3, 1)), year_lines(*range(2024, 2029)), Teacher())
    assert whole.verdict == "PASS"
    assert "years_to_come" not in whole.result


def test_a_year_without_records_before_one_with_records_has_failed() -> None:
    standing = PACK.standing(PACK.period("cycle", date(2025, 3, 1)), year_lines(2024, 2026), Teacher())
    assert standing.result["annual_failed_years"] == [2025]
    assert standing.result["years_to_come"] == [2027, 2028]


def test_a_year_of_study_reaches_the_standing_and_counts_once() -> None:
    assessed = PACK.assess({"kind": "degree", "study_year": 2}, on=date(2024, 6, 1))
    lines = tuple(
        CreditLine(
            id=name, on=date(2024, 6, 1), hours=assessed.hours, credits=assessed.credits, attributes=assessed.attributes
        )
        for name in ("first", "second")
    )
    standing = PACK.standing(PACK.period("year", date(2024, 6, 1)), lines, Teacher())
    assert standing.hours == 48


def test_every_other_word_states_a_fact_of_its_own_type() -> None:
    for word, fact in OF_A_RECORD.items():
        assert word in Record.__struct_fields__
        assert fact in Record.__struct_fields__
    for word, value in {
        "start": date(2024, 3, 1),
        "hours_attended": Decimal(3),
        "signed": False,
        "work_id": "W",
    }.items():
        assert getattr(Record(**{word: value}), OF_A_RECORD[word]) == value


def test_the_explanation_gives_units_and_the_grade_in_both_languages() -> None:
    record = {"mode": "network", "hours_planned": "10", "score": "92"}
    steps = {step.name: step for step in PACK.decide("record", {"record": record}).steps}
    assert steps["hours"].en == "Counted by the actual hours: 10 hours."
    assert steps["project_credit"].zh == "网络研修固定每学时计1项目学分。"
    assert steps["project_credit"].en == "Coefficient: 1 credit per hour (fixed)."
    assert steps["grade"].en == "A mark of 92 is graded 优 (excellent)."
    assert steps["merit"].en == "Merit credit for 优 (excellent): 10 × 0.2 = 2 credits."


def test_no_sentence_names_a_clause_or_a_field_where_words_are_wanted() -> None:
    record = {"mode": "central", "level": "county", "project_credit": "1.6", "days_planned": "4", "score": "65"}
    steps = PACK.decide("annual", {"year": 2024, "records": [record]}).steps
    assert not [step.zh for step in steps if re.search(r"[A-Za-z_]{2,}", step.zh)]
    assert steps[0].zh == (
        "计入0条记录，不计1条。第1条：县（区）级集中研修每学时项目学分应为1—1.5，填报1.6，退回更正。"
    )


def test_hours_beyond_the_plan_are_said_not_to_count() -> None:
    network = {"mode": "network", "hours_planned": "10", "hours_completed": "12", "score": "80"}
    step = PACK.decide("record", {"record": network}).steps[0]
    assert (step.value, step.zh) == (10, "网络研修计划10学时、完成12学时，按计划计10学时。")
    assert step.en.endswith("10 were planned and 12 completed, and what goes beyond the plan does not count.")
    assert step.clauses == ("PUER-10-17", "PUER-F2-3-3")
    days = {"mode": "central", "level": "county", "days_planned": "4", "days_attended": "5", "score": "80"}
    step = PACK.decide("record", {"record": days}).steps[0]
    assert step.zh == "短期集中培训计划4天、参加5天，按计划计4天，每天6学时，计24学时。"


def test_an_amount_that_cannot_be_is_refused_with_its_limit_and_the_remedy() -> None:
    record = {"mode": "network", "hours_planned": "10", "hours_completed": "1000000000", "score": "80"}
    refused = PACK.decide("record", {"record": record}).refusals[0]
    assert (refused.code, refused.field, refused.value) == (
        "HOURS_OUT_OF_RANGE",
        "record.hours_completed",
        Decimal(1000000000),
    )
    assert refused.zh == "实修学时（1000000000学时）超过10950学时。"
    assert refused.remedy_zh == "核对后填报不超过10950学时的数量。"
    assert refused.clauses == ("PUER-10-17",)


def cycle_share(*lines: CreditLine) -> tuple[Finding, list[str]]:
    """Return the finding on the self-chosen share in the cycle of 2024, and what its steps say."""
    standing = PACK.standing(PACK.period("cycle", date(2025, 3, 1)), lines, Teacher())
    (found,) = [finding for finding in standing.findings if finding.clause == "PUER-8-3"]
    return found, [step.zh for step in standing.steps if "PUER-8-3" in step.clauses]


def test_a_share_of_nothing_recognised_is_said_not_to_be_computable() -> None:
    one_year_short = year_lines(2024)[0]
    for lines in ((), (one_year_short,)):
        found, said = cycle_share(*lines)
        assert (found.earned, found.shortfall, found.met) == (None, 0, False)
        assert said == [
            "周期内没有认定的学分，无从计算自主选学比例。",
            "自主选学学分：没有认定的学分，比例和差额无从计算，未达到。",
        ]


def test_credits_of_which_none_is_self_chosen_show_what_is_missing() -> None:
    directed = [
        structs.replace(line, attributes={**line.attributes, "self_chosen": False}) for line in year_lines(2024)
    ]
    found, said = cycle_share(*directed)
    assert (found.earned, found.threshold, found.shortfall, found.met) == (0, 90, 90, False)
    assert said[-1] == "自主选学学分：0学分，要求不少于90学分，未达到，差90学分。"
