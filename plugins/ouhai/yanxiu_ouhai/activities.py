"""Activities of a year (OUHAI-2-3, 3-3, 5, 6-2, 6-3a, 6-5d, 6-8b): balance, load, the day, reviews, openness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, decision, rows_that_hold

from yanxiu_ouhai.organisation import Check, held, warned
from yanxiu_ouhai.spellings import must_be_one_of

OPEN, INSIDE, BALANCE = "OUHAI-2-3", "OUHAI-3-3", "OUHAI-5-0"
FORMS = ("OUHAI-5-1", "OUHAI-5-2", "OUHAI-5-3", "OUHAI-5-4")
LOAD, SUPPORT, STRUCTURE, MENU = "OUHAI-6-2b", "OUHAI-6-2c", "OUHAI-6-2d", "OUHAI-6-3a"
DAYS, REVIEWED = "OUHAI-6-5d", "OUHAI-6-8b"
REACHES = ("校内", "片区", "区域")
NOTHING = Decimal(0)


class BalanceQuestion(Facts, frozen=True, kw_only=True):
    """How are the hours of a school's (or a teacher's) year divided? What is not stated is not looked at.

    Hours by `scope` (校内, 校际, 区域), by form, by the sides of the pairs to be balanced, by support system, and by
    the strands of a teacher's training.
    """

    scope: Mapping[str, Decimal] | None = None
    forms: Mapping[str, Decimal] | None = None
    sides: Mapping[str, Decimal] | None = None
    support: Mapping[str, Decimal] | None = None
    strands: Mapping[str, Decimal] | None = None


class Attended(Facts, frozen=True, kw_only=True):
    """An activity that a teacher attends: its topic, its beginning and its end, as `2025-03-10T08:00`."""

    id: str
    topic: str
    start: str
    end: str


class LoadQuestion(Facts, frozen=True, kw_only=True):
    """Are the activities of a teacher too many, doubled or crossing?"""

    activities: tuple[Attended, ...]


class MenuQuestion(Facts, frozen=True, kw_only=True):
    """Did every school select from the district's courses? Courses selected, by school."""

    schools: tuple[str, ...]
    selected: Mapping[str, int] = {}


class SubjectActivity(Facts, frozen=True, kw_only=True):
    """An activity of a subject for a 片区 or the 区域 (or within the 校内), and its day."""

    subject: str
    on: date
    scope: str = "区域"


class DaysQuestion(Facts, frozen=True, kw_only=True):
    """Do the activities of each subject fall on its day? `days` gives the weekday of each subject, 1 (Monday) to 7."""

    days: Mapping[str, int]
    activities: tuple[SubjectActivity, ...] = ()


class Review(Facts, frozen=True, kw_only=True):
    """One school's review of another's results."""

    reviewer: str
    reviewed: str


class ReviewsQuestion(Facts, frozen=True, kw_only=True):
    """Did no school review itself, and was each reviewed as often as set?"""

    schools: tuple[str, ...]
    reviews: tuple[Review, ...]


class Result(Facts, frozen=True, kw_only=True):
    """A result of an award, and the day on which it was made public (None: it was not)."""

    what: str
    published_on: date | None = None


class OpennessQuestion(Facts, frozen=True, kw_only=True):
    """Were all results of awards made public?"""

    results: tuple[Result, ...]


