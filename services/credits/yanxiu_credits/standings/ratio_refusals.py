"""The refusals of announcing the schools' ratios."""

from __future__ import annotations

from datetime import date

from yanxiu_wire.refusal import Refused

from yanxiu_credits.refusals import refuse


def period_not_over(on: date, ends_on: date, clauses: tuple[str, ...]) -> Refused:
    """The period still lasts: nobody has failed it yet."""
    return refuse(
        "PERIOD_NOT_OVER",
        field="on",
        value=on,
        clauses=clauses,
        zh=f"该周期到{ends_on}才结束，尚无人未完成。",
        en=f"The period lasts until {ends_on}: nobody has failed it yet.",
        remedy=("请在周期结束并锁定（认定）后公布。", "Announce it when it is over and locked, as recognition does."),
    )


def school_unknown(school: str) -> Refused:
    """No school of that id."""
    return refuse(
        "SCHOOL_UNKNOWN",
        field="schools",
        value=school,
        zh="没有这所学校。",
        en="There is no such school.",
        remedy=("请核对学校编号。", "Check the school's id."),
    )


def exception_unknown(pack: str) -> Refused:
    """The law holds without exception."""
    return refuse(
        "EXCEPTION_UNKNOWN",
        field="exceptions",
        value=pack,
        zh="本区县的规定没有留出例外。",
        en="The district's law leaves no room for an exception.",
        remedy=("请不带例外公布。", "Announce without exceptions."),
    )


def exception_not_yours(role: str, clauses: tuple[str, ...]) -> Refused:
    """Only the bureau excepts a school."""
    return refuse(
        "EXCEPTION_NOT_YOURS",
        field="exceptions",
        value=role,
        clauses=clauses,
        zh="例外由教育局决定并说明理由。",
        en="An exception is the bureau's to decide, with its reason.",
        remedy=("请由教育局公布，或不带例外公布。", "Have the bureau announce it, or announce without exceptions."),
    )
