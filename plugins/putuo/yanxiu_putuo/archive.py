"""What remains of posted credits (PUTUO-5-3d, 6-2a, 6-3): the archive, the district's training system, their uses."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Facts, Law, clauses_to_watch, decision, must_be_one_of, rows_that_hold

SYSTEM, ARCHIVE, USES = "PUTUO-5-3d", "PUTUO-6-2a", "PUTUO-6-3"


class Entry(Facts, frozen=True, kw_only=True):
    """Credits posted to a head teacher, and the sessions of the archive that they rest on."""

    head_teacher: str
    credits: Decimal
    sessions: tuple[str, ...] = ()


class ArchiveQuestion(Facts, frozen=True, kw_only=True):
    """Does every posted credit trace to sessions that the archive holds?"""

    entries: tuple[Entry, ...]
    sessions: tuple[str, ...] = ()


class ExportQuestion(Facts, frozen=True, kw_only=True):
    """Are the credits of the training system those posted? Totals by head teacher."""

    posted: Mapping[str, Decimal]
    exported: Mapping[str, Decimal] = {}


class UsesQuestion(Facts, frozen=True, kw_only=True):
    """Where are the results used? 职称评定, 绩效考核, 评优评先."""

    uses: tuple[str, ...] = ()


@decision("archive", asks_zh="赋分是否都能追溯到研修记录", facts=ArchiveQuestion, clauses=(ARCHIVE,))
def archive(question: ArchiveQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-6-2a: an entry with credits names sessions, and the archive holds each of them."""
    untraced = [
        one.head_teacher
        for one in question.entries
        if one.credits and (not one.sessions or not set(one.sessions) <= set(question.sessions))
    ]
    named = list(dict.fromkeys(untraced))
    told = ((ARCHIVE, not named, f"不能追溯：{'、'.join(named)}", f"not traced: {', '.join(named)}"),)
    return {"untraced": named, "failed": [], "warnings": clauses_to_watch(told, law)}


@decision("credit_export", asks_zh="校本研修学分是否如数纳入师训体系", facts=ExportQuestion, clauses=(SYSTEM,))
def credit_export(question: ExportQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-5-3d: what was posted and what the training system holds, teacher by teacher; nobody without an entry."""
    everyone = dict.fromkeys((*question.posted, *question.exported))
    differences = {
        one: question.exported.get(one, Decimal(0)) - question.posted.get(one, Decimal(0))
        for one in everyone
        if one not in question.posted or one not in question.exported or question.posted[one] != question.exported[one]
    }
    named = "、".join(differences)
    told = ((SYSTEM, not differences, f"与赋分不符：{named}", f"not as posted: {named}"),)
    total = sum(question.posted.values(), Decimal(0))
    warnings = clauses_to_watch(told, law)
    return {"total": total, "differences": differences, "failed": [], "warnings": warnings}


@decision("result_uses", asks_zh="研修成果与哪几项挂钩", facts=UsesQuestion, clauses=(USES,))
def result_uses(question: UsesQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-6-3: title, performance, honours; the text has no weights, so that a use left out is pointed out."""
    for index, use in enumerate(question.uses):
        must_be_one_of(rows_that_hold(law.result_uses), f"uses[{index}]", use)
    missing = [use for use in rows_that_hold(law.result_uses) if use not in question.uses]
    told = ((USES, not missing, f"尚未挂钩：{'、'.join(missing)}", f"not tied to {', '.join(missing)}"),)
    return {"missing": missing, "failed": [], "warnings": clauses_to_watch(told, law)}
