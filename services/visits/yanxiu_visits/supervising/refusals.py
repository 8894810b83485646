"""The refusals of supervision."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from yanxiu_footing.refusals import refuse, shown
from yanxiu_wire.refusal import Refused

STATES_ZH = {
    "scheduled": "已安排",
    "reported": "已报告",
    "cancelled": "已取消",
    "committed": "已承诺",
    "revealed": "已揭晓",
}


def no_such_rule(pack: str, *, field: str, zh: str, en: str) -> Refused:
    """The district's law says nothing of that."""
    return refuse(
        "NO_SUCH_RULE",
        field=field,
        value=pack,
        zh=f"本区县适用的规定（{shown(pack)}）没有{zh}的规定。",
        en=f"The district's law ({shown(pack)}) has no rule of {en}.",
        remedy=("请核对日期或本区县适用的规则包。", "Check the date, or the rule pack that the district is bound to."),
    )


def against_the_law(field: str, value: Any, clauses: tuple[str, ...], why: Iterable[tuple[str, str]]) -> Refused:
    """What is asked for breaches clauses; the law's own sentences say how."""
    said = list(why)
    return refuse(
        "AGAINST_THE_LAW",
        field=field,
        value=value,
        clauses=clauses,
        zh="；".join(zh for zh, _ in said) or "不合规定。",
        en=" ".join(en for _, en in said) or "It does not keep to the law.",
        remedy=("请按所列条款更正。", "Correct it as the clauses named say."),
    )


def unknown(noun: str, noun_zh: str, field: str, value: str | None) -> Refused:
    """No such team, draw or inspection, or out of the caller's scope: all answer alike."""
    return refuse(
        f"{noun.upper()}_UNKNOWN",
        field=field,
        value=value,
        zh=f"没有这个{noun_zh}，或不在您的管理范围内。",
        en=f"There is no such {noun}, or not in your scope.",
        remedy=("请核对编号。", "Check the id."),
    )


def not_so(noun: str, noun_zh: str, field: str, state: str, wanted: str) -> Refused:
    """It stands otherwise than the command needs."""
    return refuse(
        f"{noun.upper()}_NOT_SO",
        field=field,
        value=state,
        zh=f"该{noun_zh}{STATES_ZH.get(state, state)}，此操作只适用于{STATES_ZH.get(wanted, wanted)}的。",
        en=f"The {noun} is {state}; this needs one that is {wanted}.",
        remedy=("请刷新后再操作。", "Look at it again first."),
    )


def not_in_team(person: str, clauses: tuple[str, ...], field: str = "supervisors") -> Refused:
    """Somebody who is no member of the team, or no supervisor of the inspection."""
    return refuse(
        "NOT_IN_TEAM",
        field=field,
        value=person,
        clauses=clauses,
        zh="此人不是该督导团队（或该次督导）的成员。",
        en="This person is no member of the team, or does not hold this inspection.",
        remedy=("请指定团队成员，或先更新团队。", "Name a member of the team, or appoint a team with him first."),
    )


def year_unknown(school_year: str) -> Refused:
    """The calendar has no term of that school year."""
    return refuse(
        "SCHOOL_YEAR_UNKNOWN",
        field="school_year",
        value=school_year,
        zh="校历中没有这个学年的学期。",
        en="The district's calendar has no term of this school year.",
        remedy=("请先登记学期，学年写作2024-2025。", "Enter its terms first; a school year is written 2024-2025."),
    )


def day_outside(field: str, value: Any, school_year: str, clauses: tuple[str, ...]) -> Refused:
    """A day that does not lie in the school year, as the law counts it or the calendar of terms."""
    return refuse(
        "DAY_OUTSIDE_YEAR",
        field=field,
        value=value,
        clauses=clauses,
        zh=f"该日不在{school_year}学年之内。",
        en=f"The day lies outside the school year {school_year}.",
        remedy=("请更正日期或学年。", "Correct the day or the school year."),
    )


