"""The refusals that every service gives, and how one is made: field, value, sentence and remedy in two languages."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from yanxiu_wire.caller import roles_zh
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_footing.clock import CHINA
from yanxiu_footing.stored import simple

# 17 digits and a digit or X, standing alone: a national id that got into the wrong field is not repeated.
_NATIONAL_ID = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")


def shown(value: Any) -> Any:
    """Return a value as a refusal may repeat it: exact, short, without national ids."""
    value = simple(value)
    if value is None or isinstance(value, bool | int):
        return value
    return _NATIONAL_ID.sub("*" * 18, str(value))[:200]


def told(at: datetime) -> str:
    """Return an instant as people in China read it."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def refuse(
    code: str,
    *,
    zh: str,
    en: str,
    remedy: tuple[str, str],
    field: str = "",
    value: Any = None,
    clauses: tuple[str, ...] = (),
) -> Refused:
    """Return a refusal with one reason; `remedy` is what to do, in Chinese and in English."""
    return Refused(
        errors=(
            RefusalItem(
                code=code,
                field=field,
                value=shown(value),
                clauses=clauses,
                message_zh=zh,
                message_en=en,
                remedy_zh=remedy[0],
                remedy_en=remedy[1],
            ),
        )
    )


def district_unknown(district: str) -> Refused:
    """No such district, or not the caller's: both answer alike."""
    return refuse(
        "DISTRICT_UNKNOWN",
        field="district",
        value=district,
        zh="没有这个区县。",
        en="There is no such district.",
        remedy=("请核对区县代码，或联系平台管理员。", "Check the district's code, or ask the platform operator."),
    )


def forbidden(role: str, allowed: Collection[str], policies: Collection[str] = ()) -> Refused:
    """The caller's role may not do this at all; `policies` are the ids of those that say who may."""
    listed, zh, en = ", ".join(sorted(allowed)), *by_policy(policies)
    return refuse(
        "FORBIDDEN",
        field="caller.role",
        value=role,
        zh=f"角色“{roles_zh([role])}”无权执行此操作。",
        en=f"The role {role} may not do this.",
        remedy=(f"请由以下角色之一办理：{roles_zh(allowed)}{zh}。", f"Ask one of these roles: {listed}{en}."),
    )


def by_policy(policies: Collection[str]) -> tuple[str, str]:
    """Return how a refusal names the policies that it rests on, in Chinese and in English."""
    named = "、".join(policies), ", ".join(policies)
    return (f"（依据权限策略 {named[0]}）", f" (policy {named[1]})") if policies else ("", "")


def law_unusable(pack: str) -> Refused:
    """The rule pack that the district is bound to is missing, broken, or refuses the district's settings."""
    return refuse(
        "LAW_UNUSABLE",
        field="district",
        value=pack,
        zh=f"本区县适用的规则包 {shown(pack)} 未能装载，或不接受本区县的参数设置，暂停受理。",
        en=f"The district's rule pack {shown(pack)} could not be loaded, or refuses the district's settings.",
        remedy=(
            "请平台管理员查看服务日志中的 law-unusable："
            "规则包缺失或有误的，安装后重启；参数设置有误的，重新绑定规则包。",
            "The platform operator reads law-unusable in the service's log: install a missing or broken pack and "
            "restart, or bind the pack again with settings that it takes.",
        ),
    )


def law_version_missing(pack: str, version: str, found: tuple[str, ...], since: date) -> Refused:
    """The version of the pack that the district is bound to is nowhere; another one never takes its place unasked."""
    there = "、".join(found)
    zh_there = f"已安装的版本是 {there}" if found else "没有安装它的任何版本"
    en_there = f"installed: {', '.join(found)}" if found else "no version of it is installed"
    return refuse(
        "LAW_VERSION_MISSING",
        field="district",
        value=f"{pack} {version}",
        zh=(
            f"本区县自{since.isoformat()}起适用规则包 {shown(pack)} 的版本 {version}，"
            f"此版本未安装（{zh_there}），暂停受理。"
        ),
        en=(
            f"From {since.isoformat()} the district is under version {version} of the rule pack {shown(pack)}, "
            f"which is not installed ({en_there})."
        ),
        remedy=(
            f"请平台管理员用 yanxiu rules install 装入版本 {version}；或用 bindRulePack 自某日起改用已安装的版本。",
            f"The platform operator installs version {version} with yanxiu rules install, or binds an installed "
            "version from a day on with bindRulePack.",
        ),
    )


