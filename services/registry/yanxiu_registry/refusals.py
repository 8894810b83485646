"""The registry's expected refusals: each names field, value and remedy, Chinese first; identity numbers are masked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from yanxiu_footing.refusals import by_policy
from yanxiu_wire.caller import Caller, roles_zh
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_registry.national_id import mask, without_ids


def shown(value: Any) -> Any:
    """A value as a refusal may repeat it."""
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int):
        return value
    return without_ids(str(value))[:200]


def item(
    code: str, field: str, value: Any, zh: tuple[str, str], en: tuple[str, str], clauses: tuple[str, ...] = ()
) -> RefusalItem:
    """One reason; `zh` and `en` are (sentence, remedy), given without their full stops."""
    return RefusalItem(
        code=code,
        field=field,
        value=shown(value),
        clauses=clauses,
        message_zh=_ended(zh[0], "。"),
        remedy_zh=_ended(zh[1], "。"),
        message_en=_ended(en[0], "."),
        remedy_en=_ended(en[1], "."),
    )


def _ended(sentence: str, stop: str) -> str:
    """The sentence with a capital where it has one, and its full stop."""
    return sentence[:1].upper() + sentence[1:].rstrip(stop) + stop


def refused(*items: RefusalItem) -> Refused:
    """A refusal for these reasons."""
    return Refused(errors=items)


def forbidden(caller: Caller, roles: Collection[str], policies: Collection[str] = ()) -> Refused:
    """The caller's role may not do this; `policies` are the ids of those that say who may."""
    allowed, by_zh, by_en = ", ".join(sorted(roles)), *by_policy(policies)
    return refused(
        item(
            "FORBIDDEN",
            "caller.role",
            caller.role,
            (f"角色“{roles_zh([caller.role])}”无权执行此操作", f"请由以下角色之一办理：{roles_zh(roles)}{by_zh}"),
            (f"the role {caller.role} may not do this", f"ask one of these roles: {allowed}{by_en}"),
        )
    )


def district_unknown(district: str) -> Refused:
    """There is no such district for this caller."""
    return refused(
        item(
            "DISTRICT_UNKNOWN",
            "district",
            district,
            ("没有此区县", "请核对区县标识，或由平台管理员先建立"),
            ("there is no such district", "check the district's id, or have the platform operator create it"),
        )
    )


def school_unknown(field: str, value: str) -> RefusalItem:
    """There is no such school for this caller."""
    return item(
        "SCHOOL_UNKNOWN",
        field,
        value,
        ("没有此学校", "请从学校名录中选择本人权限内的学校"),
        ("there is no such school", "choose a school of the register that lies in your scope"),
    )


def teacher_unknown(field: str, value: str) -> RefusalItem:
    """There is no such teacher for this caller."""
    return item(
        "TEACHER_UNKNOWN",
        field,
        value,
        ("没有此教师", "请从教师名录中选择本人权限内的教师"),
        ("there is no such teacher", "choose a teacher of the register who lies in your scope"),
    )


def value_invalid(field: str, value: Any, zh: str, en: str) -> RefusalItem:
    """A value that its field does not take; `zh` and `en` say what it takes."""
    return item(
        "VALUE_INVALID",
        field,
        value,
        ("此值不合要求", f"请填写{zh}"),
        ("the value does not fit its field", f"give {en}"),
    )


def field_unknown(field: str, known: Iterable[str]) -> RefusalItem:
    """`changes` names a field that cannot be changed."""
    names = ", ".join(known)
    return item(
        "FIELD_UNKNOWN",
        f"changes.{field}",
        field,
        (f"没有可更正的字段 {without_ids(field)}", f"可更正的字段：{names}"),
        (f"there is no field {without_ids(field)} to change", f"the fields that can be changed are: {names}"),
    )


def out_of_order(field: str, value: date, bound: date, zh: str, en: str) -> RefusalItem:
    """A day that lies before the earliest one possible; `zh` and `en` say what that day is."""
    return item(
        "DATE_OUT_OF_ORDER",
        field,
        value,
        (f"日期 {value} 早于{zh}（{bound}）", f"请填写 {bound} 或以后的日期"),
        (f"{value} lies before {en} ({bound})", f"give {bound} or a later day"),
    )


def too_late(field: str, value: date, bound: date, zh: str, en: str) -> RefusalItem:
    """A day that lies after the latest one possible; `zh` and `en` say what that day is."""
    return item(
        "DATE_OUT_OF_ORDER",
        field,
        value,
        (f"日期 {value} 晚于{zh}（{bound}）", f"请填写 {bound} 或以前的日期"),
        (f"{value} lies after {en} ({bound})", f"give {bound} or an earlier day"),
    )


def version_conflict(expected: int, version: int) -> RefusalItem:
    """The row was changed since the caller read it."""
    return item(
        "VERSION_CONFLICT",
        "expected_version",
        expected,
        (f"资料已被他人更新，当前版本为 {version}", "请重新读取后再更正"),
        (f"it was changed since you read it; its version is {version}", "read it again and repeat the correction"),
    )


def taken(code: str, field: str, value: str, zh: str, en: str) -> RefusalItem:
    """A value that must be unique in the district is in use."""
    return item(
        code,
        field,
        value,
        (f"{zh} {without_ids(value)} 已被使用", f"请核对{zh}；如系同一对象，请更正已有资料"),
        (
            f"the {en} {without_ids(value)} is in use",
            f"check the {en}; if it is the same one, correct the existing entry",
        ),
    )


def national_id_invalid(field: str, number: str, zh: str, en: str) -> RefusalItem:
    """A number that GB 11643 does not allow."""
    return item(
        "NATIONAL_ID_INVALID",
        field,
        mask(number),
        (f"身份证号有误：{zh}", "请按身份证原件核对 18 位号码（GB 11643）"),
        (f"the national id is wrong: {en}", "check the 18 characters against the card (GB 11643)"),
    )


def national_id_misplaced(field: str, value: str) -> RefusalItem:
    """A national id in a field that is kept and shown in the clear."""
    return item(
        "NATIONAL_ID_MISPLACED",
        field,
        value,
        ("此处填写了身份证号，而此项以明文保存和显示", "请从此处删去身份证号，只填入“身份证号”一项"),
        (
            "a national id stands here, in a field that is kept and shown in the clear",
            "take it out of this field and give it as the national id only",
        ),
    )


def national_id_taken(field: str, number: str, holder: str | None) -> RefusalItem:
    """Another teacher has this national id; `holder` is the staff number where the caller may know it."""
    zh = f"此身份证号已登记在工号 {holder} 名下" if holder else "此身份证号在本区县已登记"
    en = f"this national id belongs to staff number {holder}" if holder else "this national id is already registered"
    return item(
        "NATIONAL_ID_TAKEN",
        field,
        mask(number),
        (zh, "如系同一人，请更正或调动已有教师；否则请核对号码"),
        (en, "if it is the same person, correct or move the existing teacher; otherwise check the number"),
    )


def too_many(field: str, count: int, most: int) -> Refused:
    """More in one request than a reply can carry."""
    return refused(
        item(
            "TOO_MANY",
            field,
            count,
            (f"一次最多 {most} 个，收到 {count} 个", "请分批请求"),
            (f"at most {most} in one request, {count} came", "ask in several requests"),
        )
    )
