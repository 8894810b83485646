"""What is tried comes out as what is then done, refuses as that does, and writes nothing, whatever is asked."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_wire import registry
from yanxiu_wire import rules as wire
from yanxiu_wire.caller import PLATFORM, Caller, Role
from yanxiu_wire.credits import GET_STANDINGS, GetStandings
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rules import (
    COMPARE_RULE_PACKS,
    GET_CLAUSE,
    GET_RULE_PACKS,
    LIST_EXAMPLES,
    LIST_RULE_PACKS,
    TRY_DECISION,
    TRY_TRAINING,
    PackAsked,
    TryDecision,
    TryTraining,
)

from tests.examples import with_service
from tests.services.credits.conftest import LAW_SINCE, TODAY, House

DAY = date(2024, 5, 20)
_teachers = itertools.count()

amounts = st.decimals(min_value=0, max_value=60, places=2)
trainings = st.fixed_dictionaries(
    {"hours": amounts.map(str), "score": st.decimals(min_value=-5, max_value=110, places=1).map(str)},
    optional={"mode": st.sampled_from(["central", "network"]), "coefficient": st.sampled_from(["0.5", "1", "2"])},
)


async def tried(house: House, **changes: Any) -> Any:
    asked = {"caller": house.officer, "teacher": "t1", "on": DAY, "facts": {"hours": "10", "score": "85"}, **changes}
    return await house.call(TRY_TRAINING, TryTraining(**asked))


@with_service(10)
@given(facts=trainings, days=st.integers(0, 300))
async def test_what_a_training_was_said_to_bring_is_what_registering_it_brings(
    house: House, facts: dict[str, str], days: int
) -> None:
    on = date(2024, 2, 1) + timedelta(days=days)
    teacher = f"tried-{next(_teachers)}"
    await house.employ(teacher)
    before = await house.counts()
    first = await tried(house, teacher=teacher, on=on, facts=facts)
    assert await house.counts() == before
    done = await house.register(teacher, on=on, facts=facts)
    if isinstance(first, Refused):
        assert isinstance(done, Refused)
        assert [(one.code, one.field, one.clauses) for one in first.errors] == [
            (one.code, one.field, one.clauses) for one in done.errors
        ]
        return
    record = done.record
    assert (first.status, first.hours, first.credits) == (record.status, record.hours, record.credits)
    assert first.explanation == record.explanation
    for one in first.standings:
        query = GetStandings(caller=house.officer, teachers=(teacher,), kind=one.after.kind, on=on)
        (then,) = (await house.call(GET_STANDINGS, query)).items
        assert then == one.after
        assert (one.before.label, one.before.hours) == (then.label, 0)


async def test_a_day_to_come_is_tried_as_it_would_be_on_it_and_not_ten_years_off(house: House, error_of: Any) -> None:
    ahead = await tried(house, on=TODAY + timedelta(days=40))
    assert (ahead.status, ahead.hours) == ("COUNTED", 10)
    assert [one.after.starts_on.year for one in ahead.standings] == [TODAY.year]
    error_of(await tried(house, on=date(2099, 1, 1)), "DAY_TOO_FAR")
    error_of(await house.register(on=TODAY + timedelta(days=40)), "DAY_IN_FUTURE")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"teacher": "nobody"}, "TEACHER_UNKNOWN"),
        ({"project": "no-such"}, "PROJECT_UNKNOWN"),
        ({"on": date(2019, 5, 1)}, "TEACHER_NOT_EMPLOYED"),
        ({"facts": {"hours": "ten"}}, "FACT_MALFORMED"),
        ({"facts": {"hours": "10", "score": "101"}}, "MARK_OUT_OF_RANGE"),
        ({"facts": {"hours": "10", "mode": "x" * 501}}, "FACTS_TOO_LARGE"),
    ],
)
async def test_what_could_not_be_registered_cannot_be_tried(
    house: House, error_of: Any, changes: dict[str, Any], code: str
) -> None:
    before = await house.counts()
    error_of(await tried(house, **changes), code)
    assert await house.counts() == before


async def test_a_teacher_tries_for_himself_and_a_school_for_its_own(house: House, error_of: Any) -> None:
    mine, other = house.caller("teacher", teacher="t1"), house.caller("teacher", teacher="t2")
    assert (await tried(house, caller=mine)).status == "COUNTED"
    error_of(await tried(house, caller=other), "TEACHER_UNKNOWN")
    assert (await tried(house, caller=house.caller("school-leader", school=house.school))).status == "COUNTED"
    error_of(await tried(house, caller=house.caller("school-leader", school="school-9")), "TEACHER_UNKNOWN")
    error_of(await tried(house, caller=house.caller("researcher")), "FORBIDDEN")


QUERIES: tuple[tuple[Any, type, dict[str, Any]], ...] = (
    (LIST_RULE_PACKS, wire.ListRulePacks, {}),
    (GET_RULE_PACKS, wire.GetRulePacks, {"asked": (PackAsked(jurisdiction="other"),), "parts": ("clauses",)}),
    (GET_CLAUSE, wire.GetClause, {"id": "MADE-1"}),
    (LIST_EXAMPLES, wire.ListExamples, {"jurisdiction": "other"}),
    (COMPARE_RULE_PACKS, wire.CompareRulePacks,
     {"first": PackAsked(jurisdiction="made"), "second": PackAsked(jurisdiction="other")}),
    (TRY_DECISION, TryDecision,
     {"law": PackAsked(jurisdiction="other", on=DAY), "facts": {"hours": "10", "score": "70"}}),
)  # fmt: skip


@pytest.mark.parametrize("role", get_args(Role))
async def test_the_law_is_public_to_every_role_and_the_platforms_operator_needs_no_district(
    house: House, role: Role
) -> None:
    before = await house.counts()
    caller = house.caller(role)
    district = PLATFORM if role == "platform-operator" else house.district
    for endpoint, kind, asked in QUERIES:
        answer = await house.bus.call(endpoint, kind(caller=caller, **asked), district=district)
        assert not isinstance(answer, Refused), (endpoint, answer)
    assert await house.counts() == before


async def test_a_stranger_to_the_district_is_told_nothing(house: House, error_of: Any) -> None:
    stranger = Caller(subject="x", role="district-officer", district="elsewhere")
    for endpoint, kind, asked in QUERIES:
        error_of(await house.call(endpoint, kind(caller=stranger, **asked)), "DISTRICT_UNKNOWN")


async def test_another_law_answers_without_the_districts_settings_and_its_own_with_them(
    empty_house: House, error_of: Any
) -> None:
    house = empty_house
    binding = registry.PackBinding(pack="made", since=LAW_SINCE, settings={"pass_mark": "90"}, decided_by="虚教发1号")
    await house.bind(binding)
    await house.employ("t1")
    facts = {"hours": "10", "score": "85"}

    async def ask(**law: Any) -> Any:
        query = TryDecision(caller=house.officer, law=PackAsked(on=DAY, **law), facts=facts)
        return await house.call(TRY_DECISION, query)

    own, same, other = await ask(), await ask(jurisdiction="made"), await ask(jurisdiction="other")
    assert own == same
    assert own.settings == {"pass_mark": {"value": "90", "decided_by": "虚教发1号"}}
    assert other.settings == {}
    assert own.result["status"] != other.result["status"]
    query = wire.GetRulePacks(
        caller=house.officer, asked=(PackAsked(), PackAsked(jurisdiction="other")), parts=("settings",)
    )
    mine, theirs = (await house.call(GET_RULE_PACKS, query)).items
    assert [(one.parameter, one.value, one.decided_by) for one in mine.settings] == [("pass_mark", "90", "虚教发1号")]
    assert (mine.governs, theirs.governs, theirs.settings) == (True, False, ())
    broken = PackAsked(jurisdiction="broken")
    unknown = TryDecision(caller=house.officer, law=broken, facts=facts)
    error_of(await house.call(TRY_DECISION, unknown), "RULE_PACK_UNKNOWN")
