"""What the visits service asks of a pack: a made-up district answers in its own words, its limits name clauses."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import (
    Asked,
    DecisionUnknown,
    FactsRefused,
    LessonSeen,
    PackRefused,
    RulePack,
    SchoolTerm,
    TermPlacing,
    TermWork,
    VisitedSchool,
    VisitQuestion,
    VisitRules,
    age_on,
    last_day_of_years,
    limit,
    load_packs,
    whole,
)
from yanxiu_rulekit.plugins import packs_of

from tests.rulekit.conftest import MakePack

PARAMETERS = """
[lessons]
label = "每学期听评课"
label_en = "lessons of a term"
unit = "节"
district_may_set = { min = 2, max = 40 }
values = [ { since = 2024-01-01, value = 3, cite = "MADE-1" }, { since = 2025-01-01, value = 4, cite = "MADE-2" } ]

[stages]
label = "学段"
label_en = "stages"
unit = "是否"
values = [ { since = 2024-01-01, cite = "MADE-2", value = { primary = true, junior = true, senior = false } } ]
"""

CODE = '''
"""A made-up district with visits."""

from yanxiu_rulekit import (
    Asked, Facts, Limit, Named, Requirement, RulePack, TermPlacing, VisitQuestion, VisitRules, breached, decision, hold,
    hookimpl, limit,
)

MINIMA = (
    Requirement(
        clause="MADE-1", measure="lessons", operator="at_least", parameter="lessons", label_zh="听评课",
        label_en="lessons", unit="节",
    ),
)


class Term(Facts, frozen=True, kw_only=True):
    """Lessons of a term, in this district's own spelling."""

    ke: int


@decision("xueqi", facts=Term, clauses=("MADE-1", "MADE-2"))
def xueqi(facts, law):
    """Hold the lessons against the minimum."""
    findings = hold(MINIMA, {"lessons": facts.ke}, law)
    law.step("lessons", facts.ke, zh="听评课{value}节。", en="{value} lessons.", readings=findings[0].readings)
    return {"ke": facts.ke, "failed": breached(findings), "warnings": []}


def asks(work, _law):
    """One question for each school of the researcher."""
    for school in work.schools:
        seen = [one for one in work.lessons if one.school == school.id and one.commented]
        yield Asked(kind="xueqi", given={"ke": len(seen)}, of=school.id)


def minima(work, law):
    """The same minimum, with what is missing."""
    return hold(MINIMA, {"lessons": len(work.lessons)}, law)


def placing(law):
    """One school a term; everything else this law leaves open."""
    once = limit(law, "lessons", zh="{value}", en="{value}")
    return TermPlacing(
        schools_a_term=once, changes=once, no_return=once, window_terms=once, covers=once,
        stages=limit(law, "stages", zh="只有{value}。", en="{value} only.", clauses=("MADE-1",)),
    )


VISITS = VisitRules(
    placing=placing, plan=VisitQuestion(kinds=("xueqi",), asks=asks),
    term=VisitQuestion(kinds=("xueqi",), asks=asks), minima=minima,
    phases=lambda law: (Named(name="期初", clauses=("MADE-1",)),),
)


@hookimpl
def rule_packs():
    """Return the pack."""
    return [RulePack.load(__name__, name=DISTRIBUTION, decisions=[xueqi], visits=VISITS)]
