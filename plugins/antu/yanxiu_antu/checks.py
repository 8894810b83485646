"""Lists that must be complete: stages, materials, evaluations, compulsory contents, weeks, events of a year."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

from yanxiu_rulekit import Facts, FactsRefused, Law, decision


class StagesQuestion(Facts, frozen=True, kw_only=True):
    """Does the project have its four stages?"""

    stages: tuple[str, ...]


class InspectionQuestion(Facts, frozen=True, kw_only=True):
    """Did the school provide the three kinds of material?"""

    materials: tuple[str, ...]


class EvaluationQuestion(Facts, frozen=True, kw_only=True):
    """Were all four evaluations made?"""

    parts: tuple[str, ...]


class ContentQuestion(Facts, frozen=True, kw_only=True):
    """Are the compulsory (★) contents covered?"""

    covered: tuple[str, ...]


class WeeklyQuestion(Facts, frozen=True, kw_only=True):
    """Was the fixed session held in each teaching week, at the slot written into the plan?"""

    teaching_weeks: int
    weeks_with_fixed_session: int
    slot_in_plan: bool = True


class EventsQuestion(Facts, frozen=True, kw_only=True):
    """Were the meetings of the year held? `events_level` says who held them; the text asks for regional ones."""

    year: int
    events: tuple[str, ...]
    events_level: Literal["regional", "school"] = "regional"


@decision("project_stages", asks_zh="研修项目四个环节是否齐全", facts=StagesQuestion, clauses=("ANTU-5-5",))
def project_stages(question: StagesQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-5-5: design, implementation, feedback, summary; none may be missing (G-A03)."""
    return _complete("ANTU-5-5", law.project_stages, question.stages, law)


@decision("year_end_inspection", asks_zh="年底检查的材料是否齐全", facts=InspectionQuestion, clauses=("ANTU-7-4",))
def year_end_inspection(question: InspectionQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-7-4: process materials, the summary, and the teachers' growth bags."""
    return _complete("ANTU-7-4", law.inspection_materials, question.materials, law)


@decision("evaluation", asks_zh="四种评价是否齐全", facts=EvaluationQuestion, clauses=("ANTU-7-2",))
def evaluation(question: EvaluationQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-7-2: by the teacher, by peers, by the school, by experts."""
    return _complete("ANTU-7-2", law.evaluation_parts, question.parts, law)


@decision("compulsory_content", asks_zh="必修内容是否全部覆盖", facts=ContentQuestion, clauses=("ANTU-4-1",))
def compulsory_content(question: ContentQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-4-1: every starred content; others do not stand in for one."""
    found = _complete("ANTU-4-1", law.compulsory_contents, question.covered, law)
    return {"compulsory_total": len(law.compulsory_contents), **found}


@decision("yearly_events", asks_zh="年度交流会和表彰会是否召开", facts=EventsQuestion, clauses=("ANTU-7-3",))
def yearly_events(question: EventsQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-7-3: one regional exchange meeting or seminar, and one meeting that awards results."""
    held = question.events if question.events_level == "regional" else ()
    stands_for = law.yearly_events
    kinds = {stands_for[event] for event in held if event in stands_for}
    return _complete("ANTU-7-3", dict.fromkeys(stands_for[event] for event in stands_for), kinds, law)


@decision("weekly_session", asks_zh="每周固定研修是否落实", facts=WeeklyQuestion, clauses=("ANTU-7-1",))
def weekly_session(question: WeeklyQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-7-1: a session in every teaching week, its slot written into the plan (G-A06)."""
    weeks, held = question.teaching_weeks, question.weeks_with_fixed_session
    if weeks < 0 or not 0 <= held <= weeks:
        raise FactsRefused(field="weeks_with_fixed_session", value=held, problem="count weeks: from 0 to all of them")
    due = weeks * int(law.sessions_a_week)
    missing = due - held
    ok = not missing and question.slot_in_plan
    law.step(
        "missing_weeks",
        missing,
        unit="周",
        clauses=("ANTU-7-1",),
        zh=f"{weeks}个教学周，{held}周开展固定研修，缺{{value}}周"
        + ("。" if question.slot_in_plan else "；时间未写入方案。"),
        en=f"{held} of {weeks} teaching weeks with the fixed session, {{value}} missing"
        + ("." if question.slot_in_plan else "; the slot is not in the plan."),
    )
    return {"missing_weeks": missing, "failed": [] if ok else ["ANTU-7-1"]}


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
