"""Head teachers by their years in post (PUTUO-2-2a, 2-2b, 3-3, 4-2b): training, courses, paths and mentors of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, clauses_broken, clauses_to_watch, decision, must_be_one_of

TIERS, PATHS, LAYERS, MENTORS = "PUTUO-2-2a", "PUTUO-2-2b", "PUTUO-3-3", "PUTUO-4-2b"


class InPost(Facts, frozen=True, kw_only=True):
    """A head teacher by an id, and the years that he or she has been one; half a year is 0.5."""

    id: str
    service_years: Decimal


class TierQuestion(Facts, frozen=True, kw_only=True):
    """Has the plan training for each tier that the school has? `sessions` name the tiers that they are for."""

    head_teachers: tuple[InPost, ...]
    sessions: tuple[str, ...] = ()


class Assigned(Facts, frozen=True, kw_only=True):
    """The graded courses that a head teacher was given."""

    id: str
    service_years: Decimal
    courses: tuple[str, ...]


class LayerQuestion(Facts, frozen=True, kw_only=True):
    """Do the courses fit the head teachers?"""

    assigned: tuple[Assigned, ...]


class PathQuestion(Facts, frozen=True, kw_only=True):
    """Has each head teacher a career path? Ids."""

    head_teachers: tuple[str, ...]
    with_path: tuple[str, ...] = ()


class Pair(Facts, frozen=True, kw_only=True):
    """A mentor and a mentee by their ids, from a day until another (None: it goes on)."""

    mentor: str
    mentee: str
    start: dt.date | None = None
    end: dt.date | None = None


class MentorQuestion(Facts, frozen=True, kw_only=True):
    """Has each new head teacher a mentor on the day? A mentor who is not among the head teachers is in order."""

    on: dt.date
    head_teachers: tuple[InPost, ...]
    pairs: tuple[Pair, ...] = ()


def tier_of(years: Decimal, law: Law, field: str) -> str:
    """Return the tier of so many years in post; refuses years below none by the field."""
    if years < 0:
        raise FactsRefused(field=field, value=years, problem="below zero; give the years as head teacher")
    new, early, mature = law.tier_training
    if years < law.tier_years["early_from"]:
        return new
    return early if years <= law.tier_years["early_to"] else mature


@decision("tier_sessions", asks_zh="研修计划是否兼顾新入职、职初、成熟期班主任", facts=TierQuestion, clauses=(TIERS,))
def tier_sessions(question: TierQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-2-2a: training for each tier that there is; the thresholds are a reading, so that a gap is pointed out."""
    for index, tier in enumerate(question.sessions):
        must_be_one_of(tuple(law.tier_training), f"sessions[{index}]", tier)
    tiers = _tiers(question.head_teachers, law)
    missing = [tier for tier in law.tier_training if tier in tiers.values() and tier not in question.sessions]
    wanted = {tier: law.tier_training[tier] for tier in missing}
    named = "、".join(f"{tier}（{content}）" for tier, content in wanted.items())
    told = ((TIERS, not missing, f"没有安排：{named}", f"no training for {', '.join(missing)}"),)
    return {"tiers": tiers, "missing": missing, "wanted": wanted, "failed": [],
            "warnings": clauses_to_watch(told, law)}  # fmt: skip


@decision("course_layers", asks_zh="分层课程是否与班主任发展阶段相配", facts=LayerQuestion, clauses=(LAYERS,))
def course_layers(question: LayerQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-3-3: each course belongs to a tier (G-T05); one for another tier is pointed out."""
    mismatched: list[dict[str, str]] = []
    for index, one in enumerate(question.assigned):
        tier = tier_of(one.service_years, law, f"assigned[{index}].service_years")
        for number, course in enumerate(one.courses):
            must_be_one_of(tuple(law.course_layers), f"assigned[{index}].courses[{number}]", course)
            if law.course_layers[course] != tier:
                mismatched.append({"id": one.id, "course": course})
    named = "；".join(f"{one['id']}：{one['course']}" for one in mismatched)
    told = ((LAYERS, not mismatched, f"课程与阶段不相配：{named}", f"courses of another tier: {named}"),)
    return {"mismatched": mismatched, "failed": [], "warnings": clauses_to_watch(told, law)}


@decision("career_paths", asks_zh="是否为每名班主任规划职业发展路径", facts=PathQuestion, clauses=(PATHS,))
def career_paths(question: PathQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-2-2b: a path for each head teacher; by when is not said, so that a gap is pointed out."""
    missing = [one for one in question.head_teachers if one not in question.with_path]
    told = ((PATHS, not missing, f"没有规划：{'、'.join(missing)}", f"no path: {', '.join(missing)}"),)
    return {"missing": missing, "failed": [], "warnings": clauses_to_watch(told, law)}


@decision("mentoring", asks_zh="新入职班主任是否都有师傅带教", facts=MentorQuestion, clauses=(MENTORS,))
def mentoring(question: MentorQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-4-2b: everyone new has a mentor on the day, and each mentor is of a higher tier than the mentee."""
    tiers, order = _tiers(question.head_teachers, law), list(law.tier_training)
    pairs = [pair for pair in question.pairs if _holds(pair, question.on)]
    mentored = {pair.mentee for pair in pairs}
    without = [one for one, tier in tiers.items() if tier == order[0] and one not in mentored]
    unfit = [
        f"{pair.mentor}—{pair.mentee}"
        for pair in pairs
        if pair.mentor == pair.mentee
        or (
            {pair.mentor, pair.mentee} <= set(tiers)
            and order.index(tiers[pair.mentor]) <= order.index(tiers[pair.mentee])
        )
    ]
    told = (
        (MENTORS, not without, f"没有师傅：{'、'.join(without)}", f"no mentor: {', '.join(without)}"),
        (MENTORS, not unfit, f"师傅的阶段不高于徒弟：{'、'.join(unfit)}", f"mentor not above: {', '.join(unfit)}"),
    )
    return {"without_mentor": without, "unfit": unfit, "failed": clauses_broken(told, law)}


def _holds(pair: Pair, on: dt.date) -> bool:
    return (pair.start is None or pair.start <= on) and (pair.end is None or on <= pair.end)


def _tiers(head_teachers: Sequence[InPost], law: Law) -> dict[str, str]:
    """Return the tier of each; an id that stands twice is refused."""
    tiers: dict[str, str] = {}
    for index, one in enumerate(head_teachers):
        if one.id in tiers:
            raise FactsRefused(field=f"head_teachers[{index}].id", value=one.id, problem="stands twice; give each once")
        tiers[one.id] = tier_of(one.service_years, law, f"head_teachers[{index}].service_years")
    return tiers
