"""What a school sets up: its group, its plan and duties, everybody's part, groups and teams, the yearly contest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from yanxiu_rulekit import (
    Facts,
    Law,
    clauses_broken,
    clauses_to_watch,
    decision,
    must_be_one_of,
    must_count,
    rows_that_hold,
)

STRANDS, EVERYBODY, PRINCIPLES, APPRAISED = "ANTU-1-1", "ANTU-5-1", "ANTU-5-9", "ANTU-6-2a"
GROUP, DUTIES, GROUPS, TEAMS, CONTESTS = "ANTU-6-3a", "ANTU-6-3c", "ANTU-8-2", "ANTU-8-3", "ANTU-8-4"


class PlanQuestion(Facts, frozen=True, kw_only=True):
    """Does a year's plan hold the three strands, and were the nine principles looked at?"""

    strands: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()


class AppraisalQuestion(Facts, frozen=True, kw_only=True):
    """Was the plan appraised before it was carried out? None: it was not, or is not carried out yet."""

    appraised_on: dt.date | None = None
    in_force_on: dt.date | None = None


class GroupQuestion(Facts, frozen=True, kw_only=True):
    """Who leads, by post, and who sees to it from day to day?"""

    head: str
    daily_manager: str = ""


class DutiesQuestion(Facts, frozen=True, kw_only=True):
    """Which of the six duties did the school see to?"""

    done: tuple[str, ...] = ()


class RosterQuestion(Facts, frozen=True, kw_only=True):
    """Did every teacher take part? The roster, and those who took part in an activity of the year, by id."""

    roster: tuple[str, ...]
    participants: tuple[str, ...] = ()


class ResearchGroup(Facts, frozen=True, kw_only=True):
    """A research group and its activities of a year; a count that is not stated is in order."""

    name: str
    preparations: int | None = None
    themes: int | None = None
    lessons: int | None = None


class GroupsQuestion(Facts, frozen=True, kw_only=True):
    """Has the school research groups, and do they prepare, research and observe lessons?"""

    groups: tuple[ResearchGroup, ...] = ()


class TeamsQuestion(Facts, frozen=True, kw_only=True):
    """Has the school reading and research teams? Kinds: 读书团队, 研究团队."""

    teams: tuple[str, ...] = ()


class ContestQuestion(Facts, frozen=True, kw_only=True):
    """Was there a contest in the school in that calendar year? Days of contests."""

    year: int
    contests: tuple[dt.date, ...] = ()


