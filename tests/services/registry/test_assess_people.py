"""Absences, researchers' facts and the filing of groups, judged without a database; each law against a plain model."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_registry.areas.assess_area import corrected_area, new_area
from yanxiu_registry.areas.facts import AreaFacts
from yanxiu_registry.entries.entry import Entry, begun
from yanxiu_registry.groups.assess_research_group import archived_group, corrected_group, filed_group
from yanxiu_registry.groups.facts import GroupFacts
from yanxiu_registry.groups.people import People
from yanxiu_registry.register import TeacherFile
from yanxiu_registry.researchers.assess_absence import absences_of, absent, corrected_absence
from yanxiu_registry.researchers.assess_researcher import Places, corrected_researcher, ended_researcher, enrolled
from yanxiu_registry.researchers.facts import ResearcherFacts
from yanxiu_registry.scope import Scope
from yanxiu_wire.area import CorrectArea, CreateArea
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.registry import taught_in
from yanxiu_wire.research_group import ArchiveResearchGroup, CorrectResearchGroup, FileResearchGroup
from yanxiu_wire.researcher import (
    ConflictOfInterest,
    CorrectAbsence,
    CorrectResearcher,
    EndResearcher,
    EnrolResearcher,
    RecordAbsence,
)
from yanxiu_wire.teacher import Employment

from tests.services.registry.conftest import caller

FIRST = date(2025, 9, 1)
DAYS = [FIRST + timedelta(days=ahead) for ahead in range(20)]
LAST = DAYS[-1]
days = st.sampled_from(DAYS)
NOWHERE = Places({}, {})
NOBODY = People({}, Scope(whole=True))
WHO: dict[str, Any] = {"caller": caller(), "key": "key"}
ONE = begun("r", FIRST, ResearcherFacts(subjects=("数学",), stages=("primary",)))


def codes(faults: list[RefusalItem]) -> list[tuple[str, str]]:
    return [(fault.code, fault.field) for fault in faults]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"subjects": []}, ("VALUE_INVALID", "changes.subjects")),
        ({"subjects": ["数学", "数学"]}, ("NAMED_TWICE", "changes.subjects[1]")),
        ({"subjects": [" "]}, ("VALUE_INVALID", "changes.subjects[0]")),
        ({"subjects": "数学"}, ("VALUE_INVALID", "changes.subjects")),
        ({"subjects": ["学" * 61]}, ("VALUE_INVALID", "changes.subjects[0]")),
        ({"stages": []}, ("VALUE_INVALID", "changes.stages")),
        ({"stages": ["nine-year"]}, ("VALUE_INVALID", "changes.stages[0]")),
        ({"capacity": 0}, ("VALUE_INVALID", "changes.capacity")),
        ({"capacity": 21}, ("VALUE_INVALID", "changes.capacity")),
        ({"areas": ["none"]}, ("AREA_UNKNOWN", "changes.areas[0]")),
        ({"conflicts": [{"school": "none", "kind": "亲属"}]}, ("SCHOOL_UNKNOWN", "changes.conflicts[0].school")),
        ({"conflicts": [{"school": "none"}]}, ("VALUE_INVALID", "changes.conflicts")),
        ({"ends_on": "2026-01-01"}, ("FIELD_UNKNOWN", "changes.ends_on")),
        ({}, ("VALUE_INVALID", "changes")),
    ],
)
def test_a_wrong_correction_of_a_researcher_names_its_field(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    command = CorrectResearcher(researcher="r", since=FIRST, changes=changes, **WHO)
    after, faults = corrected_researcher(ONE, command, NOWHERE)
    assert codes(faults) == [expected]
    assert after.facts == ONE.facts


def test_a_conflict_without_its_reason_is_refused_at_enrolment() -> None:
    conflict = ConflictOfInterest(school="none", kind="")
    command = EnrolResearcher(
        teacher="r", begins_on=FIRST, subjects=("数学",), stages=("primary",), conflicts=(conflict,), **WHO
    )
    _after, faults = enrolled(command, None, NOWHERE)
    assert codes(faults) == [("SCHOOL_UNKNOWN", "conflicts[0].school"), ("VALUE_INVALID", "conflicts[0].kind")]


def test_nobody_ends_before_he_begins_nor_is_corrected_after_his_end() -> None:
    early = EndResearcher(researcher="r", ends_on=FIRST - timedelta(days=1), **WHO)
    assert codes(ended_researcher(ONE, early)[1]) == [("DATE_OUT_OF_ORDER", "ends_on")]
    ended, faults = ended_researcher(ONE, EndResearcher(researcher="r", ends_on=DAYS[3], **WHO))
    assert (ended.ends_on, faults) == (DAYS[3], [])
    for since in (FIRST - timedelta(days=1), DAYS[4]):
        command = CorrectResearcher(researcher="r", since=since, changes={"capacity": 2}, **WHO)
        assert codes(corrected_researcher(ended, command, NOWHERE)[1]) == [("DATE_OUT_OF_ORDER", "since")]


@settings(max_examples=60)
@given(asked=st.lists(st.tuples(days, st.none() | days), max_size=6))
def test_absences_never_share_a_day_and_only_those_that_would_are_refused(
    asked: list[tuple[date, date | None]],
) -> None:
    researcher, taken = ONE, set[date]()
    for since, until in asked:
        wanted = {day for day in DAYS if since <= day <= (until or LAST)}
        before = researcher
        command = RecordAbsence(researcher="r", since=since, until=until, kind="产假", **WHO)
        researcher, faults = absent(researcher, command)
        backwards = until is not None and until < since
        assert bool(faults) == (backwards or bool(wanted & taken))
        if faults:
            assert researcher is before
        else:
            taken |= wanted
    known = absences_of(researcher)
    assert [one.since for one in known] == sorted(one.since for one in known)
    assert sum(len([d for d in DAYS if one.since <= d <= (one.until or LAST)]) for one in known) == len(taken)


def test_an_absence_is_corrected_or_taken_back_by_the_day_it_began() -> None:
    researcher, _ = absent(ONE, RecordAbsence(researcher="r", since=DAYS[2], until=DAYS[5], kind="病假", **WHO))
    researcher, _ = absent(researcher, RecordAbsence(researcher="r", since=DAYS[8], until=DAYS[9], kind="病假", **WHO))

    def corrected(begun_on: date, **more: Any) -> tuple[Entry[ResearcherFacts], list[RefusalItem]]:
        return corrected_absence(researcher, CorrectAbsence(researcher="r", begun_on=begun_on, **(WHO | more)))

    assert codes(corrected(DAYS[3])[1]) == [("ABSENCE_UNKNOWN", "begun_on")]
    assert codes(corrected(DAYS[2], changes={"until": None})[1]) == [("ABSENCE_OVERLAPS", "changes.since")]
    assert codes(corrected(DAYS[2], changes={"until": str(DAYS[1])})[1]) == [("DATE_OUT_OF_ORDER", "changes.until")]
    assert codes(corrected(DAYS[2], changes={"kind": "x"}, take_back=True)[1]) == [("VALUE_INVALID", "changes")]
    after, faults = corrected(DAYS[2], changes={"until": str(DAYS[7]), "kind": "产假"})
    assert (faults, [(one.until, one.kind) for one in absences_of(after)]) == (
        [], [(DAYS[7], "产假"), (DAYS[9], "病假")],
    )  # fmt: skip
    assert [one.since for one in absences_of(corrected(DAYS[2], take_back=True)[0])] == [DAYS[8]]


@settings(max_examples=100)
@given(
    steps=st.lists(
        st.tuples(st.just("name"), days, st.sampled_from("甲乙"))
        | st.tuples(st.sampled_from(["file", "archive"]), days, st.just("")),
        max_size=8,
    )
)
def test_what_a_day_shows_of_a_group_is_filed_exactly_when_nothing_changed_it_since(
    steps: list[tuple[str, date, str]],
) -> None:
    group = begun("g", FIRST, GroupFacts(kind="学科教研组", name="甲", leader="t"))
    names = dict.fromkeys(DAYS, "甲")
    filed: dict[date, date | None] = dict.fromkeys(DAYS, None)
    for what, day, name in steps:
        if what == "name":
            command = CorrectResearchGroup(group="g", since=day, changes={"name": name}, **WHO)
            group, faults = corrected_group(group, command, NOBODY)
            assert not faults
            changed = [one for one in DAYS if one >= day and names[one] != name]
            names |= dict.fromkeys(changed, name)
            filed |= dict.fromkeys(changed, None)
        elif what == "file":
            group, _ = filed_group(group, FileResearchGroup(group="g", filed_on=day, **WHO), LAST)
            due = [one for one in DAYS if filed[one] is None]
            if not due:  # the last composition's day of filing is corrected
                last = group.facts[-1].since
                due = [one for one in DAYS if one >= last]
            filed |= dict.fromkeys(due, day)
        else:
            _, faults = archived_group(group, ArchiveResearchGroup(group="g", archived_on=day, **WHO), LAST)
            last_filed = filed[LAST]
            assert bool(faults) == (last_filed is None or day < last_filed)
    for day in DAYS:
        facts = group.on(day)
        assert facts is not None
        assert (facts.name, facts.filed_on) == (names[day], filed[day])


def test_of_a_new_leader_nothing_is_stated_but_what_the_change_says() -> None:
    facts = GroupFacts(
        kind="学科教研组", name="甲", leader="t", leader_backbone=True, leader_grounds="聘书", appointed_by="城东片区"
    )
    here = People({one: teacher_at(one) for one in ("t", "u")}, Scope(whole=True))

    def stated(**changes: Any) -> tuple[Any, ...]:
        command = CorrectResearchGroup(group="g", since=DAYS[3], changes=changes, **WHO)
        group, faults = corrected_group(begun("g", FIRST, facts), command, here)
        after = group.on(DAYS[3])
        assert not faults
        assert after is not None
        assert group.on(DAYS[2]) == facts
        return after.leader, after.leader_backbone, after.leader_grounds, after.appointed_by

    assert stated(leader="t", name="乙") == ("t", True, "聘书", "城东片区")
    assert stated(leader="u") == ("u", None, None, None)
    assert stated(leader="u", leader_backbone=False) == ("u", False, None, None)


def teacher_at(one: str) -> TeacherFile:
    return TeacherFile(id=one, staff_number=one, employments=(Employment(school="s", since=FIRST),))


def area(name: str, begins_on: date, ends_on: date | None = None) -> Entry[AreaFacts]:
    entry = begun(f"{name}-{begins_on}", begins_on, AreaFacts(name=name))
    return msgspec.structs.replace(entry, ends_on=ends_on)


def test_an_areas_name_is_free_again_after_its_last_day() -> None:
    others = [area("城东", FIRST, DAYS[4])]
    for begins_on, expected in ((DAYS[4], [("AREA_NAME_TAKEN", "name")]), (DAYS[5], [])):
        _, faults = new_area(CreateArea(name="城东", begins_on=begins_on, **WHO), "new", others)
        assert codes(faults) == expected
    mine = area("城西", FIRST)
    for since, expected in ((DAYS[4], [("AREA_NAME_TAKEN", "changes.name")]), (DAYS[5], [])):
        command = CorrectArea(area=mine.id, since=since, changes={"name": "城东"}, **WHO)
        assert codes(corrected_area(mine, command, [*others, mine], None)[1]) == expected


def test_an_area_is_there_as_long_as_something_belongs_to_it() -> None:
    mine, used = area("城东", FIRST), (DAYS[2], DAYS[8])

    def faults(**changes: str) -> list[tuple[str, str]]:
        command = CorrectArea(area=mine.id, since=FIRST, changes=changes, **WHO)
        return codes(corrected_area(mine, command, [mine], used)[1])

    assert faults(begins_on=str(DAYS[2])) == faults(ends_on=str(DAYS[8])) == []
    assert faults(begins_on=str(DAYS[3])) == [("AREA_IN_USE", "changes.begins_on")]
    assert faults(ends_on=str(DAYS[7])) == [("AREA_IN_USE", "changes.ends_on")]


def test_a_nine_year_school_teaches_both_its_stages() -> None:
    assert [taught_in(one) for one in ("kindergarten", "primary", "nine-year", "complete")] == [
        ("kindergarten",), ("primary",), ("primary", "junior"), ("junior", "senior"),
    ]  # fmt: skip
