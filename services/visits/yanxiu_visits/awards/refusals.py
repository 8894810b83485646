"""The refusals of awards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from yanxiu_footing.refusals import refuse
from yanxiu_wire.refusal import Refused

STATES_ZH = {
    "nominating": "正在推荐",
    "scoring": "正在评审",
    "ranked": "已排名",
    "closed": "已结束",
    "nominated": "待定",
    "struck": "已取消资格",
    "confirmed": "已确认",
    "withdrawn": "已撤回",
    "revoked": "已撤销",
}


def award_year_unknown(year: int) -> Refused:
    """No award year of that calendar year."""
    return refuse(
        "AWARD_YEAR_UNKNOWN",
        field="year",
        value=year,
        zh=f"尚未启动{year}年的评优。",
        en=f"The awards of {year} are not open.",
        remedy=("请由教研院或教育局先启动。", "Have an officer open the year first."),
    )


def year_exists(year: int) -> Refused:
    """The year is open already."""
    return refuse(
        "AWARD_YEAR_EXISTS",
        field="year",
        value=year,
        zh=f"{year}年的评优已经启动。",
        en=f"The awards of {year} are open already.",
        remedy=("请在已有的年度上办理。", "Go on with that year."),
    )


def year_not_so(state: str, wanted: Iterable[str]) -> Refused:
    """The year, or the nomination, stands otherwise than the command needs."""
    wanted = tuple(wanted)
    return refuse(
        "AWARD_NOT_SO",
        field="year",
        value=state,
        zh=f"评优{STATES_ZH.get(state, state)}，此操作只适用于：{'、'.join(STATES_ZH[one] for one in wanted)}。",
        en=f"This stands {state}; it must be {' or '.join(wanted)}.",
        remedy=("请刷新后再操作。", "Look at it again first."),
    )


def rules_malformed(field: str, value: Any, zh: str, en: str) -> Refused:
    """Rules that no marks could be given by."""
    return refuse(
        "RULES_MALFORMED", field=f"rules.{field}", value=value, zh=zh, en=en, remedy=("请更正。", "Correct it.")
    )


def rules_missing() -> Refused:
    """No rules were set."""
    return refuse(
        "RULES_MISSING",
        field="year",
        zh="尚未公布评分项与同分规则。",
        en="The criteria and the tie rule are not set.",
        remedy=("请先用 setAwardRules 公布。", "Set them first."),
    )


def rules_frozen() -> Refused:
    """Marks were given by these rules."""
    return refuse(
        "RULES_FROZEN",
        field="rules",
        zh="已有评分，评分项与同分规则不得再改。",
        en="Marks have been given: criteria and tie rule do not change any more.",
        remedy=("本年度按已公布的规则评审。", "This year is judged by the rules that were published."),
    )


def nomination_unknown(nomination: str) -> Refused:
    """No such nomination, or not in the caller's scope."""
    return refuse(
        "NOMINATION_UNKNOWN",
        field="nomination",
        value=nomination,
        zh="没有这项推荐，或不在您的管理范围内。",
        en="There is no such nomination, or not in your scope.",
        remedy=("请核对编号。", "Check the id."),
    )


def recipient_unfit(recipient: str, kind: str, clauses: tuple[str, ...]) -> Refused:
    """The recipient is not of the kind that the category is for, or not of that school."""
    return refuse(
        "RECIPIENT_UNFIT",
        field="recipient",
        value=recipient,
        clauses=clauses,
        zh="被推荐的对象与该项评选不符，或不属于该校。",
        en=f"The category is for a {kind} of that school; this is none.",
        remedy=("请核对对象与学校。", "Check the recipient and the school."),
    )


def number_malformed(field: str, value: int, least: int, most: int) -> Refused:
    """A number of things that cannot be."""
    return refuse(
        "NUMBER_MALFORMED",
        field=field,
        value=value,
        zh=f"{field}应在{least}至{most}之间。",
        en=f"{field} must be between {least} and {most}.",
        remedy=("请更正数目。", "Correct the number."),
    )


