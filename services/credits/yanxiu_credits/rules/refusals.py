"""What is refused of questions about the law."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from yanxiu_wire.refusal import Refused

from yanxiu_credits.refusals import refuse, shown

_NEAR = 5


def pack_unknown(field: str, jurisdiction: str, installed: Iterable[str]) -> Refused:
    """No rule pack of this jurisdiction is installed."""
    listed = sorted(installed)
    return refuse(
        "RULE_PACK_UNKNOWN",
        field=field,
        value=jurisdiction,
        zh=f"没有安装辖区 {shown(jurisdiction)} 的规则包。",
        en=f"No rule pack of the jurisdiction {shown(jurisdiction)} is installed.",
        remedy=(f"已安装的有：{'、'.join(listed)}。", f"Installed are: {', '.join(listed)}."),
    )


def clause_unknown(clause: str, known: Sequence[str]) -> Refused:
    """No installed pack has this clause."""
    asked = clause[:80]
    near = difflib.get_close_matches(asked.upper(), known, n=_NEAR) or difflib.get_close_matches(asked, known, n=_NEAR)
    return refuse(
        "CLAUSE_UNKNOWN",
        field="id",
        value=clause,
        zh=f"没有条款 {shown(clause)}。",
        en=f"There is no clause {shown(clause)}.",
        remedy=(
            f"相近的有：{'、'.join(near)}。" if near else "请从规则包的条款中选取编号。",
            f"Near it: {', '.join(near)}." if near else "Take the id from the clauses of a rule pack.",
        ),
    )


def question_unknown(kind: str | None, known: Sequence[str]) -> Refused:
    """The law answers no such question; one that credits nothing has none that is asked by default."""
    listed = sorted(known)
    return refuse(
        "QUESTION_UNKNOWN",
        field="kind",
        value=kind,
        zh=f"本规定不回答 {shown(kind)}。" if kind else "本规定不计学分，须写明要问的问题。",
        en=f"This law answers no {shown(kind)}." if kind else "This law credits nothing; say which question you ask.",
        remedy=(f"可问的有：{'、'.join(listed)}。", f"It answers: {', '.join(listed)}."),
    )


def too_large(field: str, what: tuple[str, str], found: int, most: int) -> Refused:
    """Facts are no question of this size."""
    return refuse(
        "FACTS_TOO_LARGE",
        field=field,
        value=found,
        zh=f"{what[0]}为 {found}，至多 {most}。",
        en=f"There are {found} {what[1]}; at most {most} are taken.",
        remedy=("请只填写所问的事实，或分几次试算。", "Give the facts of the question alone, or try in several steps."),
    )
