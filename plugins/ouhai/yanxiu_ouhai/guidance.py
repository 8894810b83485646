"""The nine-article guidance (OUHAI-6-1) and the form that supervision fills in (OUHAI-6-9c)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanxiu_rulekit import Facts, Law, decision, rows_that_hold

from yanxiu_ouhai.organisation import held
from yanxiu_ouhai.spellings import must_be_one_of

GUIDANCE, FORM = "OUHAI-6-1", "OUHAI-6-9c"


class GuidanceQuestion(Facts, frozen=True, kw_only=True):
    """Was the guidance issued, with its articles?"""

    articles: int
    issued: bool = True


class FormQuestion(Facts, frozen=True, kw_only=True):
    """Are all lines of a supervision form filled in? The names of those that are."""

    filled: tuple[str, ...]


@decision("guidance", asks_zh="九条指导意见是否出台", facts=GuidanceQuestion, clauses=(GUIDANCE,))
def guidance(question: GuidanceQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-1: issued, and of nine articles; what they say is not in this text (G-O13)."""
    wanted = int(law.guidance_articles)
    failed = held(
        (
            (GUIDANCE, question.issued, "尚未出台", "not issued"),
            (
                GUIDANCE,
                question.articles == wanted,
                f"应为{wanted}条，现为{question.articles}条",
                f"{question.articles} articles, not {wanted}",
            ),
        ),
        law,
    )
    return {"ok": not failed, "failed": failed}


@decision("supervision_form", asks_zh="督导表是否逐行填写", facts=FormQuestion, clauses=(FORM, GUIDANCE))
def supervision_form(question: FormQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-9c: a line for each article of the guidance, and design, quantity and quality; all filled in."""
    lines = form_lines(law)
    for index, line in enumerate(question.filled):
        must_be_one_of(lines, f"filled[{index}]", line)
    missing = [line for line in lines if line not in question.filled]
    failed = held(
        ((FORM, not missing, f"没有填写：{'、'.join(missing)}", f"{len(missing)} lines are not filled in"),), law
    )
    return {"lines": len(lines), "missing": missing, "failed": failed}


def form_lines(law: Law) -> tuple[str, ...]:
    """Return the lines of the form, by name."""
    articles = tuple(f"九条指导意见第{number}条" for number in range(1, int(law.guidance_articles) + 1))
    return (*articles, *rows_that_hold(law.supervision_lines))
