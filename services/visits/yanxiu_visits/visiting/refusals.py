"""The refusals of visits, and why a note may have no effect; each with sentence and remedy in two languages."""

from __future__ import annotations

from datetime import date

from yanxiu_wire.refusal import Refused

from yanxiu_visits.refusals import refuse


def id_malformed(field: str, value: str) -> Refused:
    """An id that no client may make, or that names another author."""
    return refuse(
        "ID_MALFORMED",
        field=field,
        value=value,
        zh="编号由客户端生成：8到64个字母、数字或连字符，且属于记录者本人。",
        en="The id is made by the client: 8 to 64 letters, digits or hyphens, of the author's own.",
        remedy=("请在第一次提交前生成UUID，并一直沿用。", "Make a UUID before the first try, and keep to it."),
    )


def not_your_work(person: str | None) -> Refused:
    """A researcher records his own work; an officer names whose it is."""
    return refuse(
        "NOT_YOUR_WORK",
        field="researcher",
        value=person,
        zh="研训员只能记录本人的工作；代录须写明研训员编号。",
        en="A researcher records his own work; who types for him names him.",
        remedy=("请核对研训员编号。", "Check the researcher's id."),
    )


def visit_unknown(visit: str) -> Refused:
    """No such visit, or out of the caller's scope: both answer alike."""
    return refuse(
        "VISIT_UNKNOWN",
        field="visit",
        value=visit,
        zh="没有这次下校，或不在您的管理范围内。",
        en="There is no such visit, or not in your scope.",
        remedy=("请核对下校编号。", "Check the visit's id."),
    )


def residency_unknown(residency: str) -> Refused:
    """No such residency, another's, at another school, of another term or not begun: all answer alike."""
    return refuse(
        "RESIDENCY_UNKNOWN",
        field="residency",
        value=residency,
        zh="研训员在该校该学期没有这一蹲点安排，或计划的日子在它开始之前。",
        en="The researcher has no such residency at that school in that term, or it begins after the days planned.",
        remedy=(
            "请核对蹲点安排；不属于蹲点的下校请留空。",
            "Check the residency; leave it empty for a visit that belongs to none.",
        ),
    )


def days_malformed(field: str, value: object, en: str, zh: str) -> Refused:
    """Days that no visit can have."""
    return refuse(
        "DAYS_MALFORMED",
        field=field,
        value=value,
        zh=zh,
        en=en,
        remedy=("请更正日期与半天数。", "Correct the days and half days."),
    )


def outside_term(field: str, on: date, term: str, starts_on: date, ends_on: date) -> Refused:
    """A day that does not lie in the term that is named."""
    return refuse(
        "OUTSIDE_TERM",
        field=field,
        value=on,
        zh=f"{on.isoformat()}不在学期{term}（{starts_on.isoformat()}至{ends_on.isoformat()}）之内。",
        en=f"{on.isoformat()} does not lie in term {term}, {starts_on.isoformat()} to {ends_on.isoformat()}.",
        remedy=("请更正日期或学期。", "Correct the day or the term."),
    )


def another_school(school: str) -> Refused:
    """An arrival at a second school: one visit is to one school."""
    return refuse(
        "ANOTHER_SCHOOL",
        field="school",
        value=school,
        zh="这次下校已在另一所学校开始，此次到校不计入。",
        en="This visit began at another school; this arrival does not count in it.",
        remedy=("请为这所学校另记一次下校。", "Record another visit for this school."),
    )


def left_before_arrival() -> Refused:
    """A leaving whose own time lies before the day's first arrival."""
    return refuse(
        "LEFT_BEFORE_ARRIVAL",
        field="occurred_at",
        zh="离校时间早于当日到校时间，不计入。",
        en="The leaving lies before the day's arrival; it does not count.",
        remedy=("请按正确的时间重新记录离校。", "Record the leaving again with its true time."),
    )


def unprepared(missing: tuple[str, ...], clauses: tuple[str, ...]) -> Refused:
    """A visit that began without the preparation that the law asks for: recorded, and marked."""
    names = {"goal": "工作目标", "focus": "工作重点", "tasks": "具体任务"}
    listed = "、".join(names[part] for part in missing)
    return refuse(
        "UNPREPARED",
        field="visit",
        value=listed,
        clauses=clauses,
        zh=f"进校之前未明确{listed}。下校已记录，并注明此项。",
        en=f"The visit began without {', '.join(missing)} set down before. It is recorded, and marked so.",
        remedy=("请在下次进校之前填写。", "Set them down before the next visit."),
    )
