"""PUTUO-5-3a and 5-3b: class hours into credits, by session and by term, under each way of treating a fraction."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from yanxiu_rulekit import Amount, Law, choose, half_up, whole_below

from yanxiu_putuo.facts import TermHours


def session_credits(credit_class: str, hours: Decimal, law: Law) -> Decimal:
    """Return the exact credits of one session: lectures and practice have each their own rate."""
    return hours / choose(
        (credit_class == "lecture", lambda: law.lecture_hours_per_credit),
        otherwise=lambda: law.practice_hours_per_credit,
    )


def posted_credits(terms: Sequence[TermHours], law: Law) -> tuple[Amount, ...]:
    """Return the credits posted at the end of each term of one school year, in the order of the terms given.

    Hours of the two classes are never pooled; whole credits carry their remainder inside the school year only.
    """
    posted: list[Amount] = []
    lecture_before: Amount = Decimal(0)
    practice_before: Amount = Decimal(0)
    for term in terms:
        posted.append(_post(term, lecture_before, practice_before, law))
        lecture_before += term.lecture
        practice_before += term.practice
    return tuple(posted)


def _post(term: TermHours, lecture_before: Amount, practice_before: Amount, law: Law) -> Amount:
    """Return the credits of one term, given the hours of the terms before it in the same school year."""
    lecture_rate, practice_rate, rounding = law.lecture_hours_per_credit, law.practice_hours_per_credit, law.rounding
    exact = term.lecture / lecture_rate + term.practice / practice_rate
    alone = _whole(term.lecture, lecture_rate) + _whole(term.practice, practice_rate)
    carried = _carried(lecture_before, term.lecture, lecture_rate)
    carried += _carried(practice_before, term.practice, practice_rate)
    return law.step(
        f"term_{term.term}",
        choose(
            (rounding == "exact", exact),
            (rounding == "half_up_1", half_up(exact, 1)),
            (rounding == "whole_carry", carried),
            otherwise=alone,
        ),
        unit="学分",
        clauses=("PUTUO-5-3a", "PUTUO-5-3b"),
        zh="第{term}学期：讲座类{lecture}课时，每{lecture_rate}课时1学分；实践类{practice}课时，"
        "每{practice_rate}课时1学分；{rounding_zh}，赋{value}学分。",
        en="Term {term}: {lecture} lecture hours at {lecture_rate} for a credit, {practice} practice hours "
        "at {practice_rate} for a credit; {rounding_en}; credit posted: {value}.",
        term=term.term,
        lecture=term.lecture,
        practice=term.practice,
        lecture_rate=lecture_rate,
        practice_rate=practice_rate,
        rounding_zh=ROUNDING[rounding][0],
        rounding_en=ROUNDING[rounding][1],
    )


def unused_hours(terms: Sequence[TermHours], law: Law) -> dict[str, Decimal]:
    """Return the class hours of the school year that gave no credit, by class; exact credits use every hour."""
    lecture = [term.lecture for term in terms]
    practice = [term.practice for term in terms]
    return {
        "lecture": _unused(lecture, law.lecture_hours_per_credit, law.rounding),
        "practice": _unused(practice, law.practice_hours_per_credit, law.rounding),
    }


def _unused(hours: Sequence[Decimal], rate: Decimal, rounding: str) -> Decimal:
    total = sum(hours, Decimal(0))
    return choose(
        (rounding == "whole_carry", lambda: total % rate),
        (rounding == "whole_no_carry", lambda: sum((one % rate for one in hours), Decimal(0))),
        otherwise=Decimal(0),
    )


def _carried(before: Amount, hours: Amount, rate: Decimal) -> Amount:
    """Return the whole credits that these hours complete, together with what the hours before them left over."""
    return _whole(before + hours, rate) - _whole(before, rate)


def _whole(hours: Amount, rate: Decimal) -> Amount:
    return whole_below(hours / rate)


ROUNDING = {
    "exact": ("按比例精确折算", "a fraction counts as it is"),
    "half_up_1": ("按学期四舍五入保留一位小数", "rounded half-up to one place each term"),
    "whole_carry": ("只赋整学分，余下课时在本学年内结转", "whole credits, the rest carried inside the school year"),
    "whole_no_carry": ("只赋整学分，余下课时不结转", "whole credits, the rest not carried"),
}
