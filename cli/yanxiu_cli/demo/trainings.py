"""A made-up year of training under each law: projects, head teachers, and records of which some fall short."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

import msgspec
from yanxiu_wire.process import Evidence

from yanxiu_cli.demo.people import SEED, DemoDistrict, DemoSchool, roster_of, schools_of

# Approved, and nobody has been registered under it: the demonstration's reader registers the first.
NEXT_YEAR = "2026年中小学教师网络研修（虚构示例）"


class DemoProject(msgspec.Struct, frozen=True, kw_only=True):
    """A project to propose and approve; `facts` are in the words of the district's law."""

    key: str
    title: str
    organiser: str
    facts: Mapping[str, Any]
    approved_on: date
    starts_on: date
    ends_on: date


class DemoTraining(msgspec.Struct, frozen=True, kw_only=True):
    """A record to register: whose, under which project, completed on which day."""

    number: int
    staff_number: str
    project: str
    on: date
    facts: Mapping[str, Any]


class DemoSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session of Putuo's school year; `form` is one of those the law lists, hours are class hours."""

    key: str
    title: str
    form: str
    hours: str
    on: date
    slot: str = "fixed"


def projects_of(district: DemoDistrict) -> tuple[DemoProject, ...]:
    """The district's projects, each approved before it begins."""
    return _puer_projects(district) if district.pack == "puer" else _putuo_projects()


def notice_of(project: DemoProject) -> Evidence:
    """The made-up notice with which the department approved a project before it was entered."""
    title = f"关于批准“{project.title}”的通知"
    return Evidence(
        title=title,
        reference=f"示例教发〔{project.approved_on.year}〕{project.approved_on.month}号（虚构）",
        sha256=hashlib.sha256(title.encode()).hexdigest(),
    )


def head_teachers_of(district: DemoDistrict) -> tuple[str, ...]:
    """Staff numbers of the 班主任: every fourth teacher, where the law speaks of them alone."""
    if district.pack != "putuo":
        return ()
    return tuple(row["staff_number"] for row in roster_of(district)[::4])


def trainings_of(district: DemoDistrict) -> tuple[DemoTraining, ...]:
    """The year's records, the same from the same seed, in the order of their days."""
    chance = Random(f"{SEED}-{district.id}-trainings")  # noqa: S311  made-up data must be the same every time
    made = _puer_trainings(district, chance) if district.pack == "puer" else _putuo_trainings(district, chance)
    return tuple(sorted(made, key=lambda one: (one.on, one.number)))


# ---- Pu'er: calendar year 2025, 72 hours over three modes ----------------------------------------------------------


def _puer_projects(district: DemoDistrict) -> tuple[DemoProject, ...]:
    network = DemoProject(
        key="network",
        title="2025年中小学教师网络研修（虚构示例）",
        organiser="示例省教师发展中心",
        facts={"mode": "network", "level": "provincial", "project_credit": "1", "hours_planned": "24"},
        approved_on=date(2025, 1, 10),
        starts_on=date(2025, 3, 3),
        ends_on=date(2025, 6, 30),
    )
    next_year = DemoProject(
        key="network-2026",
        title=NEXT_YEAR,
        organiser="示例省教师发展中心",
        facts={"mode": "network", "level": "provincial", "project_credit": "1", "hours_planned": "10"},
        approved_on=date(2026, 1, 9),
        starts_on=date(2026, 3, 2),
        ends_on=date(2026, 6, 30),
    )
    central = DemoProject(
        key="central",
        title="2025年县级骨干教师集中研修（虚构示例）",
        organiser="示例县教师进修学校",
        facts={"mode": "central", "level": "county", "project_credit": "1", "days_planned": "4"},
        approved_on=date(2025, 4, 8),
        starts_on=date(2025, 7, 14),
        ends_on=date(2025, 7, 17),
    )
    own = (_own_project(school) for school in schools_of(district))
    return (network, next_year, central, *own)


def _own_project(school: DemoSchool) -> DemoProject:
    return DemoProject(
        key=school.code,
        title=f"{school.name}2025年校本研修（虚构示例）",
        organiser=school.name,
        facts={"mode": "school", "level": "school", "project_credit": "1", "hours_planned": "24"},
        approved_on=date(2025, 1, 17),
        starts_on=date(2025, 2, 24),
        ends_on=date(2025, 12, 19),
    )


def _puer_trainings(district: DemoDistrict, chance: Random) -> Iterator[DemoTraining]:
    """Network, central and school-based research for each; about one in eight misses one, some fail one."""
    number = 0
    for row in roster_of(district):
        parts = (
            ("network", date(2025, 6, 1) + timedelta(days=chance.randrange(30)), {"hours_completed": "24"}),
            ("central", date(2025, 7, 17), {"days_attended": "4"}),
            (row["school_code"], date(2025, 12, 1) + timedelta(days=chance.randrange(19)), {"hours_completed": "24"}),
        )
        missed = chance.randrange(24)  # 0, 1, 2 name the part that is missed
        for place, (project, on, amount) in enumerate(parts):
            number += 1
            score = chance.randrange(570, 990)  # tenths of a mark; below 600 is a fail
            if place == missed:
                continue
            facts = {**amount, "score": f"{score // 10}.{score % 10}"}
            yield DemoTraining(number=number, staff_number=row["staff_number"], project=project, on=on, facts=facts)


# ---- Putuo: school year 2024-2025, 40 class hours of the 班主任 -----------------------------------------------------

SESSIONS = (
    DemoSession(key="lecture-1", title="班级管理专题讲座", form="专题讲座", hours="8", on=date(2024, 10, 16)),
    DemoSession(key="practice-1", title="主题班会学习观摩", form="学习观摩", hours="10", on=date(2024, 12, 11)),
    DemoSession(key="lecture-2", title="家校沟通专题讲座", form="专题讲座", hours="8", on=date(2025, 3, 19)),
    DemoSession(key="practice-2", title="班主任工作案例分析", form="案例分析", hours="10", on=date(2025, 5, 21)),
    DemoSession(
        key="summer", title="暑期心理辅导情境体验", form="情境体验", hours="6", on=date(2025, 7, 9), slot="flexible"
    ),
)


def _putuo_projects() -> tuple[DemoProject, ...]:
    return tuple(
        DemoProject(
            key=session.key,
            title=f"{session.title}（虚构示例）",
            organiser="示例区教育学院",
            facts={"form": session.form, "slot": session.slot},
            approved_on=session.on - timedelta(days=14),
            starts_on=session.on,
            ends_on=session.on,
        )
        for session in SESSIONS
    )


def _putuo_trainings(district: DemoDistrict, chance: Random) -> Iterator[DemoTraining]:
    """All sessions for each 班主任; some leave one early, which brings them below the forty class hours."""
    number = 0
    for staff_number in head_teachers_of(district):
        left_early = chance.randrange(12)  # 0 to 4 name the session
        for place, session in enumerate(SESSIONS):
            number += 1
            facts = {"class_hours": session.hours}
            if place == left_early:
                facts["attended_hours"] = "3"
            yield DemoTraining(
                number=number, staff_number=staff_number, project=session.key, on=session.on, facts=facts
            )
