"""Lists that must be complete: stages, materials, evaluations, compulsory contents, weeks, events of a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, Literal

from yanxiu_rulekit import (
    Facts,
    FactsRefused,
    Law,
    clauses_broken,
    decision,
    must_be_one_of,
    must_count,
    rows_that_hold,
    share,
)

_PLAIN = str.maketrans({"（": "(", "）": ")", "《": None, "》": None})


class StagesQuestion(Facts, frozen=True, kw_only=True):
    """Does the project have its four stages, in their order? `dates`: the days of stages, where stated."""

    stages: tuple[str, ...]
    dates: Mapping[str, dt.date] = {}


class InspectionQuestion(Facts, frozen=True, kw_only=True):
    """Did the school provide the three kinds of material, and was it inspected at the end of the year?

    The year and the day of the inspection matter where both are stated.
    """

    materials: tuple[str, ...]
    year: int | None = None
    inspected_on: dt.date | None = None


class EvaluationQuestion(Facts, frozen=True, kw_only=True):
    """Were all four evaluations made, and what do they come to? `scores`: by evaluation, all on one scale."""

    parts: tuple[str, ...]
    scores: Mapping[str, Decimal] = {}


class ContentQuestion(Facts, frozen=True, kw_only=True):
    """Are the compulsory (★) contents covered? By the school, or by each teacher where the district asks that."""

    covered: tuple[str, ...] = ()
    by_teacher: Mapping[str, tuple[str, ...]] = {}


class WeeklyQuestion(Facts, frozen=True, kw_only=True):
    """Was the fixed session held in each teaching week, at the slot written into the plan?

    `moved_weeks` are those in which it was held at another time that the plan's log of changes names.
    """

    teaching_weeks: int
    weeks_with_fixed_session: int
    moved_weeks: int = 0
    slot_in_plan: bool = True


class EventsQuestion(Facts, frozen=True, kw_only=True):
    """Were the meetings of the year held? `events_level` says who held them; the text asks for regional ones."""

    year: int
    events: tuple[str, ...]
    events_level: Literal["regional", "school"] = "regional"


@decision("project_stages", asks_zh="研修项目四个环节是否齐全、依次进行", facts=StagesQuestion, clauses=("ANTU-5-5",))
def project_stages(question: StagesQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-5-5: design, implementation, feedback, summary; none may be missing (G-A03), and each follows the other."""
    for stage in question.dates:
        must_be_one_of(rows_that_hold(law.project_stages), f"dates.{stage}", stage)
    days = [question.dates[stage] for stage in rows_that_hold(law.project_stages) if stage in question.dates]
    missing = [stage for stage in rows_that_hold(law.project_stages) if stage not in question.stages]
    told = (
        ("ANTU-5-5", not missing, f"缺{'、'.join(missing)}", f"missing: {', '.join(missing)}"),
        ("ANTU-5-5", days == sorted(days), "各环节的日期颠倒", "the stages are out of order"),
    )
    failed = clauses_broken(told, law)
    return {"missing": missing, "complete": not failed, "failed": failed}


