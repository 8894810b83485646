"""Who leads, helps and advises (OUHAI-6-5, 7-2, 7-3): leaders, appointments, studios, famous teachers, experts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, decision, rows_that_hold

from yanxiu_ouhai.organisation import held, warned
from yanxiu_ouhai.spellings import must_be_one_of

SHOULD, MUST = "OUHAI-6-5a", "OUHAI-7-3b"
APPOINTED, STATIONED, AREAS = "OUHAI-6-5b", "OUHAI-6-5c", "OUHAI-7-2c"
HELPING, EXPERTS = "OUHAI-7-2d", "OUHAI-7-3a"
LEVELS = ("片区", "集团校")
# OUHAI-6-5c speaks of studios of the district (区级各级各类); one of these levels is not, one of any other name is.
OTHER_LEVELS = frozenset({"国家级", "省级", "市级", "学区级", "片区级", "校级"})


class Leader(Facts, frozen=True, kw_only=True):
    """The leader of a group: a backbone, with the file that shows it, or with the reason for another choice.

    What is not stated is in order.
    """

    group: str
    backbone: bool | None = None
    qualified: bool = True
    override: str = ""


class LeadersQuestion(Facts, frozen=True, kw_only=True):
    """Are the leaders of a school's groups backbones?"""

    leaders: tuple[Leader, ...]


class Appointment(Facts, frozen=True, kw_only=True):
    """The leader of an area's or a school group's research group (片区, 集团校), and the area that appointed him."""

    leader: str
    level: str
    appointed_by: str | None = None


class AppointmentsQuestion(Facts, frozen=True, kw_only=True):
    """Were they all appointed by an area?"""

    leaders: tuple[Appointment, ...]


class Stationing(Facts, frozen=True, kw_only=True):
    """A studio of the district, and the schools at which it is stationed now."""

    studio: str
    schools: tuple[str, ...] = ()


class StudiosQuestion(Facts, frozen=True, kw_only=True):
    """Is every studio stationed at a weak school? `weak_schools` is the district's list."""

    studios: tuple[Stationing, ...]
    weak_schools: tuple[str, ...]


class SchoolArea(Facts, frozen=True, kw_only=True):
    """A school and the areas that it belongs to."""

    school: str
    areas: tuple[str, ...] = ()


class AreasQuestion(Facts, frozen=True, kw_only=True):
    """Does every school belong to one area?"""

    schools: tuple[SchoolArea, ...]


class Famous(Facts, frozen=True, kw_only=True):
    """A famous teacher: whom he helps (a weak school or teacher), and the help activities of the school year."""

    teacher: str
    target: str | None = None
    activities: int = 0


class FamousQuestion(Facts, frozen=True, kw_only=True):
    """Does every famous teacher help somebody?"""

    teachers: tuple[Famous, ...]


class Expert(Facts, frozen=True, kw_only=True):
    """An expert: of which kind, in which group."""

    kind: str
    group: str


class ExpertsQuestion(Facts, frozen=True, kw_only=True):
    """Are both groups formed, of all kinds of experts?"""

    experts: tuple[Expert, ...]