def nominated_before(nomination: str) -> Refused:
    """The same recipient stands in the category already."""
    return refuse(
        "NOMINATED_BEFORE",
        field="recipient",
        value=nomination,
        zh="该对象本年度已被推荐参评此项。",
        en="The recipient is nominated in this category and year already.",
        remedy=("每个对象每项每年只推荐一次。", "A recipient is nominated once in a category and year."),
    )


def statement_tells() -> Refused:
    """The statement names the school or a person, and would be no blind one."""
    return refuse(
        "STATEMENT_NOT_BLIND",
        field="statement",
        zh="推荐材料中出现了学校或人员的名称，评审须匿名。",
        en="The statement names the school or a person; it is reviewed blind.",
        remedy=("请改用“本校”“该教师”等称呼。", "Write our school, the teacher, and the like."),
    )


def school_barred(school: str, clauses: tuple[str, ...]) -> Refused:
    """The school is barred from this year's selections."""
    return refuse(
        "SCHOOL_BARRED",
        field="school",
        value=school,
        clauses=clauses,
        zh="该校未完成研修的教师占比达到规定的比例，当年不得参评。",
        en="Too many of the school's teachers did not complete their training: it is barred from this year's awards.",
        remedy=("请核对该校的完成情况。", "See the school's standings."),
    )


def not_a_reviewer(person: str) -> Refused:
    """Not appointed for that category."""
    return refuse(
        "NOT_A_REVIEWER",
        field="category",
        value=person,
        zh="您不是该项的评审。",
        en="You are no reviewer of this category.",
        remedy=("请由教研院聘任。", "Have an officer appoint you."),
    )


def reviewing_over(state: str) -> Refused:
    """Ranked: the marks have made the ranks, and a change of a reviewer would change none of them."""
    return refuse(
        "REVIEWING_OVER",
        field="year",
        value=state,
        zh=f"评优{STATES_ZH.get(state, state)}，评审人员与回避的变更不再影响名次。",
        en=f"This stands {state}: a change of a reviewer, or of his conflicts, would not change the ranks any more.",
        remedy=(
            "请在公示期内对有关推荐提出异议（raiseAwardObjection），由第二人答复。",
            "Object to the nomination concerned (raiseAwardObjection) while its days last; another person settles it.",
        ),
    )


def review_item_unknown(number: int) -> Refused:
    """No such number, or one that the reviewer has a conflict with: both answer alike."""
    return refuse(
        "REVIEW_ITEM_UNKNOWN",
        field="number",
        value=number,
        zh="您的评审清单中没有这个编号。",
        en="Your list has no such number.",
        remedy=("请只评清单中的编号；本校及需回避的不在其中。", "Judge those on your list; conflicts are not on it."),
    )


def marks_malformed(field: str, value: Any, most: int) -> Refused:
    """A criterion without a mark, with one too many, or one out of range."""
    return refuse(
        "MARKS_MALFORMED",
        field=f"marks.{field}",
        value=value,
        zh=f"评分须为各评分项的整数，0至{most}。",
        en=f"Each criterion has a whole mark from 0 to {most}, and no other has any.",
        remedy=("请逐项评分。", "Give each criterion its mark."),
    )


def under_reviewed(category: str, number: int, found: int, wanted: int) -> Refused:
    """A nomination that too few have judged."""
    return refuse(
        "UNDER_REVIEWED",
        field="year",
        value=f"{category} {number}",
        zh=f"“{category}”第{number}号只有{found}人评审，须有{wanted}人。",
        en=f"Number {number} of {category} has {found} reviews; the rules want {wanted}.",
        remedy=("请补足评审后再排名。", "Complete the reviews, then rank."),
    )


def not_public(nomination: str) -> Refused:
    """The nomination is not published."""
    return refuse(
        "NOT_PUBLISHED",
        field="nomination",
        value=nomination,
        zh="该推荐尚未公示。",
        en="The nomination is not published.",
        remedy=("请先公示。", "Publish it first."),
    )


