"""The refusals of announcing the schools' ratios."""

from __future__ import annotations

from datetime import date

from yanxiu_wire.refusal import Refused

from yanxiu_credits.refusals import refuse


def period_not_over(on: date, ends_on: date) -> Refused:
    """The period still lasts: nobody has failed it yet."""
    return refuse(
        "PERIOD_NOT_OVER",
        field="on",
        value=on,
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