@decision(
    "activity_balance",
    asks_zh="研修活动的结构是否合理",
    facts=BalanceQuestion,
    clauses=(INSIDE, BALANCE, *FORMS, SUPPORT, STRUCTURE),
)
def activity_balance(question: BalanceQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-3-3, 5-0 to 5-4, 6-2c, 6-2d: the text gives no shares, so that everything here only warns."""
    _check(question, law)
    families = _families(question.forms, law)
    checks = [*_inside(question.scope, law), *_sides(question.sides, law), *_strands(question.strands, law)]
    return {
        "families": families,
        "failed": [],
        "warnings": warned((*checks, *_support(question.support, law)), law),
    }


def _check(question: BalanceQuestion, law: Law) -> None:
    sides = [side for pair in law.balanced_pairs for side in (pair, law.balanced_pairs[pair])]
    named = {
        "scope": rows_that_hold(law.activity_scopes),
        "forms": law.form_families,
        "sides": sides,
        "support": law.support_share,
        "strands": rows_that_hold(law.teacher_strands),
    }
    families = {law.form_families[form] for form in law.form_families}
    for field, names in named.items():
        for name, hours in (getattr(question, field) or {}).items():
            # The lists of forms are open: one that is not named is entered under its family.
            must_be_one_of((*names, *(families if field == "forms" else ())), f"{field}.{name}", name)
            if hours < NOTHING:
                raise FactsRefused(field=f"{field}.{name}", value=hours, problem="below zero; give hours")


def _families(forms: Mapping[str, Decimal] | None, law: Law) -> dict[str, Decimal]:
    """OUHAI-5-0: hours of each family of forms."""
    families = {law.form_families[form]: NOTHING for form in law.form_families}
    for form, hours in (forms or {}).items():
        families[law.form_families.get(form, form)] += hours
    if forms is not None:
        law.step(
            "families",
            sum(families.values(), NOTHING),
            unit="学时",
            clauses=(BALANCE, *FORMS),
            zh="各类形式合计{value}学时。",
            en="{value} hours by all families of forms.",
        )
    return families


def _inside(scope: Mapping[str, Decimal] | None, law: Law) -> list[Check]:
    """OUHAI-3-3: mainly inside the school: more than the share set."""
    total = sum((scope or {}).values(), NOTHING)
    if scope is None or not total:
        return []
    inside = rows_that_hold(law.activity_scopes)[0]
    enough = scope.get(inside, NOTHING) > law.inside_share * total
    return [(INSIDE, enough, "没有以校内为主", "not mainly inside the school")]


def _sides(sides: Mapping[str, Decimal] | None, law: Law) -> list[Check]:
    """OUHAI-5-0: neither side of a pair is left out."""
    if sides is None:
        return []
    empty = [
        side for pair in law.balanced_pairs for side in (pair, law.balanced_pairs[pair]) if not sides.get(side, NOTHING)
    ]
    return [(BALANCE, not empty, f"没有{'、'.join(empty)}", f"no {', '.join(empty)}")]


def _strands(strands: Mapping[str, Decimal] | None, law: Law) -> list[Check]:
    """OUHAI-6-2d: each of the three strands is there."""
    if strands is None:
        return []
    empty = [strand for strand in rows_that_hold(law.teacher_strands) if not strands.get(strand, NOTHING)]
    return [(STRUCTURE, not empty, f"没有{'、'.join(empty)}", f"no {', '.join(empty)}")]


def _support(support: Mapping[str, Decimal] | None, law: Law) -> list[Check]:
    """OUHAI-6-2c: each support system reaches the share that the district announced, where it announced one."""
    if support is None:
        return []
    total = sum(support.values(), NOTHING)
    shares = {system: law.support_share[system] for system in law.support_share}
    below = [
        system for system, least in shares.items() if least != "none" and support.get(system, NOTHING) < least * total
    ]
    return [(SUPPORT, not below, f"低于公布的比例：{'、'.join(below)}", f"below the share: {', '.join(below)}")]


@decision("activity_load", asks_zh="教师的研修活动是否过多、重复、交叉", facts=LoadQuestion, clauses=(LOAD,))
def activity_load(question: LoadQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-2b: crossing ones are always pointed out, doubled topics too, too many where a number is set."""
    spans = sorted((*_times(index, one), one.id) for index, one in enumerate(question.activities))
    crossing = [
        [one, other]
        for index, (_start, end, one) in enumerate(spans)
        for start, _end, other in spans[index + 1 :]
        if start < end
    ]
    topics = Counter(one.topic for one in question.activities)
    doubled = [topic for topic, number in topics.items() if number > 1]
    most = law.activities_a_week
    weeks = Counter(_monday(start) for start, _end, _id in spans)
    crowded = [] if most == "none" else sorted(str(week) for week, number in weeks.items() if number > most)
    soft = (
        (LOAD, not crossing, f"时间交叉{len(crossing)}处", f"{len(crossing)} crossings"),
        (LOAD, not doubled, f"重复：{'、'.join(doubled)}", f"doubled: {', '.join(doubled)}"),
        (LOAD, not crowded, f"过多的周：{'、'.join(crowded)}", f"crowded weeks: {', '.join(crowded)}"),
    )
    return {
        "count": len(question.activities),
        "crossing": crossing,
        "doubled": doubled,
        "crowded_weeks": crowded,
        "failed": [],
        "warnings": warned(soft, law),
    }


def _times(index: int, one: Attended) -> tuple[datetime, datetime]:
    start, end = (_time(f"activities[{index}].{name}", getattr(one, name)) for name in ("start", "end"))
    if end <= start:
        raise FactsRefused(field=f"activities[{index}].end", value=one.end, problem="not after the beginning")
    return start, end


def _time(field: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise FactsRefused(field=field, value=text, problem="no time; write it as 2025-03-10T08:00") from None


def _monday(start: datetime) -> date:
    return start.date() - timedelta(days=start.weekday())


@decision("menu_selection", asks_zh="各校是否选择了区域课程", facts=MenuQuestion, clauses=(MENU,))
def menu_selection(question: MenuQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-3a: a school that selected none is pointed out; the text sets no time."""
    without = [school for school in question.schools if question.selected.get(school, 0) < law.menu_selections]
    soft = (MENU, not without, f"没有选课：{'、'.join(without)}", f"nothing selected: {', '.join(without)}")
    selected = law.step(
        "selected",
        len(question.schools) - len(without),
        unit="所",
        clauses=(MENU,),
        zh="{value}所学校已选课。",
        en="{value} schools selected.",
    )
    return {"selected": selected, "without_selection": without, "failed": [], "warnings": warned((soft,), law)}


@decision("research_days", asks_zh="学科活动是否在统一的学科研修日", facts=DaysQuestion, clauses=(DAYS,))
def research_days(question: DaysQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-5d: activities of an area or the district fall on the subject's day; the district supplies the days."""
    last = timedelta(weeks=1).days
    for subject, weekday in question.days.items():
        if not 1 <= weekday <= last:
            raise FactsRefused(field=f"days.{subject}", value=weekday, problem="a weekday is 1 (Monday) to 7 (Sunday)")
    for index, one in enumerate(question.activities):
        must_be_one_of(REACHES, f"activities[{index}].scope", one.scope)
    wide = [one for one in question.activities if one.scope != REACHES[0]]
    without = list(dict.fromkeys(one.subject for one in wide if one.subject not in question.days))
    off = [
        {"subject": one.subject, "on": one.on}
        for one in wide
        if one.subject in question.days and one.on.isoweekday() != question.days[one.subject]
    ]
    failed = held(
        (
            (DAYS, not without, f"没有定研修日：{'、'.join(without)}", f"no day set: {', '.join(without)}"),
            (DAYS, not off, f"{len(off)}次不在研修日", f"{len(off)} activities off their day"),
        ),
        law,
    )
    return {"without_day": without, "off_day": off, "failed": failed}


@decision("peer_review", asks_zh="成效互评是否合规", facts=ReviewsQuestion, clauses=(REVIEWED,))
def peer_review(question: ReviewsQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-8b: nobody reviews itself; each school is reviewed as often as the district set, if it did."""
    own = [one.reviewer for one in question.reviews if one.reviewer == one.reviewed]
    counts = Counter(one.reviewed for one in question.reviews if one.reviewer != one.reviewed)
    few = [school for school in question.schools if counts[school] < law.peer_reviews_min]
    failed = held(
        (
            (REVIEWED, not own, f"评自己：{'、'.join(own)}", f"reviewed itself: {', '.join(own)}"),
            (REVIEWED, not few, f"被评次数不足：{'、'.join(few)}", f"reviewed too seldom: {', '.join(few)}"),
        ),
        law,
    )
    return {"self_reviews": own, "too_few": few, "failed": failed}


@decision("result_openness", asks_zh="评比成果是否公开", facts=OpennessQuestion, clauses=(OPEN,))
def result_openness(question: OpennessQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-2-3: every result is public; the text sets no time, so that one that is not yet is pointed out."""
    hidden = [one.what for one in question.results if one.published_on is None]
    published = law.step(
        "published",
        len(question.results) - len(hidden),
        unit="项",
        clauses=(OPEN,),
        zh="{value}项成果已公开。",
        en="{value} results are public.",
    )
    soft = (OPEN, not hidden, f"尚未公开：{'、'.join(hidden)}", f"not public yet: {', '.join(hidden)}")
    return {"published": published, "unpublished": hidden, "failed": [], "warnings": warned((soft,), law)}