def law_not_in_force(on: date, *, field: str = "on", since: date | None = None) -> Refused:
    """No law governs that day."""
    from_zh = f"，本区县自{since.isoformat()}起适用" if since else ""
    from_en = f"; the district's law applies from {since.isoformat()}" if since else ""
    return refuse(
        "LAW_NOT_IN_FORCE",
        field=field,
        value=on,
        zh=f"{on.isoformat()}当日没有生效的规定{from_zh}。",
        en=f"No regulation of the district was in force on {on.isoformat()}{from_en}.",
        remedy=(
            "请核对日期；刚适用的规定可能尚在同步，请稍后用同一幂等键重试。",
            "Check the date; a law adopted just now may still be arriving: retry with the same key.",
        ),
    )


def day_in_future(on: date, today: date, *, field: str = "on") -> Refused:
    """A day that has not come yet."""
    return refuse(
        "DAY_IN_FUTURE",
        field=field,
        value=on,
        zh=f"日期{on.isoformat()}晚于今天{today.isoformat()}。",
        en=f"{on.isoformat()} lies after today, {today.isoformat()}.",
        remedy=("请在完成之后登记。", "Enter it once it has happened."),
    )


def out_of_bounds(field: str, value: Any, least: int, most: int) -> Refused:
    """A count outside what one request may ask for."""
    return refuse(
        "TOO_MANY",
        field=field,
        value=value,
        zh=f"{field}应在{least}至{most}之间。",
        en=f"{field} must be between {least} and {most}.",
        remedy=("请把数目改到此范围内；较多的分批办理。", "Keep to these bounds; ask for more in several requests."),
    )


def cursor_malformed(value: str) -> Refused:
    """A cursor that this service did not give out."""
    return refuse(
        "CURSOR_MALFORMED",
        field="page.after",
        value=value,
        zh="分页游标无效。",
        en="The page cursor is not valid.",
        remedy=("请使用上一页返回的游标。", "Use the cursor that came with the page before."),
    )


def stream_empty() -> Refused:
    """Nothing to rebuild the copy of the registry's facts from; the copy stays as it is."""
    return refuse(
        "STREAM_EMPTY",
        zh="事件流中没有本区县的登记信息，本地副本保持不变。",
        en="The event stream holds nothing of this district; the local copy stays as it is.",
        remedy=(
            "请先在登记服务执行 republish，再重建。",
            "Have the registry republish its facts, then rebuild again.",
        ),
    )


def stream_behind(announcements: int) -> Refused:
    """The stream lacks announcements that were applied here; the copy of the registry's facts stays as it is."""
    return refuse(
        "STREAM_BEHIND",
        value=str(announcements),
        zh=f"事件流缺少本地已采用过的{announcements}条公布，按它重建会丢失登记信息；本地副本保持不变。",
        en=f"The event stream lacks {announcements} announcements that were applied here: a copy made anew of it would "
        "lose what they told. The local copy stays as it is.",
        remedy=(
            "请等登记服务补送（通常几秒，见 yanxiu_outbox_waiting）后再重建；"
            "登记库本身已回退时，确认后用 --accept-loss。",
            "Wait until the registry has sent them again (seconds mostly, see yanxiu_outbox_waiting), then rebuild; "
            "where the registry itself was set back, use --accept-loss after looking.",
        ),
    )


def text_malformed(field: str, value: str | None, most: int, *, named_zh: str | None = None) -> Refused:
    """A text that is empty or too long; `named_zh` is what the field is called in Chinese."""
    return refuse(
        "TEXT_MALFORMED",
        field=field,
        value=value,
        zh=f"{named_zh or field}不能为空，且不超过{most}字。",
        en=f"{field} must hold 1 to {most} characters.",
        remedy=("请补充或缩短。", "Fill it in, or shorten it."),
    )


def instant_without_zone(field: str, at: datetime) -> Refused:
    """An instant that says no offset could be any of two dozen."""
    return refuse(
        "INSTANT_WITHOUT_ZONE",
        field=field,
        value=at.isoformat(),
        zh="时刻须带时区，如2025-03-14T09:00:00+08:00。",
        en="An instant needs its offset, such as 2025-03-14T09:00:00+08:00.",
        remedy=("请补上时区。", "Add the offset."),
    )