def objections_last(until: date) -> Refused:
    """The days for objection are not over."""
    return refuse(
        "OBJECTION_DAYS_LAST",
        field="nomination",
        value=until,
        zh=f"公示期至{until.isoformat()}，其后方可确认。",
        en=f"Objections may be raised until {until.isoformat()}; confirm it afterwards.",
        remedy=("请待公示期满。", "Wait until they are over."),
    )


def objections_over(until: date) -> Refused:
    """The days for objection are over."""
    return refuse(
        "OBJECTION_DAYS_OVER",
        field="nomination",
        value=until,
        zh=f"公示期已于{until.isoformat()}届满。",
        en=f"Objections could be raised until {until.isoformat()}.",
        remedy=("请向教研院反映。", "Turn to the institute."),
    )


def objection_open(objection: str) -> Refused:
    """An objection is not settled."""
    return refuse(
        "OBJECTION_OPEN",
        field="nomination",
        value=objection,
        zh="尚有未答复的异议。",
        en="An objection is not settled.",
        remedy=("请先答复异议。", "Settle it first."),
    )


def objected_before(objection: str) -> Refused:
    """The same person has an objection to the nomination that is not settled."""
    return refuse(
        "OBJECTED_BEFORE",
        field="nomination",
        value=objection,
        zh="您对该推荐已有一项待答复的异议。",
        en="You have an objection to this nomination that is not settled.",
        remedy=(
            "请待答复；答复后公示期内仍可再提。",
            "Wait for its answer; then you may object again while the days last.",
        ),
    )


def objection_unknown(objection: str) -> Refused:
    """No such objection, or settled already."""
    return refuse(
        "OBJECTION_UNKNOWN",
        field="objection",
        value=objection,
        zh="没有这项待答复的异议。",
        en="There is no such open objection.",
        remedy=("请核对编号。", "Check the id."),
    )


def same_person(person: str) -> Refused:
    """Who raised an objection does not settle it."""
    return refuse(
        "SAME_PERSON",
        field="objection",
        value=person,
        zh="异议须由提出人以外的第二人答复。",
        en="An objection is settled by another than who raised it.",
        remedy=("请由另一人答复。", "Have another officer settle it."),
    )


def quota_full(category: str, quota: int, clauses: tuple[str, ...]) -> Refused:
    """All places of the category belong to others."""
    return refuse(
        "QUOTA_FULL",
        field="nomination",
        value=category,
        clauses=clauses,
        zh=f"“{category}”每年{quota}个名额，此项不在名额之内。",
        en=f"{category} has {quota} places a year; this one is not among them.",
        remedy=("名额以规定为准，不得超出。", "The law fixes the number: it is never exceeded."),
    )


def shortfall_unexplained(category: str, missing: int, clauses: tuple[str, ...]) -> Refused:
    """Fewer awards than the quota, without a reason."""
    return refuse(
        "SHORTFALL_UNEXPLAINED",
        field="reasons",
        value=category,
        clauses=clauses,
        zh=f"“{category}”少评{missing}项，须说明理由。",
        en=f"{category} is {missing} short of its quota: a reason is wanted.",
        remedy=("请在 reasons 中说明。", "State it in reasons."),
    )


def place_not_freed(category: str, place: int | None, clauses: tuple[str, ...]) -> Refused:
    """The year is closed: its number is that of the year, and nobody moves up any more."""
    return refuse(
        "PLACE_NOT_FREED",
        field="free_place",
        value=place,
        clauses=clauses,
        zh=f"“{category}”的名额按年评出，该年度已经结束，撤销后不再递补。",
        en=f"The places of {category} are given by the year; it is closed, and nobody moves up any more.",
        remedy=(
            "请改为不递补（freePlace 为 false）：名额计为未满，理由随年度公开。",
            "Revoke it without freeing its place: the year then counts one fewer, with the reason.",
        ),
    )