@decision("year_end_inspection", asks_zh="年底检查的材料是否齐全", facts=InspectionQuestion, clauses=("ANTU-7-4",))
def year_end_inspection(question: InspectionQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-7-4: process materials, the summary, and the teachers' growth bags; at the end of the year (G-A05)."""
    given = _plain(question.materials)
    missing = [one for one in rows_that_hold(law.inspection_materials) if one not in given]
    year, on = question.year, question.inspected_on
    in_time = None in (year, on) or (on is not None and on.year == year and on.month >= law.inspection_month)
    told = (
        ("ANTU-7-4", not missing, f"缺{'、'.join(missing)}", f"missing: {', '.join(missing)}"),
        ("ANTU-7-4", in_time, f"检查不在{year}年年底", f"not inspected at the end of {year}"),
    )
    return {"missing": missing, "failed": clauses_broken(told, law)}


@decision("evaluation", asks_zh="四种评价是否齐全、综合得多少", facts=EvaluationQuestion, clauses=("ANTU-7-2",))
def evaluation(question: EvaluationQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-7-2: by the teacher, by peers, by the school, by experts; the mean of those scored, by their weights."""
    for part, score in question.scores.items():
        must_be_one_of(rows_that_hold(law.evaluation_parts), f"scores.{part}", part)
        if score < 0:
            raise FactsRefused(field=f"scores.{part}", value=score, problem="below zero; give the score")
    found = _complete("ANTU-7-2", rows_that_hold(law.evaluation_parts), question.parts, law)
    weights = {part: law.evaluation_weights[part] for part in question.scores}
    total = sum(weights.values(), Decimal(0))
    weighed = sum((score * weights[part] for part, score in question.scores.items()), Decimal(0))
    if not total:
        return {**found, "score": None}
    score = law.step(
        "score",
        share(weighed, total, int(law.share_places)),
        clauses=("ANTU-7-2",),
        zh="已评{parts}项，按权重综合得{value}。",
        en="{parts} scored, by their weights: {value}.",
        parts=len(weights),
    )
    return {**found, "score": score}


@decision(
    "compulsory_content",
    asks_zh="必修内容是否全部覆盖，自选了哪些内容",
    facts=ContentQuestion,
    clauses=("ANTU-4-1", "ANTU-4-5"),
)
def compulsory_content(question: ContentQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-4-1: every starred content, others do not stand in for one; 4-5: beside them the school chooses freely.

    By the school, or by each of its teachers where that is what the district asks (G-A07).
    """
    starred = rows_that_hold(law.contents)
    whole = _plain(question.covered)
    each = {teacher: _plain(covered) for teacher, covered in question.by_teacher.items()}
    by_school = law.compulsory_scope == "school" or not each
    required = [whole.union(*each.values())] if by_school else list(each.values())
    missing = [content for content in starred if not all(content in covered for covered in required)]
    behind = [] if by_school else [one for one, covered in each.items() if not covered.issuperset(starred)]
    chosen = sorted(whole.union(*each.values()) - set(starred))
    told = (("ANTU-4-1", not missing, f"缺{'、'.join(missing)}", f"missing: {', '.join(missing)}"),)
    failed = clauses_broken(told, law)
    law.step(
        "chosen",
        len(chosen),
        unit="项",
        clauses=("ANTU-4-5",),
        zh="自选内容{value}项。",
        en="{value} contents of the school's own choice.",
    )
    return {
        "compulsory_total": len(starred),
        "missing": missing,
        "teachers_behind": behind,
        "chosen": chosen,
        "failed": failed,
    }


@decision("yearly_events", asks_zh="年度交流会和表彰会是否召开", facts=EventsQuestion, clauses=("ANTU-7-3",))
def yearly_events(question: EventsQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-7-3: one regional exchange meeting or seminar, and one meeting that awards results."""
    held = question.events if question.events_level == "regional" else ()
    stands_for = law.yearly_events
    kinds = {stands_for[event] for event in held if event in stands_for}
    return _complete("ANTU-7-3", dict.fromkeys(stands_for[event] for event in stands_for), kinds, law)


@decision("weekly_session", asks_zh="每周固定研修是否落实", facts=WeeklyQuestion, clauses=("ANTU-7-1",))
def weekly_session(question: WeeklyQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-7-1: a session in every teaching week, its slot written into the plan; a logged change counts (G-A06)."""
    weeks, held = question.teaching_weeks, question.weeks_with_fixed_session
    must_count("teaching_weeks", weeks)
    due = weeks * int(law.sessions_a_week)
    must_count("weeks_with_fixed_session", held, due)
    must_count("moved_weeks", question.moved_weeks, due - held)
    missing = due - held - question.moved_weeks
    told = (
        (
            "ANTU-7-1",
            not missing,
            f"{weeks}个教学周中{missing}周没有固定研修",
            f"{missing} of {weeks} weeks without it",
        ),
        ("ANTU-7-1", question.slot_in_plan, "时间没有写入方案", "the slot is not in the plan"),
    )
    return {"missing_weeks": missing, "failed": clauses_broken(told, law)}


def _plain(names: Collection[str]) -> set[str]:
    """Return names as the text writes them, whichever brackets they were typed with."""
    return {name.translate(_PLAIN) for name in names}


def _complete(clause: str, wanted: Collection[str], given: Collection[str], law: Law) -> Mapping[str, Any]:
    """Say which of the things wanted are not given."""
    missing = [one for one in wanted if one not in given]
    law.step(
        "missing",
        len(missing),
        unit="项",
        clauses=(clause,),
        zh="齐全。" if not missing else f"缺{{value}}项：{'、'.join(missing)}。",
        en="Complete." if not missing else f"{{value}} missing: {', '.join(missing)}.",
    )
    return {"missing": missing, "failed": [clause] if missing else []}
