"""What a school sets up for its head teachers: modules of the plan, the leading group, the yearly meeting."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, decision, plain, rows_that_hold

from yanxiu_putuo.school_year import school_year_named

_JOINED = re.compile("[、，,兼]")


class CoverageFacts(Facts, frozen=True, kw_only=True):
    """Does the plan touch every module? Class hours by module."""

    hours_by_module: Mapping[str, Decimal]


class GroupFacts(Facts, frozen=True, kw_only=True):
    """Who leads? Posts; `team` is the management team, where it is stated."""

    head: str
    deputies: tuple[str, ...] = ()
    team: tuple[str, ...] | None = None


class MeetingFacts(Facts, frozen=True, kw_only=True):
    """Was the summary meeting held? The days of meetings, and the school year such as 2024-2025."""

    school_year: str
    meetings: tuple[dt.date, ...] = ()


@decision(
    "module_coverage",
    asks_zh="学年研修计划是否覆盖五个课程模块",
    facts=CoverageFacts,
    clauses=("PUTUO-3-2",),
)
def module_coverage(facts: CoverageFacts, law: Law) -> Mapping[str, Any]:
    """PUTUO-3-2: the modules of the list that have no hours; the list is open, so that this is only pointed out."""
    for module, hours in facts.hours_by_module.items():
        if hours < 0:
            raise FactsRefused(field=f"hours_by_module.{module}", value=hours, problem="below zero; give class hours")
    wanted = rows_that_hold(law.course_modules)
    missing = [module for module in wanted if not facts.hours_by_module.get(module)]
    law.step(
        "missing",
        len(missing),
        clauses=("PUTUO-3-2",),
        zh="五个课程模块均有安排。" if not missing else f"尚未安排：{'、'.join(missing)}；只作提示。",
        en="Every module has hours." if not missing else f"No hours for {', '.join(missing)}; a warning only.",
    )
    return {"missing": missing, "level": "warning" if missing else "ok"}


@decision("leading_group", asks_zh="领导小组的组成是否合规", facts=GroupFacts, clauses=("PUTUO-6-1b",))
def leading_group(facts: GroupFacts, law: Law) -> Mapping[str, Any]:
    """PUTUO-6-1b: the main leader heads, the leader in charge is deputy, and there is a management team."""
    checks = (
        (_holds_one(facts.head, law.group_heads), "组长须为主要领导", "the main leader must head it"),
        (
            any(_holds_one(post, law.group_deputies) for post in facts.deputies),
            "副组长须为分管领导",
            "the leader in charge must be deputy",
        ),
        (facts.team is None or bool(facts.team), "没有管理团队", "there is no management team"),
    )
    broken = [check for check in checks if not check[0]]
    law.step(
        "ok",
        not broken,
        clauses=("PUTUO-6-1b",),
        zh="领导小组的组成合规。" if not broken else f"不合规：{'；'.join(zh for _ok, zh, _en in broken)}。",
        en="Composed as required." if not broken else f"Not as required: {'; '.join(en for _ok, _zh, en in broken)}.",
    )
    return {"ok": not broken, "failed": ["PUTUO-6-1b"] if broken else []}


@decision("annual_meeting", asks_zh="学年总结会是否召开", facts=MeetingFacts, clauses=("PUTUO-6-2b",))
def annual_meeting(facts: MeetingFacts, law: Law) -> Mapping[str, Any]:
    """PUTUO-6-2b: one summary meeting in each school year."""
    year = school_year_named("school_year", facts.school_year, law)
    held = [day for day in facts.meetings if year.start <= day <= year.end]
    wanted = law.summary_meetings
    ok = len(held) >= wanted
    law.step(
        "meetings",
        len(held),
        unit="次",
        clauses=("PUTUO-6-2b",),
        zh=f"{facts.school_year}学年召开总结会{{value}}次，应不少于{plain(wanted)}次，"
        + ("已达到。" if ok else "未达到。"),
        en=f"{{value}} summary meetings in {facts.school_year}, at least {plain(wanted)} wanted: "
        + ("held." if ok else "missing."),
    )
    return {"ok": ok, "failed": [] if ok else ["PUTUO-6-2b"]}


def _holds_one(posts: str, among: Mapping[str, bool]) -> bool:
    """Return whether a person holds one of the posts; posts held together are written 书记、校长 or 书记兼校长."""
    return any(among.get(post.strip(), False) for post in _JOINED.split(posts))