def form_incomplete(missing: Collection[str], clauses: tuple[str, ...]) -> Refused:
    """Lines of the form without a remark."""
    return refuse(
        "FORM_INCOMPLETE",
        field="lines",
        value="、".join(missing),
        clauses=clauses,
        zh=f"督导表尚有{len(missing)}行未填：{'、'.join(missing)}。",
        en=f"{len(missing)} lines of the form are not filled in: {', '.join(missing)}.",
        remedy=("请逐行填写后提交。", "Fill in every line, then submit it."),
    )


def own_school(person: str, field: str = "supervisors") -> Refused:
    """Who works at a school, or is placed there, neither inspects it nor re-checks what was found there."""
    return refuse(
        "OWN_SCHOOL",
        field=field,
        value=person,
        zh="此人当日在该校任职或驻点，不得督导、复查本校。",
        en="This person works or is placed at the school on that day, and does not inspect or re-check it.",
        remedy=("请由与该校无关的人员办理。", "Have it done by somebody who is not of the school."),
    )


def line_twice(name: str, clauses: tuple[str, ...]) -> Refused:
    """A line of the form is filled in twice: which remark holds could not be told."""
    return refuse(
        "LINE_TWICE",
        field="lines",
        value=name,
        clauses=clauses,
        zh="督导表的同一行填写了两次。",
        en="A line of the form is filled in twice.",
        remedy=("请每行只填一次。", "Fill in each line once."),
    )


def left_out(schools: Collection[str], on: date, clauses: tuple[str, ...]) -> Refused:
    """Schools open today that the roster of an earlier day would leave out, without a reason."""
    return refuse(
        "SCHOOL_LEFT_OUT",
        field="roster_on",
        value=on,
        clauses=clauses,
        zh=f"以{on}为准的名单漏掉现在在办的学校：{'、'.join(schools)}。",
        en=f"The roster of {on} leaves out schools that are open now: {', '.join(schools)}.",
        remedy=("请以今天为准，或逐校写明不列入的理由。", "Take today's roster, or exempt each with its reason."),
    )


def not_drawn(school: str, clauses: tuple[str, ...]) -> Refused:
    """A random inspection of a school that the draw did not draw, or without a draw."""
    return refuse(
        "NOT_DRAWN",
        field="draw",
        value=school,
        clauses=clauses,
        zh="随机督导的学校须由已揭晓的抽签抽出，定期督导不填抽签。",
        en="A random inspection is of a school that a revealed draw drew; a regular one names no draw.",
        remedy=("请核对抽签结果。", "See the draw's result."),
    )


def before_draw(field: str, value: Any, revealed_on: date, clauses: tuple[str, ...]) -> Refused:
    """A random inspection dated before its draw was revealed: a visit already made is not passed off as random."""
    return refuse(
        "BEFORE_DRAW",
        field=field,
        value=value,
        clauses=clauses,
        zh=f"抽签于{revealed_on}揭晓，随机督导不能早于该日。",
        en=f"The draw was revealed on {revealed_on}; a random inspection is not held before it.",
        remedy=("请填写揭晓当日或之后的日期。", "Give that day or one after it."),
    )


def already_scheduled(inspection: str, clauses: tuple[str, ...]) -> Refused:
    """The school has an inspection of this draw, or the regular one of this school year."""
    return refuse(
        "ALREADY_SCHEDULED",
        field="school",
        value=inspection,
        clauses=clauses,
        zh="该校本次抽签的督导，或本学年的定期督导，已经安排。",
        en="The school has an inspection of this draw, or the regular one of this school year, already.",
        remedy=("请在原督导上办理；不再举行的先取消。", "Go on with that inspection, or cancel it first."),
    )


def same_hand(person: str) -> Refused:
    """Who committed to a draw does not reveal it."""
    return refuse(
        "SAME_PERSON",
        field="draw",
        value=person,
        zh="抽签须由承诺人以外的第二人揭晓。",
        en="A draw is revealed by a second person, not by who committed to it.",
        remedy=("请由另一位教研院或教育局人员揭晓。", "Have another officer reveal it."),
    )
