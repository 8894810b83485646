"""Answer with what a service holds on one person: to an officer who says why, and to the person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.personal import GetPerson, PersonPart
from yanxiu_wire.refusal import Refused

from yanxiu_footing.national_id import holds_id
from yanxiu_footing.persons.held import Personal, Whose
from yanxiu_footing.persons.read_person import read_person
from yanxiu_footing.refusals import refuse
from yanxiu_footing.scope import roles

ASKERS = roles("district-officer", "institute-officer", "auditor", "teacher")
MOST_REASON = 500


def telling(personal: Personal) -> Callable[[Any, str, GetPerson, Deadline], Awaitable[PersonPart | Refused]]:
    """Return the use case of a service that holds this."""

    async def get_person(service: Any, district: str, query: GetPerson, deadline: Deadline) -> PersonPart | Refused:
        """Return a part. Refused: REASON_MISSING, TEACHER_UNKNOWN, CURSOR_MALFORMED."""
        if (refused := unfit(query.caller, query.teacher, query.reason)) is not None:
            return refused
        deadline.check()
        whose = Whose(district, query.teacher, query.subjects)
        async with service.databases.read(district) as conn:
            try:
                return await read_person(conn, whose, personal, query.after)
            except ValueError:
                return place_malformed(query.after)

    return get_person


def unfit(caller: Caller, teacher: str, reason: str) -> Refused | None:
    """Return why a caller is not told of a teacher: another's data, or an official who does not say what for."""
    if caller.role == "teacher":
        return None if caller.teacher == teacher else teacher_unknown(teacher)
    if not reason.strip() or len(reason) > MOST_REASON or holds_id(reason):
        return refuse(
            "REASON_MISSING",
            field="reason",
            zh=f"导出他人的数据须写明理由，不超过{MOST_REASON}字，不得含身份证号。",
            en=f"To export another's data say why, in at most {MOST_REASON} characters and without a national id.",
            remedy=("请写明用途，如本人申请及文号。", "Say what it is for, such as the person's request."),
        )
    return None


def teacher_unknown(teacher: str) -> Refused:
    """There is no such teacher for this caller."""
    return refuse(
        "TEACHER_UNKNOWN",
        field="teacher",
        value=teacher,
        zh="没有这位教师，或不在您的权限内。",
        en="There is no such teacher, or not for you.",
        remedy=("请核对教师编号。", "Check the teacher's id."),
    )


def place_malformed(after: str) -> Refused:
    """A place that no part ended at."""
    return refuse(
        "CURSOR_MALFORMED",
        field="after",
        value=after,
        zh="续读位置无效。",
        en="No part ends there.",
        remedy=("请用上一部分给出的位置。", "Use the place that the part before gave."),
    )
