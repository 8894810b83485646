"""What a head teacher is posted at the end of a term, and on which days and by whom the workflows run."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import CreditLine, Moment, Period, Posted, Span, Standing, Teacher, load_packs
from yanxiu_rulekit.columns import LineBuilder

PACK = load_packs().pack("putuo")
HEAD = Teacher(head_teacher=True)
FIRST = PACK.period("term", date(2024, 11, 8))
SECOND = PACK.period("term", date(2025, 3, 14))
YEAR = PACK.period("school_year", FIRST.start)
ROUNDINGS = ["exact", "half_up_1", "whole_carry", "whole_no_carry"]


def line(number: int, on: date, credit_class: str, hours: Decimal) -> CreditLine:
    rate = 10 if credit_class == "lecture" else 20
    attributes = {"class": credit_class, "slot": "fixed", "form": None}
    return CreditLine(id=str(number), on=on, hours=hours, credits=hours / rate, attributes=attributes)


sessions = st.lists(
    st.tuples(
        st.dates(YEAR.start, YEAR.end),
        st.sampled_from(["lecture", "practice"]),
        st.integers(1, 30).map(lambda halves: Decimal(halves) / 2),
    ),
    max_size=25,
)


@given(sessions, st.sampled_from(ROUNDINGS))
def test_what_both_terms_are_posted_is_what_the_school_year_recognises(
    held: list[tuple[date, str, Decimal]], rounding: str
) -> None:
    lines = sorted((line(number, *one) for number, one in enumerate(held)), key=lambda one: one.on)
    settings = {"rounding": rounding}
    year = PACK.standing(YEAR, lines, HEAD, settings)
    posted = []
    for term in (FIRST, SECOND):
        needed, _ = PACK.lines_between(term, settings)
        reached = [one for one in lines if needed <= one.on <= term.end]
        posted.append(PACK.standing(term, reached, HEAD, settings).recognised_credits)
    assert posted == year.result["term_credits"]
    assert sum(posted) == year.recognised_credits


def test_the_two_terms_make_up_the_school_year() -> None:
    assert (FIRST.start, FIRST.end) == (date(2024, 9, 1), date(2025, 1, 31))
    assert (SECOND.start, SECOND.end) == (date(2025, 2, 1), date(2025, 8, 31))
    assert (FIRST.label, SECOND.label) == ("2024-2025学年第一学期", "2024-2025学年第二学期")
    assert PACK.period("term", date(2025, 8, 31)) == SECOND
    assert PACK.lines_between(SECOND) == (YEAR.start, SECOND.end)
    assert PACK.lines_between(YEAR) == (YEAR.start, YEAR.end)


def test_a_term_counts_its_own_hours_only_and_binds_nobody() -> None:
    lines = [line(1, date(2024, 11, 8), "lecture", Decimal(9)), line(2, date(2025, 3, 14), "lecture", Decimal(2))]
    carried = PACK.standing(SECOND, lines, HEAD, {"rounding": "whole_carry"})
    assert (carried.hours, carried.credits, carried.recognised_credits) == (2, Decimal("0.2"), 1)
    assert (carried.verdict, carried.findings) == ("PASS", ())
    assert PACK.standing(SECOND, lines, Teacher()).verdict == "EXEMPT"
    assert carried.steps[-1].zh == "2024-2025学年第二学期计入2课时，期末赋1学分。"


@pytest.mark.parametrize(
    ("terms", "opens"),
    [
        ((), date(2025, 1, 31)),
        ((Period(kind="term", label="1", start=date(2024, 9, 2), end=date(2025, 1, 17)),), date(2025, 1, 17)),
    ],
)
def test_posting_opens_on_the_last_teaching_day(terms: tuple[Period, ...], opens: date) -> None:
    moment = Moment(period=FIRST, entered=date(2024, 12, 2), terms=terms)
    assert PACK.windows["term_end"](moment, PACK.law(FIRST.end)) == Span(opens=opens, closes=FIRST.end)


def test_the_officer_posts_once_the_school_has_evaluated() -> None:
    posting = PACK.workflow("term_posting")
    assert posting.per == "term"
    assert [(step.name, step.by, step.effect) for step in posting.steps] == [
        ("evaluate", ("school-training-officer", "school-leader"), None),
        ("post", ("institute-officer",), "recognise"),
        ("feed_back", ("school-training-officer", "school-leader"), "feedback"),
    ]


def test_a_plan_is_drafted_only_after_both_levels_were_surveyed() -> None:
    plan = PACK.workflow("school_year_plan")
    assert [(step.name, step.by[0]) for step in plan.steps] == [
        ("survey_district", "institute-officer"),
        ("survey_school", "school-training-officer"),
        ("draft", "school-training-officer"),
        ("adopt", "school-leader"),
        ("sum_up", "school-leader"),
    ]
    assert [step.name for step in plan.open_steps("surveyed")] == ["draft"]


def posted_of(term: Period, standing: Standing) -> Posted:
    return Posted(label=term.label, ends=term.end, hours=standing.recognised_hours, credits=standing.recognised_credits)


def judged_to_be_posted(
    term: Period, lines: list[CreditLine], posted: tuple[Posted, ...], settings: dict[str, str]
) -> Standing:
    reached = [one for one in lines if PACK.lines_between(term, settings)[0] <= one.on <= term.end]
    return PACK.standing(term, reached, msgspec.structs.replace(HEAD, posted=posted), settings)


@given(sessions, sessions, st.booleans(), st.sampled_from(ROUNDINGS))
def test_what_is_posted_of_a_school_year_is_what_the_year_comes_to_though_the_first_term_changes_after_its_posting(
    held: list[tuple[date, str, Decimal]], late: list[tuple[date, str, Decimal]], taken_back: bool, rounding: str
) -> None:
    settings = {"rounding": rounding}
    before = sorted((line(number, *one) for number, one in enumerate(held)), key=lambda one: one.on)
    late_lines = [line(100 + number, *one) for number, one in enumerate(late)]
    lines = sorted((*before, *late_lines), key=lambda one: one.on)
    first = judged_to_be_posted(FIRST, lines if taken_back else before, (), settings)
    stands = posted_of(FIRST, first)
    second = judged_to_be_posted(SECOND, lines, (stands,), settings)
    year = PACK.standing(YEAR, lines, HEAD, settings)
    assert first.recognised_credits + second.recognised_credits == year.recognised_credits
    assert first.recognised_hours + second.recognised_hours == year.recognised_hours
    if taken_back:
        assert [first.recognised_credits, second.recognised_credits] == year.result["term_credits"]
    # A first term that nothing stands posted of is posted with the second.
    alone = judged_to_be_posted(SECOND, lines, (), settings)
    assert alone.recognised_credits == year.recognised_credits


def test_columns_judge_a_second_term_by_what_stands_posted_of_the_first() -> None:
    lines = [line(1, date(2024, 11, 8), "lecture", Decimal(9)), line(2, date(2025, 3, 14), "lecture", Decimal(5))]
    builder = LineBuilder(["nothing", "one", "unasked"], read=msgspec.json.decode)
    for teacher in ("nothing", "one", "unasked"):
        builder.add(
            (
                teacher,
                one.on,
                int(one.hours * 10**6),
                int(one.credits * 10**6),
                msgspec.json.encode(one.attributes).decode(),
            )
            for one in lines
        )
    posted = (Posted(label=FIRST.label, ends=FIRST.end, hours=Decimal(9), credits=Decimal(1)),)
    facts = {
        "nothing": Teacher(head_teacher=True, posted=()),
        "one": Teacher(head_teacher=True, posted=posted),
        "unasked": HEAD,
    }
    judged = PACK.standing_columns(SECOND, builder.columns().knowing(facts), {"rounding": "whole_carry"})
    found = {one: judged.recognised_credits.decimal(row) for row, one in enumerate(judged.teachers)}
    assert found == {"nothing": 1, "one": 0, "unasked": 1}
