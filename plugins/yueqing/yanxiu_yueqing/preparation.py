"""Before every visit (YUEQING-5-2b): its goal, its focus and its tasks are set down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, clauses_broken, decision

from yanxiu_yueqing.checks import listed

CLAUSE = "YUEQING-5-2b"
Words = str | tuple[str, ...] | None
PARTS = {"goal": "工作目标", "focus": "工作重点", "tasks": "具体任务"}


class Set(Facts, frozen=True, kw_only=True):
    """What was set down, each part a text or a list of texts, and when; a time that is not stated is in order."""

    goal: Words = None
    focus: Words = None
    tasks: Words = None
    created_at: str | None = None


class PrevisitQuestion(Facts, frozen=True, kw_only=True):
    """Were goal, focus and tasks set down before the visit started? Times as `2021-03-10T08:00`."""

    visit_start: str
    pre: Set | None = None


@decision(
    "previsit",
    asks_zh="进校之前是否明确工作目标、重点和任务",
    facts=PrevisitQuestion,
    clauses=(CLAUSE,),
)
def previsit(question: PrevisitQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-5-2b: all three parts, written before the visit starts; the names of those that are missing."""
    pre = question.pre or Set()
    missing = [part for part in PARTS if not _said(getattr(pre, part))]
    in_time = _before(pre.created_at, question.visit_start)
    failed = clauses_broken(
        (
            (CLAUSE, not missing, f"没有明确{listed([PARTS[part] for part in missing])}", f"no {', '.join(missing)}"),
            (CLAUSE, in_time, "进校之后才写明", "set down when the visit had started"),
        ),
        law,
    )
    return {"ok": not failed, "missing": missing, "failed": failed}


def _said(words: Words) -> bool:
    """Return whether a text, or one of several, says anything."""
    return any(one.strip() for one in ((words,) if isinstance(words, str) else words or ()))


def _before(created_at: str | None, visit_start: str) -> bool:
    start = _time("visit_start", visit_start)
    if created_at is None:
        return True
    created = _time("pre.created_at", created_at)
    if (created.tzinfo is None) != (start.tzinfo is None):
        problem = "give both times with their offset, or both without one"
        raise FactsRefused(field="pre.created_at", value=created_at, problem=problem)
    return created < start


def _time(field: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise FactsRefused(field=field, value=text, problem="no time; write it as 2021-03-10T08:00") from None