'''

TERM = SchoolTerm(year=2024, number=1, start=date(2024, 9, 2), end=date(2025, 1, 17))
SCHOOLS = (VisitedSchool(id="s1", stage="primary"), VisitedSchool(id="s2", stage="junior"))


@pytest.fixture
def pack(make_pack: MakePack) -> RulePack:
    (made,) = packs_of(make_pack(parameters=PARAMETERS, code=CODE, cases={}).entry)
    return made


def work(*lessons: LessonSeen) -> TermWork:
    return TermWork(researcher="r1", term=TERM, teaching_days=(), schools=SCHOOLS, lessons=lessons)


def seen(school: str, number: int, *, commented: bool = True) -> tuple[LessonSeen, ...]:
    return (LessonSeen(on=TERM.start, school=school, commented=commented),) * number


def test_each_school_is_answered_in_the_words_of_the_pack_from_neutral_facts(pack: RulePack) -> None:
    facts = work(*seen("s1", 3), *seen("s2", 2), *seen("s2", 1, commented=False))
    first, second = pack.visit_answers("term", facts, on=date(2024, 9, 2))
    assert (first.of, first.decided.kind, first.decided.result["ke"], first.failed) == ("s1", "xueqi", 3, ())
    assert (second.of, second.decided.result["ke"], second.failed) == ("s2", 2, ("MADE-1",))
    assert second.decided.steps[0].zh == "听评课2节。"


def test_the_day_and_the_districts_setting_govern_an_answer(pack: RulePack) -> None:
    facts = work(*seen("s1", 3), *seen("s2", 3))
    assert [one.failed for one in pack.visit_answers("term", facts, on=date(2024, 12, 31))] == [(), ()]
    later = pack.visit_answers("term", facts, on=date(2025, 1, 1))
    assert [one.failed for one in later] == [("MADE-1",), ("MADE-1",)]
    eased = pack.visit_answers("term", facts, on=date(2025, 1, 1), settings={"lessons": 3})
    assert [one.failed for one in eased] == [(), ()]


def test_a_limit_bears_its_value_its_clauses_and_its_words(pack: RulePack) -> None:
    assert pack.visits is not None
    law = pack.law(date(2024, 9, 2), {"lessons": {"value": 5, "decided_by": "示例纪要"}})
    placing = pack.visits.placing(law)
    assert isinstance(placing, TermPlacing)
    assert (placing.schools_a_term.value, placing.schools_a_term.clauses) == (5, ("MADE-1",))
    assert placing.schools_a_term.readings[0].decided_by == "示例纪要"
    assert placing.stages.value == ("primary", "junior")
    assert placing.stages.clauses == ("MADE-2", "MADE-1")
    assert (placing.stages.zh, placing.stages.en) == ("只有primary、junior。", "primary, junior only.")
    assert law.take_readings() == ()


def test_a_limit_that_is_no_whole_number_is_an_error(pack: RulePack) -> None:
    law, value = pack.law(date(2024, 9, 2), {"lessons": "2.5"}), True
    with pytest.raises(ValueError, match=r"2\.5 is no whole number"):
        limit(law, "lessons", zh="", en="")
    assert whole(value) is value
    with pytest.raises(ValueError, match="per_year is no whole number"):
        whole("per_year")


def test_a_question_that_the_law_does_not_answer_is_refused_by_name(pack: RulePack) -> None:
    with pytest.raises(DecisionUnknown, match="no question 'supervision'; they have plan, term"):
        pack.visit_answers("supervision", None, on=date(2024, 9, 2))
    with pytest.raises(DecisionUnknown, match="yanxiu-puer has no visit rules"):
        load_packs().pack("puer").visit_answers("term", work(), on=date(2024, 9, 2))


def test_visit_rules_that_name_a_decision_which_is_not_there_do_not_load(pack: RulePack) -> None:
    assert pack.visits is not None
    asks: Any = pack.visits.term.asks
    broken = VisitRules(
        placing=pack.visits.placing,
        plan=pack.visits.plan,
        term=VisitQuestion(kinds=("xueqi", "jidu"), asks=asks),
        minima=pack.visits.minima,
    )
    with pytest.raises(PackRefused, match=r"visits\.term names the kind 'jidu', which no decision answers"):
        RulePack(
            name="made", version="1", source=pack.source, parameters=pack.parameters,
            decisions=pack.decisions.values(), visits=broken,
        )  # fmt: skip


def test_a_fact_that_the_pack_made_wrongly_is_refused_as_any_fact_is(pack: RulePack) -> None:
    assert pack.visits is not None
    pack.visits = VisitRules(
        placing=pack.visits.placing,
        plan=pack.visits.plan,
        minima=pack.visits.minima,
        term=VisitQuestion(kinds=("xueqi",), asks=lambda _work, _law: [Asked(kind="xueqi", given={"ke": 1.5})]),
    )
    with pytest.raises(FactsRefused) as refused:
        pack.visit_answers("term", work(), on=date(2024, 9, 2))
    assert refused.value.field == "ke"


def test_the_minima_tell_what_is_missing_before_the_term_is_over(pack: RulePack) -> None:
    assert pack.visits is not None
    (finding,) = pack.visits.minima(work(*seen("s1", 1)), pack.law(date(2024, 9, 2), today=date(2024, 10, 1)))
    assert (finding.clause, finding.earned, finding.shortfall, finding.met) == ("MADE-1", 1, Decimal(2), False)


def test_terms_and_school_years_bear_one_name_in_every_pack() -> None:
    assert (TERM.name, TERM.school_year) == ("2024-2025-1", "2024-2025")


@pytest.mark.parametrize(
    ("start", "years", "end"),
    [
        (date(2020, 10, 20), 2, date(2022, 10, 19)),
        (date(2020, 9, 1), 1, date(2021, 8, 31)),
        (date(2020, 2, 29), 2, date(2022, 2, 28)),
        (date(2020, 2, 29), 4, date(2024, 2, 28)),
        (date(2021, 3, 1), 3, date(2024, 2, 29)),
    ],
)
def test_years_end_the_day_before_they_begin_again(start: date, years: int, end: date) -> None:
    assert last_day_of_years(start, years) == end


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1986, 4, 10), date(2022, 4, 9), 35),
        (date(1986, 4, 10), date(2022, 4, 10), 36),
        (date(1984, 2, 29), date(2022, 2, 28), 37),
        (date(1984, 2, 29), date(2022, 3, 1), 38),
    ],
)
def test_an_age_is_reached_on_the_birthday(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@given(st.dates(date(1950, 1, 1), date(2000, 12, 31)), st.integers(1, 60))
def test_a_person_is_as_old_as_the_years_that_have_ended(born: date, years: int) -> None:
    over = last_day_of_years(born, years)
    assert age_on(born, over) == years - 1
    assert age_on(born, over + timedelta(days=1)) == years
