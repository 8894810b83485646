"""Ouhai's answers to the visits service: residence by terms, supervision, competition, awards, groups."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import (
    AreaGroups,
    AwardYear,
    Contest,
    Contests,
    GroupFiled,
    Leadership,
    MinorTeacher,
    Placed,
    ResearchDays,
    SchoolGroups,
    SchoolPlace,
    SchoolTerm,
    SchoolThemes,
    Serving,
    Studios,
    StudioStationed,
    SubjectActivity,
    Supervised,
    SupervisionYear,
    TeamMember,
    TermPlacing,
    TermPlan,
    TermWork,
    VisitDay,
    VisitedSchool,
    load_packs,
)
from yanxiu_rulekit.visitfacts import Scope

PACK = load_packs().pack("ouhai")
RULES = PACK.visits or pytest.fail("the pack has no visit rules")
DAY = timedelta(days=1)
AUTUMN, SPRING = (date(2024, 9, 2), date(2025, 1, 17)), (date(2025, 2, 17), date(2025, 7, 4))
TERMS = tuple(
    SchoolTerm(year=year, number=number, start=start.replace(year=start.year + ahead), end=end)
    for ahead, year in enumerate((2024, 2025))
    for number, (start, end) in enumerate((AUTUMN, SPRING), start=1)
)
SCHOOLS = tuple(VisitedSchool(id=name, stage="primary") for name in "ABCD")


def law(**settings: Any) -> Any:
    return PACK.law(AUTUMN[0], settings)


def placed(who: str, schools: str) -> tuple[Placed, ...]:
    """Who is placed where, a letter for each term; `-` for none."""
    pairs = zip(schools, TERMS, strict=False)
    return tuple(Placed(researcher=who, school=name, term=term) for name, term in pairs if name != "-")


def failures(question: str, facts: Any, **settings: Any) -> set[tuple[str, str]]:
    found = PACK.visit_answers(question, facts, on=AUTUMN[0], settings=settings)
    return {(one.of, clause) for one in found for clause in one.failed}


def warnings(question: str, facts: Any) -> set[tuple[str, str]]:
    found = PACK.visit_answers(question, facts, on=AUTUMN[0])
    return {(one.of, clause) for one in found for clause in one.warnings}


def plan(*rows: Placed, **changed: Any) -> TermPlan:
    return msgspec.structs.replace(TermPlan(roster=SCHOOLS, terms=TERMS, placed=rows), **changed)


def test_a_plan_that_rotates_and_covers_is_in_order() -> None:
    assert failures("plan", plan(*placed("r1", "ABCD"))) == set()


@pytest.mark.parametrize(
    ("schools", "failed", "warned"),
    [
        ("AABC", {("r1", "OUHAI-6-6c"), ("", "OUHAI-6-6d")}, set()),
        ("ABAC", {("", "OUHAI-6-6d")}, {("r1", "OUHAI-6-6c")}),
        ("ABC-", {("r1", "OUHAI-6-6a"), ("", "OUHAI-6-6d")}, set()),
    ],
)
def test_each_breach_of_a_plan_is_told_of_its_researcher_or_of_the_whole(
    schools: str, failed: set[tuple[str, str]], warned: set[tuple[str, str]]
) -> None:
    made = plan(*placed("r1", schools))
    assert failures("plan", made) == failed
    assert warnings("plan", made) == warned


def test_a_term_of_absence_is_asked_of_nobody_and_who_serves_and_has_no_school_is_told() -> None:
    away = plan(*placed("r1", "AB-C"), *placed("r2", "--D-"), serving=(
        Serving(researcher="r1", terms=(TERMS[0], TERMS[1], TERMS[3])), Serving(researcher="r2", terms=(TERMS[2],)),
    ))  # fmt: skip
    assert failures("plan", away) == set()
    idle = msgspec.structs.replace(away, serving=(*away.serving, Serving(researcher="r3", terms=(TERMS[0],))))
    assert failures("plan", idle) == {("r3", "OUHAI-6-6a")}


def test_the_roster_holds_the_stages_that_the_district_covers() -> None:
    roster = (*SCHOOLS, VisitedSchool(id="K", stage="kindergarten"))
    whole = plan(*placed("r1", "ABCD"), roster=roster)
    assert failures("plan", whole) == {("", "OUHAI-6-6d")}
    assert failures("plan", whole, coverage_roster={"幼儿园": False}) == set()


def test_what_a_plan_keeps_to_bears_its_clauses() -> None:
    found = RULES.placing(law())
    assert isinstance(found, TermPlacing)
    assert (found.schools_a_term.value, found.window_terms.value, found.changes.value) == (1, 4, True)
    assert (found.schools_a_term.clauses, found.window_terms.clauses) == (("OUHAI-6-6a",), ("OUHAI-6-6d", "OUHAI-6-6e"))
    assert (found.no_return.value, found.no_return.binding) == (True, False)
    assert (found.covers.value, found.covers.binding) == (True, True)
    assert "kindergarten" in str(found.stages.value)
    eased = RULES.placing(law(coverage_terms=6, coverage_roster={"幼儿园": False}))
    assert isinstance(eased, TermPlacing)
    assert eased.window_terms.value == 6
    assert "kindergarten" not in str(eased.stages.value)


@given(rows=st.lists(st.tuples(st.sampled_from(["r1", "r2"]), st.sampled_from("ABCD"), st.integers(0, 3)), max_size=8))
def test_a_plan_of_any_kind_fails_exactly_where_a_plain_reading_says(rows: list[tuple[str, str, int]]) -> None:
    made = plan(*(Placed(researcher=who, school=school, term=TERMS[n]) for who, school, n in rows))
    wanted: set[tuple[str, str]] = set()
    for who in {row[0] for row in rows}:
        at = [[school for one, school, n in rows if (one, n) == (who, term)] for term in range(4)]
        wanted |= {(who, "OUHAI-6-6a")} if any(len(schools) != 1 for schools in at) else set()
        wanted |= {(who, "OUHAI-6-6c")} if any(set(at[n]) & set(at[n + 1]) for n in range(3)) else set()
    if {school for _who, school, _n in rows} != set("ABCD"):
        wanted.add(("", "OUHAI-6-6d"))
    assert failures("plan", made) == wanted


def term_work(*visits: tuple[str, str | None, date]) -> TermWork:
    days = tuple(VisitDay(on=on, school=school, phase=phase) for school, phase, on in visits)
    return TermWork(researcher="r1", term=TERMS[0], teaching_days=(), schools=SCHOOLS[:1], days=days)


def test_three_visits_of_three_kinds_at_the_school_assigned_make_a_term() -> None:
    start = TERMS[0].start
    whole = (("A", "期初", start), ("A", "期中", date(2024, 11, 5)), ("A", "期末", TERMS[0].end))
    assert failures("term", term_work(*whole)) == set()
    elsewhere = (whole[0], ("B", "期中", date(2024, 11, 5)), whole[2])
    assert failures("term", term_work(*elsewhere)) == {("A", "OUHAI-6-6b")}
    late = (*whole[:2], ("A", "期末", TERMS[0].end + DAY))
    assert failures("term", term_work(*late)) == {("A", "OUHAI-6-6b")}, "a visit after the term is none of the term"
    assert failures("term", term_work(*whole, ("A", None, start))) == set(), "a day of no phase is passed over"


def test_the_minima_name_the_phase_that_is_missing() -> None:
    found = RULES.minima(term_work(("A", "期中", date(2024, 11, 5)), ("A", "期中", date(2024, 11, 6))), law())
    assert [(one.label_zh, one.earned, one.shortfall) for one in found] == [
        ("期初视导", 0, 1), ("期中视导", 2, 0), ("期末视导", 0, 1),
    ]  # fmt: skip
    assert [one.name for one in RULES.phases(law())] == ["期初", "期中", "期末"]
    at_one_of_two = msgspec.structs.replace(term_work(("A", "期初", TERMS[0].start)), schools=SCHOOLS[:2])
    assert [one.earned for one in RULES.minima(at_one_of_two, law())] == [0, 0, 0], "at the other, nothing was done yet"
    nowhere = msgspec.structs.replace(at_one_of_two, schools=())
    assert [one.met for one in RULES.minima(nowhere, law())] == [False, False, False]


def test_supervisions_belong_to_the_school_year_of_their_day() -> None:
    lines = frozenset(one.name for one in RULES.supervision_form(law()))
    assert len(lines) == 12

    def held(on: date, kind: Any = "regular", filled: frozenset[str] = lines) -> SupervisionYear:
        return SupervisionYear(
            year=2024, schools=("A",), events=(Supervised(school="A", on=on, kind=kind, lines=filled),)
        )

    assert failures("supervision", held(date(2025, 8, 31))) == set()
    assert failures("supervision", held(date(2024, 9, 1))) == set()
    assert failures("supervision", held(date(2024, 8, 31))) == {("", "OUHAI-6-9b")}
    assert failures("supervision", held(date(2025, 9, 1))) == {("", "OUHAI-6-9b")}
    assert failures("supervision", held(date(2025, 3, 3), "random")) == {("", "OUHAI-6-9b")}
    assert failures("supervision", held(date(2025, 3, 3), filled=lines - {"顶层设计"})) == {("A", "OUHAI-6-9c")}


def test_the_team_has_both_sides() -> None:
    both = (TeamMember(person="p1", side="administrative"), TeamMember(person="p2", side="professional"))
    assert failures("team", both) == set()
    assert failures("team", both[1:]) == {("", "OUHAI-6-9a")}


def test_the_stages_take_turns_and_the_principal_leads() -> None:
    assert RULES.turns is not None
    turns = RULES.turns(law())
    assert (turns.rounds, turns.turn, turns.first_year, turns.last_year) == (
        ("方案", "展示", "成效"),
        "per_year",
        2024,
        2028,
    )
    assert "nine-year" in turns.stages["小学"]
    order = ["中学", "小学", "幼儿园", "中学", "小学"]
    contests = tuple(Contest(year=2024 + n, stage=stage, rounds=turns.rounds) for n, stage in enumerate(order))
    late = date(2029, 1, 1)
    assert failures("competition", Contests(contests=contests, as_of=late)) == set()
    led = msgspec.structs.replace(contests[0], leader_post="副校长")
    assert failures("competition", Contests(contests=(led, *contests[1:]), as_of=late)) == {("", "OUHAI-6-7a")}
    by_term = tuple(
        Contest(year=2024 + (n > 0), stage=stage, rounds=turns.rounds, term=TERMS[n])
        for n, stage in enumerate(order[:3])
    )
    assert failures("competition", Contests(contests=by_term, as_of=late), competition_turn="per_term") == set()


def test_only_what_is_over_can_fail_and_the_rest_is_to_come() -> None:
    first = Contest(year=2024, stage="小学", rounds=("方案", "展示", "成效"))
    begun = Contest(year=2025, stage="小学", rounds=("方案",), over=False)
    for contests in ((), (first,), (first, begun)):
        soon = Contests(contests=contests, as_of=date(2028, 12, 31))
        assert failures("competition", soon) == set()
        assert warnings("competition", soon) == {("", "OUHAI-6-7b")}
        over = msgspec.structs.replace(soon, as_of=date(2029, 1, 1))
        assert failures("competition", over) == {("", "OUHAI-6-7b")}
    done = msgspec.structs.replace(begun, over=True)
    both = Contests(contests=(first, done), as_of=date(2025, 12, 31))
    assert failures("competition", both) == {("", "OUHAI-6-7a"), ("", "OUHAI-6-7b")}


def test_the_awards_have_their_yearly_numbers_and_clauses() -> None:
    found = {one.name: one for one in RULES.awards(law())}
    assert {name: one.quota for name, one in found.items()} == {
        "精品课程": 10, "优质学校": 10, "先进教研组": 30, "优秀教研组长": 30, "精品案例": 50,
    }  # fmt: skip
    assert (found["优秀教研组长"].recipient, found["优秀教研组长"].clauses) == ("leader", ("OUHAI-6-10D",))
    assert all(one.over_breaks for one in found.values())
    assert not any(one.over_breaks for one in RULES.awards(law(award_over="warning")))
    full = {name: one.quota for name, one in found.items()}
    assert failures("award_quota", AwardYear(year=2025, awards=full)) == set()
    assert failures("award_quota", AwardYear(year=2025, awards={**full, "精品课程": 11})) == {("", "OUHAI-6-10A")}
    assert warnings("award_quota", AwardYear(year=2025, awards={**full, "精品案例": 49})) == {("", "OUHAI-6-10E")}


def groups(as_of: date, **changed: Any) -> SchoolGroups:
    group = GroupFiled(id="g1", kind="subject", changed_on=date(2024, 8, 20), **changed)
    return SchoolGroups(school=SCHOOLS[0], as_of=as_of, term_start=date(2024, 9, 2), groups=(group,))


def test_a_group_is_unfiled_when_thirty_days_of_the_term_are_past() -> None:
    last = date(2024, 10, 2)
    assert failures("groups", groups(last)) == set()
    assert failures("groups", groups(last + DAY)) == {("A", "OUHAI-6-4b")}
    assert failures("groups", groups(last + DAY, filed_on=last + DAY)) == set(), "filed late is filed"
    assert failures("groups", groups(last, filed_on=last), filing_days=10) == set()
    assert failures("groups", groups(last + DAY, filed_on=date(2024, 8, 20))) == set(), "filed on the day it was formed"
    assert failures("groups", groups(last + DAY, filed_on=date(2024, 8, 19))) == {("A", "OUHAI-6-4b")}
    assert failures("groups", groups(date(2024, 9, 13)), filing_days=10) == {("A", "OUHAI-6-4b")}
    assert RULES.filing_days is not None
    assert RULES.filing_days(law(filing_days=10)).value == 10


def test_a_group_that_changed_is_filed_again_and_a_backbone_leads_it() -> None:
    changed = SchoolGroups(
        school=SCHOOLS[0],
        as_of=date(2025, 1, 10),
        term_start=date(2024, 9, 2),
        groups=(GroupFiled(id="g1", kind="subject", changed_on=date(2024, 12, 1), filed_on=date(2024, 9, 9)),),
    )
    assert failures("groups", changed) == {("A", "OUHAI-6-4b")}
    assert failures("groups", msgspec.structs.replace(changed, as_of=date(2024, 12, 31))) == set()
    assert failures("groups", groups(date(2024, 9, 2), leader_backbone=False)) == {("A", "OUHAI-7-3b")}


def test_a_leader_who_is_no_backbone_stands_by_the_reason_on_file() -> None:
    led = groups(date(2024, 9, 2), leader_backbone=False, leader_grounds="本校无骨干教师，经教代会推选")
    assert failures("groups", led) == set()
    assert warnings("groups", led) == {("A", "OUHAI-6-5a")}


def test_who_teaches_a_minor_subject_is_in_a_group_of_an_area() -> None:
    outside = MinorTeacher(id="t1", subject="音乐", in_area_group=False)
    school = msgspec.structs.replace(groups(date(2024, 9, 2)), minor_teachers=(outside,))
    assert failures("groups", school) == {("A", "OUHAI-6-4a")}
    inside = msgspec.structs.replace(outside, in_area_group=True)
    assert failures("groups", msgspec.structs.replace(school, minor_teachers=(inside,))) == set()


def test_groups_of_areas_are_filed_their_leaders_appointed_and_each_school_is_in_one_area() -> None:
    group = GroupFiled(id="g1", kind="area", changed_on=date(2024, 8, 20), leader="t1", appointed_by="一片区")
    found = AreaGroups(
        as_of=date(2024, 10, 2),
        term_start=date(2024, 9, 2),
        groups=(group,),
        schools=(SchoolPlace(school="A", areas=("a1",)),),
    )
    assert failures("area_groups", found) == set()
    assert failures("area_groups", msgspec.structs.replace(found, as_of=date(2024, 10, 3))) == {("", "OUHAI-6-4b")}
    alone = msgspec.structs.replace(group, appointed_by="", filed_on=date(2024, 9, 1))
    assert failures("area_groups", msgspec.structs.replace(found, groups=(alone,))) == {("", "OUHAI-6-5b")}
    nowhere = (SchoolPlace(school="A"), SchoolPlace(school="B", areas=("a1", "a2")))
    assert failures("area_groups", msgspec.structs.replace(found, schools=nowhere)) == {("", "OUHAI-7-2c")}


@pytest.mark.parametrize(
    ("on", "scope", "failed"),
    [
        (date(2024, 10, 16), "district", set()),
        (date(2024, 10, 17), "district", {("", "OUHAI-6-5d")}),
        (date(2024, 10, 17), "area", {("", "OUHAI-6-5d")}),
        (date(2024, 10, 17), "schools", set()),
    ],
)
def test_gatherings_beyond_schools_fall_on_their_subjects_day(
    on: date, scope: Scope, failed: set[tuple[str, str]]
) -> None:
    held = ResearchDays(days={"语文": 3}, activities=(SubjectActivity(id="r1", subject="语文", on=on, scope=scope),))
    assert failures("research_days", held) == failed


def test_each_studio_is_stationed_at_a_weak_school() -> None:
    at_weak, elsewhere = StudioStationed(name="甲", schools=("A", "B")), StudioStationed(name="乙", schools=("A",))
    assert failures("studios", Studios(studios=(at_weak,), weak_schools=("B",))) == set()
    assert failures("studios", Studios(studios=(at_weak, elsewhere), weak_schools=("B",))) == {("", "OUHAI-6-5c")}


def test_a_studio_of_another_level_than_the_districts_is_not_held_to_it() -> None:
    def of(level: str) -> Studios:
        return Studios(studios=(StudioStationed(name="乙", schools=("A",), level=level),), weak_schools=("B",))

    for level in ("省级", "市级", "校级", " 国家级"):
        assert failures("studios", of(level)) == set(), level
    for level in ("区级", "", "区级学科名师"):
        assert failures("studios", of(level)) == {("", "OUHAI-6-5c")}, level


def test_themes_are_one_and_x() -> None:
    themes = SchoolThemes(school=SCHOOLS[0], common=1, groups=("语文", "数学"), with_own=frozenset({"语文"}))
    assert failures("themes", themes) == {("A", "OUHAI-6-3b")}
    assert failures("themes", msgspec.structs.replace(themes, with_own=frozenset(themes.groups))) == set()


@pytest.mark.parametrize(
    ("changed", "failed", "warned"),
    [
        ({}, set(), set()),
        ({"in_charge": ("副校长", "副校长")}, {("A", "OUHAI-7-1c")}, set()),
        ({"in_charge": ("教导主任",)}, {("A", "OUHAI-7-1c")}, set()),
        ({"in_charge": (), "exception": "小规模学校"}, set(), set()),
        ({"head": "书记"}, {("A", "OUHAI-7-1b")}, set()),
        ({"school": VisitedSchool(id="A", stage="kindergarten"), "head": "园长"}, set(), set()),
        ({"school": VisitedSchool(id="A", stage="kindergarten"), "head": "主任"}, set(), {("A", "OUHAI-7-1b")}),
        ({"school": None, "head": "局长", "deputies": ("分管副局长",), "members": ("科室负责人",)}, set(), set()),
        ({"school": None, "head": "局长", "members": ("科室负责人",)}, {("", "OUHAI-7-1a")}, set()),
    ],
)
def test_leading_groups_have_the_posts_that_the_plan_names(
    changed: dict[str, Any], failed: set[tuple[str, str]], warned: set[tuple[str, str]]
) -> None:
    group = msgspec.structs.replace(Leadership(head="校长", school=SCHOOLS[0], in_charge=("副校长",)), **changed)
    assert failures("leading_group", group) == failed
    assert warnings("leading_group", group) == warned


def test_what_the_plan_does_not_regulate_is_none() -> None:
    assert (RULES.before_visit, RULES.programme, RULES.weeks, RULES.months) == (None, None, None, None)
    assert {paper.name for paper in RULES.papers(law())} == {"校本研修管理制度", "校本研修具体实施办法"}
