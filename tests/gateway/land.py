"""The rows of a synthetic district."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from yanxiu_wire import credits as wire_credits
from yanxiu_wire import explanation, registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import term as wire_term

DAY = date(2024, 9, 1)
MOMENT = datetime(2024, 9, 1, 8, tzinfo=UTC)
SCHOOLS, TEACHERS, RECORDS = 6, 5, 3


def school(district: str, number: int) -> registry.School:
    return registry.School(
        id=f"{district}-school-{number}",
        code=f"S{number:03}",
        name=f"虚构第{number}小学",
        stage="nine-year",
        location="rural",
        opened_on=date(1990, 9, 1),
    )


def teacher(district: str, number: int, home: str) -> wire_teacher.Teacher:
    return wire_teacher.Teacher(
        id=f"{home}-teacher-{number}",
        staff_number=f"{home}-{number:03}",
        name=f"虚构教师{number}",
        national_id="530***********0011",
        school=home,
        subject="语文",
        employments=(wire_teacher.Employment(school=home, since=DAY),),
        head_teacher_periods=((DAY, None),),
    )


STEP = explanation.Step(
    name="basic",
    value="36",
    unit="学分",
    zh="30 学时 × 1.2 = 36 学分。",
    en="30 hours x 1.2 = 36 credits.",
    clauses=("PUER-11-1",),
    readings=(
        explanation.Reading(
            parameter="cap", label="每年上限", value="48", unit="学时", since=DAY, clause="PUER-F3-3-2"
        ),
    ),
)
EXPLANATION = explanation.Explanation(
    pack="yanxiu-puer",
    version="1.0",
    on=DAY,
    source="虚构管理办法",
    steps=(STEP,),
    clauses=(explanation.Clause(id="PUER-11-1", heading="第十一条", quotation="（原文）", note="（读法）"),),
)


def record(owner: wire_teacher.Teacher, number: int, **changed: Any) -> wire_credits.Record:
    values: dict[str, Any] = {
        "id": f"{owner.id}-record-{number}",
        "teacher": owner.id,
        "school": owner.school,
        "project": f"{owner.id.split('-')[0]}-project-1",
        "on": DAY,
        "status": "COUNTED",
        "hours": Decimal("30"),
        "credits": Decimal("36.5"),
        "hours_unit": "学时",
        "credits_unit": "学分",
        "facts": {"hours_planned": "30", "self_chosen": True},
        "attributes": {"mode": "central"},
        "entry": number,
        "recorded_at": MOMENT,
    }
    return wire_credits.Record(**(values | changed))


class Land:
    """The rows of one district."""

    def __init__(self, district: str) -> None:
        self.district = registry.District(
            id=district,
            name_zh="虚构区",
            name_en="Madeup",
            synthetic=True,
            bindings=(registry.PackBinding(pack=district, since=DAY, settings={"cap": "48"}),),
        )
        self.schools = {one.id: one for one in (school(district, n) for n in range(SCHOOLS))}
        self.teachers = {
            one.id: one for home in self.schools for one in (teacher(district, n, home) for n in range(TEACHERS))
        }
        self.terms = (
            wire_term.Term(
                id="2024-2025-1", school_year="2024-2025", number=1, starts_on=DAY, ends_on=date(2025, 1, 17)
            ),
        )
        self._earn(district)

    def _earn(self, district: str) -> None:
        self.records = {
            one.id: one for owner in self.teachers.values() for one in (record(owner, n) for n in range(RECORDS))
        }
        self.projects = {
            f"{district}-project-1": wire_credits.Project(
                id=f"{district}-project-1",
                title="虚构项目",
                organiser="虚构中心",
                facts={"mode": "central", "project_credit": "1.2"},
                state="approved",
            )
        }
        self.entries = [
            wire_credits.LedgerEntry(
                seq=number,
                id=f"{one.id}-entry",
                teacher=one.teacher,
                record=one.id,
                kind="registration",
                on=one.on,
                hours=one.hours,
                credits=one.credits,
                recorded_at=MOMENT,
                previous="00",
                hash="ff",
            )
            for number, one in enumerate(self.records.values(), 1)
        ]
