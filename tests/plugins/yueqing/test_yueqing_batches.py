"""Yueqing's answers about a batch of base schools: who may be one, who is linked, what the next batch changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from yanxiu_rulekit import Batch, BatchPlacing, BatchPlan, Link, VisitedSchool, load_packs

PACK = load_packs().pack("yueqing")
RULES = PACK.visits or pytest.fail("the pack has no visit rules")
TOWN = VisitedSchool(id="A", stage="junior", location="town")
RURAL = VisitedSchool(id="B", stage="junior", location="rural")


def law(**settings: Any) -> Any:
    return PACK.law(date(2020, 10, 20), settings)


def link(person: str, school: str, *, lead: bool = True, kind: Any = "researcher") -> Link:
    return Link(person=person, school=school, lead=lead, kind=kind)


TEAM = tuple(link(f"c{n}", school, lead=False, kind="backbone_teacher") for school in ("A", "B") for n in (1, 2))
FIRST = Batch(start=date(2020, 10, 20), end=date(2022, 10, 19), schools=(TOWN, RURAL), links=(link("r1", "A"), *TEAM))


def plan_failures(plan: BatchPlan, **settings: Any) -> set[tuple[str, str]]:
    found = PACK.visit_answers("plan", plan, on=plan.batch.start, settings=settings)
    return {(one.of, clause) for one in found for clause in one.failed}


def test_a_batch_with_a_lead_and_two_collaborators_at_each_school_is_in_order() -> None:
    assert (
        plan_failures(BatchPlan(batch=msgspec.structs.replace(FIRST, links=(*FIRST.links, link("r2", "B"))))) == set()
    )
    assert plan_failures(BatchPlan(batch=FIRST)) == {("B", "YUEQING-5-1b")}, "B has no lead researcher"


def test_one_who_leads_two_schools_of_one_type_needs_town_and_country() -> None:
    both = msgspec.structs.replace(FIRST, links=(link("r1", "A"), link("r1", "B"), *TEAM))
    assert plan_failures(BatchPlan(batch=both)) == set()
    towns = msgspec.structs.replace(both, schools=(TOWN, msgspec.structs.replace(RURAL, location="town")))
    assert plan_failures(BatchPlan(batch=towns)) == {("", "YUEQING-6-1"), ("r1", "YUEQING-6-1")}
    mixed = msgspec.structs.replace(both, schools=(TOWN, msgspec.structs.replace(RURAL, stage="primary")))
    assert plan_failures(BatchPlan(batch=mixed)) == {("r1", "YUEQING-6-1")}
    nine = msgspec.structs.replace(both, schools=(TOWN, msgspec.structs.replace(RURAL, stage="nine-year")))
    assert plan_failures(BatchPlan(batch=nine)) == set()
    senior = msgspec.structs.replace(both, schools=(TOWN, msgspec.structs.replace(RURAL, stage="senior")))
    assert plan_failures(BatchPlan(batch=senior)) == {
        ("", "YUEQING-0-1"), ("r1", "YUEQING-0-1"), ("r1", "YUEQING-6-1"),
    }  # fmt: skip


def test_a_researcher_answers_for_the_schools_that_he_leads_alone() -> None:
    primary = msgspec.structs.replace(RURAL, stage="primary")
    links = (link("r1", "A"), link("r2", "B"), link("r1", "B", lead=False), *TEAM)
    apart = msgspec.structs.replace(FIRST, schools=(TOWN, primary), links=links)
    assert plan_failures(BatchPlan(batch=apart)) == set()


def test_the_next_batch_has_other_schools_and_other_pairs() -> None:
    full = msgspec.structs.replace(FIRST, links=(*FIRST.links, link("r2", "B")))
    again = msgspec.structs.replace(full, start=date(2022, 10, 20), end=date(2024, 10, 19))
    assert plan_failures(BatchPlan(batch=again, before=full)) == {("", "YUEQING-2-2"), ("", "YUEQING-3-3")}
    swapped = msgspec.structs.replace(again, links=(link("r2", "A"), link("r1", "B"), *TEAM))
    assert plan_failures(BatchPlan(batch=swapped, before=full), allow_repeat=True) == set()


def test_a_person_counts_once_in_a_team_and_who_leads_does_not_collaborate() -> None:
    links = (
        link("r1", "A"),
        link("r1", "A", lead=False, kind="famous_teacher"),
        link("c1", "A", lead=False, kind="area_staff"),
    )
    found = plan_failures(BatchPlan(batch=msgspec.structs.replace(FIRST, schools=(TOWN,), links=links)))
    assert ("A", "YUEQING-5-1b") in found


def test_what_a_plan_keeps_to_bears_the_clauses_and_the_platforms_own_words() -> None:
    placing = RULES.placing(law())
    assert isinstance(placing, BatchPlacing)
    assert (placing.years.value, placing.leads.value, placing.collaborators.value) == (2, 1, 2)
    assert placing.years.clauses == ("YUEQING-2-2", "YUEQING-5-1a")
    assert placing.collaborator_kinds.value == ("area_staff", "famous_teacher", "backbone_teacher")
    assert placing.stages.value == ("primary", "junior", "nine-year")
    assert (placing.repeats.value, placing.both_locations_from.value) == (False, 2)
    assert placing.leads.zh == "每所基地学校由1名研训员为主。"
    assert (placing.pairing_changes.value, placing.one_stage.value, placing.both_locations.value) == (True, True, True)
    assert all(one.binding for one in (placing.pairing_changes, placing.one_stage, placing.both_locations))
    set_otherwise = RULES.placing(law(allow_repeat=True, collaborators=3, collaborator_kinds={"研训员": True}))
    assert isinstance(set_otherwise, BatchPlacing)
    assert (set_otherwise.repeats.value, set_otherwise.collaborators.value) == (True, 3)
    assert "researcher" in str(set_otherwise.collaborator_kinds.value)