@decision("group_leaders", asks_zh="教研组长是否为骨干教师", facts=LeadersQuestion, clauses=(MUST, SHOULD))
def group_leaders(question: LeadersQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-7-3b: a backbone with his file, or a reason (G-O15); 6-5a: who is none is pointed out all the same."""
    others = [one.group for one in question.leaders if one.backbone is False]
    unqualified = [one.group for one in question.leaders if not one.qualified]
    open_ones = [
        one.group
        for one in question.leaders
        if (one.backbone is False or not one.qualified) and not one.override.strip()
    ]
    said = (MUST, not open_ones, f"未严格把关：{'、'.join(open_ones)}", f"not vetted: {', '.join(open_ones)}")
    soft = (SHOULD, not others, f"组长不是骨干：{'、'.join(others)}", f"no backbone leads {', '.join(others)}")
    return {
        "not_backbone": others,
        "unqualified": unqualified,
        "failed": held((said,), law),
        "warnings": warned((soft,), law),
    }


@decision(
    "area_appointments", asks_zh="片区与集团校教研组长是否由片区任命", facts=AppointmentsQuestion, clauses=(APPOINTED,)
)
def area_appointments(question: AppointmentsQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-5b: leaders at area or school-group level are appointed by an area."""
    for index, one in enumerate(question.leaders):
        must_be_one_of(LEVELS, f"leaders[{index}].level", one.level)
    without = [one.leader for one in question.leaders if not (one.appointed_by or "").strip()]
    said = (APPOINTED, not without, f"没有任命：{'、'.join(without)}", f"not appointed: {', '.join(without)}")
    return {"not_appointed": without, "failed": held((said,), law)}


@decision("studios", asks_zh="名师工作室是否定点入驻薄弱学校", facts=StudiosQuestion, clauses=(STATIONED,))
def studios(question: StudiosQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-5c: each studio is stationed at one weak school at least; the district supplies the list."""
    idle = [one.studio for one in question.studios if not set(one.schools) & set(question.weak_schools)]
    said = (STATIONED, not idle, f"没有入驻薄弱学校：{'、'.join(idle)}", f"at no weak school: {', '.join(idle)}")
    return {"not_stationed": idle, "failed": held((said,), law)}


@decision("school_areas", asks_zh="每所学校是否属于一个片区", facts=AreasQuestion, clauses=(AREAS,))
def school_areas(question: AreasQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-7-2c: one area for each school, neither none nor several."""
    without = [one.school for one in question.schools if not set(one.areas)]
    several = [one.school for one in question.schools if len(set(one.areas)) > 1]
    failed = held(
        (
            (AREAS, not without, f"不属于任何片区：{'、'.join(without)}", f"in no area: {', '.join(without)}"),
            (AREAS, not several, f"属于几个片区：{'、'.join(several)}", f"in several areas: {', '.join(several)}"),
        ),
        law,
    )
    return {"without_area": without, "in_several": several, "failed": failed}


@decision("famous_teachers", asks_zh="名优教师是否有帮扶对象和活动", facts=FamousQuestion, clauses=(HELPING,))
def famous_teachers(question: FamousQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-7-2d: each has somebody to help, and helped in the school year."""
    for index, one in enumerate(question.teachers):
        if one.activities < 0:
            problem = "count: no less than none"
            raise FactsRefused(field=f"teachers[{index}].activities", value=one.activities, problem=problem)
    without = [one.teacher for one in question.teachers if not (one.target or "").strip()]
    idle = [one.teacher for one in question.teachers if one.activities < law.famous_activities]
    failed = held(
        (
            (HELPING, not without, f"没有帮扶对象：{'、'.join(without)}", f"nobody to help: {', '.join(without)}"),
            (HELPING, not idle, f"没有帮扶活动：{'、'.join(idle)}", f"no help given: {', '.join(idle)}"),
        ),
        law,
    )
    return {"without_target": without, "without_activity": idle, "failed": failed}


@decision("expert_groups", asks_zh="顾问团、督导团是否由三类专家组成", facts=ExpertsQuestion, clauses=(EXPERTS,))
def expert_groups(question: ExpertsQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-7-3a: both groups exist, and the three kinds of experts are among them (G-O12)."""
    for index, one in enumerate(question.experts):
        must_be_one_of(rows_that_hold(law.expert_kinds), f"experts[{index}].kind", one.kind)
        must_be_one_of(rows_that_hold(law.expert_groups), f"experts[{index}].group", one.group)
    groups = [name for name in rows_that_hold(law.expert_groups) if name not in {one.group for one in question.experts}]
    kinds = [name for name in rows_that_hold(law.expert_kinds) if name not in {one.kind for one in question.experts}]
    failed = held(
        (
            (EXPERTS, not groups, f"没有组成：{'、'.join(groups)}", f"not formed: {', '.join(groups)}"),
            (EXPERTS, not kinds, f"没有：{'、'.join(kinds)}", f"no {', '.join(kinds)}"),
        ),
        law,
    )
    return {"groups_missing": groups, "kinds_missing": kinds, "failed": failed}
