"""Made-up schools and teachers, the same from the same seed; every name says that it is an example."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any, Literal

import msgspec
from yanxiu_wire.registry import Stage

SEED = 20240101
# GB/T 2260 gives out no division that begins with 99, so that no such number can belong to anybody.
FICTIONAL_AREA = "990001"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"

STAGES: tuple[tuple[Stage, str], ...] = (
    ("kindergarten", "幼儿园"),
    ("primary", "小学"),
    ("primary", "小学"),
    ("junior", "初中"),
    ("junior", "初中"),
    ("senior", "高中"),
)
SUBJECTS = ("语文", "数学", "英语", "科学", "音乐", "体育", "美术", "信息科技", "道德与法治", "心理健康")
TITLES = ("三级教师", "二级教师", "一级教师", "高级教师")
OPENED_ON = date(1990, 9, 1)


class DemoTerm(msgspec.Struct, frozen=True, kw_only=True):
    """A term to enter."""

    school_year: str
    number: int
    starts_on: date
    ends_on: date


class DemoSchool(msgspec.Struct, frozen=True, kw_only=True):
    """A school to enter; its code tells it apart."""

    code: str
    name: str
    stage: Stage
    location: Literal["town", "rural"]


class DemoDistrict(msgspec.Struct, frozen=True, kw_only=True):
    """A district to open: under which pack, since when, how large, and the mark its numbers begin with."""

    id: str
    name_zh: str
    name_en: str
    pack: str
    since: date
    mark: str
    schools: int
    teachers_each: int


TERMS = (
    DemoTerm(school_year="2023-2024", number=2, starts_on=date(2024, 2, 19), ends_on=date(2024, 7, 5)),
    DemoTerm(school_year="2024-2025", number=1, starts_on=date(2024, 9, 1), ends_on=date(2025, 1, 17)),
    DemoTerm(school_year="2024-2025", number=2, starts_on=date(2025, 2, 17), ends_on=date(2025, 7, 4)),
    DemoTerm(school_year="2025-2026", number=1, starts_on=date(2025, 9, 1), ends_on=date(2026, 1, 23)),
)


def terms_through(day: date) -> tuple[DemoTerm, ...]:
    """Return the terms up to the one that holds the day, or that begins next."""
    terms = list(TERMS)
    while terms[-1].ends_on < day:
        before = terms[-1]
        year = int(before.school_year[:4])
        if before.number == 1:
            starts, ends = date(year + 1, 2, 22), date(year + 1, 7, 4)
            terms.append(DemoTerm(school_year=before.school_year, number=2, starts_on=starts, ends_on=ends))
        else:
            starts, ends = date(year + 1, 9, 1), date(year + 2, 1, 22)
            terms.append(DemoTerm(school_year=f"{year + 1}-{year + 2}", number=1, starts_on=starts, ends_on=ends))
    return tuple(terms)


DISTRICTS = (
    DemoDistrict(
        id="puer",
        name_zh="普洱（虚构示例）",
        name_en="Pu'er (synthetic example)",
        pack="puer",
        since=date(2024, 1, 1),
        mark="PE",
        schools=24,
        teachers_each=25,
    ),
    DemoDistrict(
        id="putuo",
        name_zh="普陀（虚构示例）",
        name_en="Putuo (synthetic example)",
        pack="putuo",
        since=date(2024, 9, 1),
        mark="PT",
        schools=16,
        teachers_each=25,
    ),
)


def schools_of(district: DemoDistrict) -> tuple[DemoSchool, ...]:
    """The district's schools, `PE-S01` and so on."""
    return tuple(
        DemoSchool(
            code=f"{district.mark}-S{number:02}",
            name=f"{district.name_zh[:2]}示例第{number:02}{STAGES[number % len(STAGES)][1]}",
            stage=STAGES[number % len(STAGES)][0],
            location="rural" if number % 3 == 0 else "town",
        )
        for number in range(1, district.schools + 1)
    )


def roster_of(district: DemoDistrict) -> tuple[dict[str, str], ...]:
    """The district's teachers as rows of a roster: staff numbers `PE0001` and so on, school after school."""
    chance = Random(f"{SEED}-{district.id}")  # noqa: S311  made-up data must be the same every time
    rows = []
    for school in schools_of(district):
        for _ in range(district.teachers_each):
            number = len(rows) + 1
            rows.append(_teacher(district, school, number, chance))
    return tuple(rows)


def _teacher(district: DemoDistrict, school: DemoSchool, number: int, chance: Random) -> dict[str, str]:
    born = date(1966, 1, 1) + timedelta(days=chance.randrange(34 * 365))
    hired = max(OPENED_ON, min(date(born.year + 22 + chance.randrange(4), 9, 1), date(2023, 9, 1)))
    sequence = chance.randrange(1000)
    cells: dict[str, Any] = {
        "staff_number": f"{district.mark}{number:04}",
        "name": f"示例教师{number:04}",
        "national_id": national_id(born, sequence),
        "school_code": school.code,
        "gender": "男" if sequence % 2 else "女",
        "subject": chance.choice(SUBJECTS),
        "stage": school.stage,
        "title": TITLES[min(3, (2023 - hired.year) // 8)],
        "hired_on": hired.isoformat(),
        "employed_since": hired.isoformat(),
    }
    return cells


def national_id(born: date, sequence: int) -> str:
    """A number with a right check character in an area that is given to nobody."""
    digits = f"{FICTIONAL_AREA}{born:%Y%m%d}{sequence:03}"
    return digits + _CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11]
