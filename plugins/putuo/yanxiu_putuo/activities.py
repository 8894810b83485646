"""What a school's activities show (PUTUO-1-1, 2-1, 4-2a, 4-2c, 4-3): problems, competences, joint and online ones."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import (
    Facts,
    FactsRefused,
    Law,
    clauses_broken,
    clauses_to_watch,
    decision,
    must_be_one_of,
    must_count,
    rows_that_hold,
    share,
)

PROBLEM, COMPETENCES, COMMUNITY = "PUTUO-1-1", "PUTUO-2-1", "PUTUO-4-2a"
JOINT, ONLINE = "PUTUO-4-2c", "PUTUO-4-3"


class Activity(Facts, frozen=True, kw_only=True):
    """An activity: the problem it is about, the competences it serves, joint with other schools, online, its hours."""

    hours: Decimal
    problem: str = ""
    competences: tuple[str, ...] = ()
    joint: bool = False
    online: bool = False


class ActivitiesQuestion(Facts, frozen=True, kw_only=True):
    """What do a school's activities of a school year show?"""

    activities: tuple[Activity, ...]


class Community(Facts, frozen=True, kw_only=True):
    """A learning community: its kind (工作坊, 课题组, 项目组, or another, since the list is open) and its members."""

    kind: str
    members: int = 1


class CommunityQuestion(Facts, frozen=True, kw_only=True):
    """Has the school a learning community of head teachers?"""

    communities: tuple[Community, ...] = ()


@decision(
    "activity_report",
    asks_zh="一学年的研修活动是否问题导向、覆盖五项素养、有校际联动和线上研修",
    facts=ActivitiesQuestion,
    clauses=(PROBLEM, COMPETENCES, JOINT, ONLINE),
)
def activity_report(question: ActivitiesQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-1-1, 2-1, 4-2c, 4-3: aims without a number; what is missing is pointed out and fails nothing."""
    _check(question, law)
    activities = question.activities
    served = {competence for one in activities for competence in one.competences}
    missing = [one for one in rows_that_hold(law.competences) if one not in served]
    aimless = sum(1 for one in activities if not one.problem.strip())
    joint = sum(1 for one in activities if one.joint)
    hours = sum((one.hours for one in activities), Decimal(0))
    online = sum((one.hours for one in activities if one.online), Decimal(0))
    told = (
        (PROBLEM, not aimless, f"{aimless}次没有写明所针对的问题", f"{aimless} without the problem addressed"),
        (COMPETENCES, not missing, f"没有涉及：{'、'.join(missing)}", f"not served: {', '.join(missing)}"),
        (JOINT, joint >= law.joint_activities, "没有集团校、跨校联动", "none joint with other schools"),
    )
    law.step(
        "online_hours",
        online,
        unit="课时",
        clauses=(ONLINE,),
        zh="共{hours}课时，其中线上{value}课时。",
        en="{value} of {hours} class hours online.",
        hours=hours,
    )
    return {
        "without_problem": aimless,
        "missing": missing,
        "joint": joint,
        "online_share": share(online, hours, int(law.share_places)) if hours else None,
        "failed": [],
        "warnings": clauses_to_watch(told, law),
    }


@decision("communities", asks_zh="学校是否建有班主任学习共同体", facts=CommunityQuestion, clauses=(COMMUNITY,))
def communities(question: CommunityQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-4-2a: at least one workshop, topic group or project group with members."""
    for index, one in enumerate(question.communities):
        must_count(f"communities[{index}].members", one.members)
    there = [one.kind for one in question.communities if one.members]
    enough = len(there) >= law.communities
    told = ((COMMUNITY, enough, "没有工作坊、课题组、项目组等共同体", "no workshop, topic group or project group"),)
    kinds = {kind: there.count(kind) for kind in rows_that_hold(law.community_kinds)}
    kinds["其他"] = len(there) - sum(kinds.values())
    return {"communities": len(there), "kinds": kinds, "failed": clauses_broken(told, law)}


def _check(question: ActivitiesQuestion, law: Law) -> None:
    for index, one in enumerate(question.activities):
        if one.hours <= 0:
            problem = "class hours must be above zero"
            raise FactsRefused(field=f"activities[{index}].hours", value=one.hours, problem=problem)
        for number, competence in enumerate(one.competences):
            must_be_one_of(rows_that_hold(law.competences), f"activities[{index}].competences[{number}]", competence)
