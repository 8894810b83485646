"""Every 'no' about who acts for whom, and about objections."""

from __future__ import annotations

from datetime import date

from yanxiu_wire.caller import roles_zh
from yanxiu_wire.refusal import Refused

from yanxiu_credits.refusals import refuse
from yanxiu_credits.workflow.assess_step import Actor
from yanxiu_credits.workflow.store import Mandate


def delegation_unknown(delegation: str) -> Refused:
    """No such delegation, or not given to the caller: both answer alike."""
    return refuse(
        "DELEGATION_UNKNOWN",
        field="on_behalf_of",
        value=delegation,
        zh="没有这项委托，或不是委托给您的。",
        en="There is no such delegation, or not to you.",
        remedy=("请核对委托编号；委托不能转委托。", "Check its id; what was delegated is not delegated on."),
    )


def delegation_not_in_force(one: Mandate, today: date) -> Refused:
    """A delegation that has ended, or not begun."""
    until = one.ended_on or one.until
    return refuse(
        "DELEGATION_NOT_IN_FORCE",
        field="on_behalf_of",
        value=one.id,
        zh=f"该委托自{one.since.isoformat()}至{until.isoformat()}，今天{today.isoformat()}无效。",
        en=f"The delegation holds from {one.since.isoformat()} to {until.isoformat()}, not on {today.isoformat()}.",
        remedy=("请由本人办理，或重新委托。", "Let the person himself act, or delegate anew."),
    )


def delegation_narrower(one: Actor, workflow: str) -> Refused:
    """A delegation that does not hand over this workflow."""
    return refuse(
        "DELEGATION_NARROWER",
        field="on_behalf_of",
        value=one.delegation,
        zh=f"该委托不包括流程 {workflow}。",
        en=f"The delegation does not hand over {workflow}.",
        remedy=(f"委托范围：{'、'.join(one.workflows)}。", f"It hands over: {', '.join(one.workflows)}."),
    )


def not_to_be_delegated(role: str) -> Refused:
    """A role whose steps are its holder's own."""
    return refuse(
        "DELEGATION_REFUSED",
        field="caller.role",
        value=role,
        zh="教师本人的事项不能委托他人办理。",
        en="What a teacher does is not handed to another.",
        remedy=("请由本人办理。", "Let the teacher act."),
    )


def delegate_unfit(field: str, value: str) -> Refused:
    """Nobody, or the giver himself."""
    return refuse(
        "DELEGATE_UNFIT",
        field=field,
        value=value,
        zh="受托人须是另一位有名有姓的用户。",
        en="The delegate must be another, named person.",
        remedy=("请填写受托人的用户标识。", "Give the subject of his token."),
    )


def days_unfit(since: date, until: date, today: date) -> Refused:
    """A stretch of days that is over, or ends before it begins."""
    return refuse(
        "DATE_OUT_OF_ORDER",
        field="until",
        value=until,
        zh=f"委托期限{since.isoformat()}至{until.isoformat()}无效（今天{today.isoformat()}）。",
        en=f"From {since.isoformat()} to {until.isoformat()} is no term of a delegation (today: {today.isoformat()}).",
        remedy=("请更正起止日期。", "Correct the days."),
    )


def delegated_too_long(until: date, most: int) -> Refused:
    """A delegation lasts a school year at most."""
    return refuse(
        "DELEGATED_TOO_LONG",
        field="until",
        value=until,
        zh=f"一次委托至多{most}天（一个学年）。",
        en=f"A delegation lasts at most {most} days, a school year.",
        remedy=("请缩短期限，到期后重新委托。", "Shorten it, and delegate anew when it ends."),
    )


def not_yours_to_end(delegation: str) -> Refused:
    """Only the giver, the delegate, or the district's officers end a delegation."""
    return refuse(
        "DELEGATION_UNKNOWN",
        field="delegation",
        value=delegation,
        zh="没有这项委托，或您无权终止。",
        en="There is no such delegation, or it is not yours to end.",
        remedy=("请核对委托编号。", "Check its id."),
    )


# ---- objections ------------------------------------------------------------------------------------------------


def not_public(process: str) -> Refused:
    """An objection to what is not public at the moment."""
    return refuse(
        "NOT_IN_PUBLICITY",
        field="process",
        value=process,
        zh="该事项不在公示期内。",
        en="The process is not public at the moment.",
        remedy=("请在公示期内提出异议，或向上级申诉。", "Object while it is public, or turn to the authority above."),
    )


def text_missing() -> Refused:
    """An objection says what is wrong."""
    return refuse(
        "TEXT_MALFORMED",
        field="text",
        zh="异议须写明内容（2000字以内）。",
        en="An objection says what is wrong, in at most 2000 characters.",
        remedy=("请填写异议内容。", "Write it."),
    )


def not_on_the_list(field: str, value: str) -> Refused:
    """Somebody, or a record, that the public list does not speak of."""
    return refuse(
        "NOT_ON_THE_LIST",
        field=field,
        value=value,
        zh="该教师或记录不在公示名单之内。",
        en="The public list speaks of no such teacher or record.",
        remedy=("请核对公示名单。", "Check the public list."),
    )


def objection_unknown(objection: str) -> Refused:
    """No such objection, or out of the caller's scope."""
    return refuse(
        "OBJECTION_UNKNOWN",
        field="objection",
        value=objection,
        zh="没有这项异议，或不在您的管理范围内。",
        en="There is no such objection, or not in your scope.",
        remedy=("请核对编号。", "Check its id."),
    )


def objection_settled(objection: str, state: str) -> Refused:
    """An objection is settled once."""
    zh = {"upheld": "成立", "dismissed": "不成立"}.get(state, state)
    return refuse(
        "OBJECTION_SETTLED",
        field="objection",
        value=objection,
        zh=f"该异议已处理（{zh}）。",
        en=f"The objection has been settled: {state}.",
        remedy=("如有新的情况，请另提异议。", "If there is something new, raise another."),
    )


def not_yours_to_settle(role: str, roles: tuple[str, ...]) -> Refused:
    """Who raised it, or does not take the process on, does not settle it."""
    return refuse(
        "OBJECTION_NOT_YOURS",
        field="caller.role",
        value=role,
        zh="异议由办理公示事项的人员处理，提出人不能自行处理。",
        en="An objection is settled by those who run the publicity, never by the one who raised it.",
        remedy=(f"由以下角色处理：{'、'.join(roles)}。", f"It is for: {', '.join(roles)}."),
    )


def settles_own_matter(roles: tuple[str, ...]) -> Refused:
    """Who registered the record, or is the teacher whom the objection concerns, does not settle it."""
    return refuse(
        "OBJECTION_NOT_YOURS",
        field="caller.subject",
        zh="异议不能由该记录的登记人或所涉教师本人处理。",
        en="An objection is not settled by who registered the record, nor by the teacher whom it concerns.",
        remedy=(f"请由另一人处理：{roles_zh(roles)}。", f"Let another person settle it: {', '.join(roles)}."),
    )


def not_above(role: str, roles: tuple[str, ...]) -> Refused:
    """A recognition is taken back by a higher level than the one that recognised, at the highest by another person."""
    return refuse(
        "LEVEL_TOO_LOW",
        field="caller.role",
        value=role,
        zh=f"该认定由{roles_zh([role])}作出，只能由更高层级撤销；最高层级的，由另一人撤销。",
        en=f"The role {role} recognised it: a higher level takes it back, at the highest another person.",
        remedy=(f"请由{roles_zh(roles)}办理。", f"Ask {' or '.join(roles)}."),
    )
