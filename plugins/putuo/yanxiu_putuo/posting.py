"""Posting at the end of a term (PUTUO-5-3c): whether one may stand, and what a head teacher is posted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Amount, CreditLine, Facts, Law, Period, Standing, Teacher, choose, decision, measured

from yanxiu_putuo.credits import posted_credits
from yanxiu_putuo.measures import BY_CLASS, BY_SLOT, CREDITS
from yanxiu_putuo.school_year import person_hours, school_year_of, second_term, terms_of, verdict_of

CLAUSE = "PUTUO-5-3c"


class PostingFacts(Facts, frozen=True, kw_only=True):
    """May this posting stand? `term_end` is the last teaching day; `next_term_start`, where it is known, the limit."""

    role: str
    posted_on: dt.date
    term_end: dt.date
    already_posted: bool = False
    next_term_start: dt.date | None = None


@decision(
    "posting",
    asks_zh="期末赋分是否有效",
    facts=PostingFacts,
    clauses=(CLAUSE,),
    day=lambda facts: facts.posted_on,
)
def posting(facts: PostingFacts, law: Law) -> Mapping[str, Any]:
    """PUTUO-5-3c: by the officer, not before the last teaching day, once for each term; corrections stand apart.

    The text sets no end to the end of a term: what is posted after the next one began stands, and is marked as late.
    """
    officer = law.posting_role
    late = facts.next_term_start is not None and facts.posted_on >= facts.next_term_start
    checks = (
        (facts.role == officer, f"由{facts.role}赋分，应由{officer}赋分", f"posted by {facts.role}, not by {officer}"),
        (facts.posted_on >= facts.term_end, "学期尚未结束", "the term has not ended"),
        (not facts.already_posted, "本学期已赋分，更正须另行办理", "this term was posted; a correction stands apart"),
    )
    broken = [check for check in checks if not check[0]]
    law.step(
        "accepted",
        not broken,
        clauses=(CLAUSE,),
        zh="期末赋分有效。" if not broken else f"不予受理：{'；'.join(zh for _ok, zh, _en in broken)}。",
        en="The posting stands." if not broken else f"Not taken: {'; '.join(en for _ok, _zh, en in broken)}.",
    )
    if late:
        law.step(
            "late",
            late,
            clauses=(CLAUSE,),
            zh="下学期已经开学才赋分，予以标记；文件没有规定其他后果。",
            en="Posted after the next term had begun: marked; the text attaches nothing else.",
        )
    return {"accepted": not broken, "failed": [CLAUSE] if broken else [], "late": late}


def term_of(day: date, law: Law) -> Period:
    """Return the term that contains the day: to the end of January (as set), and from then to the end of the year."""
    year = school_year_of(day, law)
    second = second_term(year, law)
    first = day < second
    return Period(
        kind="term",
        label=f"{year.label}第{'一' if first else '二'}学期",
        start=choose((first, year.start), otherwise=second),
        end=choose((first, lambda: second - timedelta(days=1)), otherwise=year.end),
    )


def from_the_school_year(period: Period, law: Law) -> tuple[date, date]:
    """Return the days from the school year's first on: whole credits carry what the first term left over (G-T02)."""
    return school_year_of(period.start, law).start, period.end


def its_school_year(period: Period, law: Law) -> Period:
    """Return the school year of a term: what its two terms are posted is what the year comes to."""
    return school_year_of(period.start, law)


def judge_term(period: Period, lines: tuple[CreditLine, ...], teacher: Teacher, law: Law) -> Standing:
    """Return what one head teacher is posted for a term.

    The text sets no minimum for a term, so that nothing can be failed. What is posted for the second term is the
    school year's hours and credits less what stands posted for the first (`teacher.posted`), or would have been where
    that is not told; `lines` reach back to the start of the school year. Who is no head teacher is not addressed
    (PUTUO-0-1) and is EXEMPT.
    """
    year = school_year_of(period.start, law)
    second = period.start >= second_term(year, law)
    both = terms_of(year, lines, law)
    own = tuple(line for line in lines if period.start <= line.on <= period.end)
    by_term = posted_credits(both if second else both[:1], law)
    figures = measured((*BY_SLOT, *BY_CLASS, *CREDITS), own, law)
    hours = person_hours(figures["fixed_hours"], figures["flexible_hours"], law)
    posted = by_term[-1]
    if teacher.posted is not None:
        whole = measured(BY_SLOT, lines, law)
        hours = person_hours(whole["fixed_hours"], whole["flexible_hours"], law)
        hours -= sum((one.hours for one in teacher.posted), Decimal(0))
        posted = sum(by_term, Decimal(0)) - sum((one.credits for one in teacher.posted), Decimal(0))
    _say_posted(period, posted, hours, teacher, law)
    return Standing(
        period=period,
        verdict=verdict_of(addressed=teacher.head_teacher, met=True),
        hours=figures["fixed_hours"] + figures["flexible_hours"],
        credits=figures["credits"],
        recognised_hours=hours,
        recognised_credits=posted,
        findings=(),
        measures={name: figure for name, figure in figures.items() if name != "credits"},
        result={"posted": posted, "failed": []},
        steps=tuple(law.steps),
    )


def _say_posted(period: Period, posted: Amount, hours: Amount, teacher: Teacher, law: Law) -> None:
    before = teacher.posted or ()
    law.step(
        "posted",
        posted,
        unit="学分",
        clauses=(CLAUSE,),
        zh="{label}计入{hours}课时，" + ("本学年此前已赋{before}学分，" if before else "") + "期末赋{value}学分。",
        en="{hours} class hours count in this term; "
        + ("{before} was posted before in this school year; " if before else "")
        + "credit posted at its end: {value}.",
        label=period.label,
        hours=hours,
        before=sum((one.credits for one in before), Decimal(0)),
    )