@decision(
    "annual_plan", asks_zh="年度方案是否统筹三项、体现九项原则", facts=PlanQuestion, clauses=(STRANDS, PRINCIPLES)
)
def annual_plan(question: PlanQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-1-1, 5-9: aims of the guidance; a strand or principle left out is pointed out."""
    strands = [one for one in rows_that_hold(law.strands) if one not in question.strands]
    principles = [one for one in rows_that_hold(law.principles) if one not in question.principles]
    told = (
        (STRANDS, not strands, f"没有安排：{'、'.join(strands)}", f"left out: {', '.join(strands)}"),
        (PRINCIPLES, not principles, f"没有自查：{'、'.join(principles)}", f"not looked at: {', '.join(principles)}"),
    )
    return {"missing": strands, "principles_missing": principles, "failed": [],
            "warnings": clauses_to_watch(told, law)}  # fmt: skip


@decision("plan_appraisal", asks_zh="学校方案是否先论证后实施", facts=AppraisalQuestion, clauses=(APPRAISED,))
def plan_appraisal(question: AppraisalQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-6-2a: no plan is carried out before the teacher college has appraised it; the same day will do."""
    begun, appraised = question.in_force_on, question.appraised_on
    kept = begun is None or (appraised is not None and appraised <= begun)
    told = ((APPRAISED, kept, "没有论证就实施", "carried out without having been appraised"),)
    return {"ok": kept, "failed": clauses_broken(told, law)}


@decision("school_group", asks_zh="学校领导小组的组成是否合规", facts=GroupQuestion, clauses=(GROUP,))
def school_group(question: GroupQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-6-3a: the principal heads it, and somebody is in charge from day to day."""
    told = (
        (
            GROUP,
            law.group_heads.get(question.head, False),
            f"组长应为校长，现为{question.head}",
            "not headed by the principal",
        ),
        (GROUP, bool(question.daily_manager.strip()), "没有专人负责日常管理", "nobody is in charge from day to day"),
    )
    failed = clauses_broken(told, law)
    return {"ok": not failed, "failed": failed}


@decision("school_duties", asks_zh="学校六项职责是否落实", facts=DutiesQuestion, clauses=(DUTIES,))
def school_duties(question: DutiesQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-6-3c: the archive among the six duties of a school; no time is set, so that a gap is pointed out."""
    for index, duty in enumerate(question.done):
        must_be_one_of(rows_that_hold(law.school_duties), f"done[{index}]", duty)
    missing = [duty for duty in rows_that_hold(law.school_duties) if duty not in question.done]
    told = ((DUTIES, not missing, f"尚未落实：{'、'.join(missing)}", f"not seen to: {', '.join(missing)}"),)
    return {"missing": missing, "failed": [], "warnings": clauses_to_watch(told, law)}


@decision("participation", asks_zh="是否全员参加研修", facts=RosterQuestion, clauses=(EVERYBODY,))
def participation(question: RosterQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-5-1: every teacher of the roster takes part in at least one activity of the year."""
    missing = [one for one in question.roster if one not in question.participants]
    told = ((EVERYBODY, not missing, f"没有参加：{'、'.join(missing)}", f"took no part: {', '.join(missing)}"),)
    return {"missing": missing, "failed": clauses_broken(told, law)}


@decision(
    "research_groups", asks_zh="教研组是否开展集体备课、主题教研和听评课", facts=GroupsQuestion, clauses=(GROUPS,)
)
def research_groups(question: GroupsQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-8-2: the research group is the basic unit; how often is not said, so that a gap is pointed out."""
    idle: list[str] = []
    for index, one in enumerate(question.groups):
        for part in ("preparations", "themes", "lessons"):
            count = getattr(one, part)
            must_count(f"groups[{index}].{part}", count)
            if count is not None and count < law.group_activities:
                idle.append(f"{one.name}：{law.group_parts[part]}")
    told = (
        (GROUPS, bool(question.groups), "没有教研组", "no research group"),
        (GROUPS, not idle, f"没有开展：{'、'.join(idle)}", f"nothing done: {', '.join(idle)}"),
    )
    return {"idle": idle, "failed": [], "warnings": clauses_to_watch(told, law)}


@decision("research_teams", asks_zh="是否组成读书团队和研究团队", facts=TeamsQuestion, clauses=(TEAMS,))
def research_teams(question: TeamsQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-8-3: a team of each kind; no number is set, so that one left out is pointed out."""
    for index, team in enumerate(question.teams):
        must_be_one_of(rows_that_hold(law.team_kinds), f"teams[{index}]", team)
    missing = [kind for kind in rows_that_hold(law.team_kinds) if kind not in question.teams]
    told = ((TEAMS, not missing, f"没有{'、'.join(missing)}", f"none: {', '.join(missing)}"),)
    return {"missing": missing, "failed": [], "warnings": clauses_to_watch(told, law)}


@decision("school_contests", asks_zh="学校当年是否开展教学竞赛", facts=ContestQuestion, clauses=(CONTESTS,))
def school_contests(question: ContestQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-8-4: a contest in each calendar year."""
    held = sum(1 for day in question.contests if day.year == question.year)
    enough = held >= law.contests_a_year
    told = ((CONTESTS, enough, f"{question.year}年没有开展教学竞赛", f"no contest in {question.year}"),)
    return {"held": held, "failed": clauses_broken(told, law)}
