"""Antu: a plan appraised before it runs, four stages in their order, an inspection in the last month of the year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import (
    DecisionUnknown,
    GroupFiled,
    Leadership,
    Moment,
    SchoolGroups,
    Span,
    VisitedSchool,
    load_packs,
)
from yanxiu_rulekit.check import check

from tests.architecture.tree import ROOT

PACK = load_packs().pack("antu")
PHASES = ["理论学习", "行动研究", "实践探索"]


def test_the_pack_conforms_and_each_clause_left_out_says_why() -> None:
    assert check(ROOT / "plugins" / "antu") == []
    assert len(PACK.source.clauses) == 32
    assert all(reason.endswith("。") for reason in PACK.source.not_modelled.values())


def test_the_law_gives_no_number_of_credits_so_that_no_record_is_judged() -> None:
    assert PACK.credit is None
    with pytest.raises(DecisionUnknown, match="has no credit rules"):
        PACK.assess({}, on=date(2024, 11, 8))
    with pytest.raises(DecisionUnknown, match="judges no period of kind 'cycle'"):
        PACK.period("cycle", date(2024, 11, 8))


def test_the_four_stages_follow_the_appraisal_and_lead_to_the_inspection() -> None:
    flow = PACK.workflow("year_end_inspection")
    assert [(step.name, step.by[0]) for step in flow.steps] == [
        ("design", "school-training-officer"),
        ("appraise", "institute-officer"),
        ("carry_out", "school-training-officer"),
        ("reflect", "school-training-officer"),
        ("sum_up", "school-leader"),
        ("inspect", "district-officer"),
        ("feed_back", "institute-officer"),
    ]
    assert all(len(flow.open_steps(name)) == 1 for name, _, _ in flow.states if name not in flow.final)
    handed_in = flow.step("sum_up")
    assert handed_in is not None
    assert [ask.form for ask in handed_in.asks if ask.required] == ["document"] * 4


def test_the_inspection_is_in_december_of_its_year() -> None:
    moment = Moment(period=PACK.period("year", date(2012, 5, 1)), entered=date(2012, 11, 20))
    window = PACK.windows["year_end"]
    assert window(moment, PACK.law(moment.entered)) == Span(opens=date(2012, 12, 1), closes=date(2012, 12, 31))
    earlier = PACK.law(moment.entered, {"inspection_month": 11})
    assert window(moment, earlier).opens == date(2012, 11, 1)


@given(st.dates(date(2009, 1, 1), date(2200, 1, 1)))
def test_two_years_to_the_day_suffice_and_a_day_less_does_not(start: date) -> None:
    try:
        anniversary = start.replace(year=start.year + 2)
    except ValueError:
        anniversary = date(start.year + 2, 3, 1)
    end = anniversary - timedelta(days=1)
    asked = {"start": start, "phases": PHASES}
    assert PACK.decide("programme_duration", {**asked, "end": end}).result["ok"] is True
    assert PACK.decide("programme_duration", {**asked, "end": end - timedelta(days=1)}).result["ok"] is False


WEDNESDAY = date(2012, 3, 14)


def test_only_the_building_of_a_platform_is_left_out() -> None:
    assert list(PACK.source.not_modelled) == ["ANTU-6-2c"]


@given(
    holidays=st.sets(st.dates(WEDNESDAY, WEDNESDAY + timedelta(days=20)), max_size=6),
    workdays=st.sets(st.dates(WEDNESDAY, WEDNESDAY + timedelta(days=20)), max_size=3),
    days=st.integers(1, 10),
    after=st.integers(0, 40),
)
def test_attendance_is_late_when_more_working_days_have_passed_than_are_given(
    holidays: set[date], workdays: set[date], days: int, after: int
) -> None:
    recorded = WEDNESDAY + timedelta(days=after)
    asked = {
        "entries": [{"held_on": WEDNESDAY, "recorded_on": recorded}],
        "holidays": sorted(holidays),
        "workdays": sorted(workdays),
    }
    found = PACK.decide("attendance_entries", asked, settings={"record_days": days}).result
    passed = [WEDNESDAY + timedelta(days=n) for n in range(1, after + 1)]
    before = [day for day in passed[:-1] if day not in holidays and (day.isoweekday() <= 5 or day in workdays)]
    # It is late when the last day in time lies before it: so many working days had passed already.
    assert (found["late"] == [WEDNESDAY]) == (len(before) >= days)


@given(weeks=st.integers(0, 30), data=st.data())
def test_the_weeks_missing_are_those_neither_held_nor_moved(weeks: int, data: st.DataObject) -> None:
    held = data.draw(st.integers(0, weeks))
    moved = data.draw(st.integers(0, weeks - held))
    asked = {"teaching_weeks": weeks, "weeks_with_fixed_session": held, "moved_weeks": moved}
    found = PACK.decide("weekly_session", asked).result
    assert found["missing_weeks"] == weeks - held - moved
    assert (found["failed"] == []) == (held + moved == weeks)


@given(st.sets(st.sampled_from(sorted(PACK.parameters["contents"].values[0].value))))
def test_contents_are_either_compulsory_or_chosen(covered: set[str]) -> None:
    found = PACK.decide("compulsory_content", {"covered": sorted(covered)}).result
    starred = {name for name, stars in PACK.parameters["contents"].values[0].value.items() if stars}
    assert len(starred) == found["compulsory_total"] == 11
    assert set(found["missing"]) == starred - covered
    assert set(found["chosen"]) == covered - starred


def answered(question: str, facts: object) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    found = PACK.visit_answers(question, facts, on=date(2012, 3, 14))
    return [(one.decided.kind, one.of, one.failed, one.warnings) for one in found]


def test_leading_groups_of_county_and_school_are_asked() -> None:
    school = VisitedSchool(id="s1", stage="primary")
    led = Leadership(school=school, head="校长", in_charge=("教导主任",))
    assert answered("leading_group", led) == [("school_group", "s1", (), ())]
    assert answered("leading_group", Leadership(school=school, head="")) == [("school_group", "s1", ("ANTU-6-3a",), ())]
    county = Leadership(head="教育局长", members=("进修学校校长",))
    assert answered("leading_group", county) == [("county_group", "", (), ())]
    assert answered("leading_group", Leadership(head="教育局长")) == [("county_group", "", ("ANTU-6-1",), ())]
    kindergarten = Leadership(school=VisitedSchool(id="s2", stage="kindergarten"), head="")
    assert answered("leading_group", kindergarten) == []


def test_a_school_without_research_groups_is_pointed_out() -> None:
    school, on = VisitedSchool(id="s1", stage="junior"), date(2012, 3, 14)
    subject = GroupFiled(id="g1", kind="subject", changed_on=on, subject="语文")
    project = GroupFiled(id="g2", kind="project", changed_on=on)

    def asked(*groups: GroupFiled) -> SchoolGroups:
        return SchoolGroups(school=school, as_of=on, term_start=on, groups=groups)

    assert answered("groups", asked(subject, project)) == [("research_groups", "s1", (), ())]
    assert answered("groups", asked(project)) == [("research_groups", "s1", (), ("ANTU-8-2",))]
