"""What the platform shows of each school's research (OUHAI-6-8a): its design, its activities, its results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanxiu_rulekit import Facts, Law, clauses_broken, decision, rows_that_hold

SHOWN = "OUHAI-6-8a"


class ShownQuestion(Facts, frozen=True, kw_only=True):
    """What does a school's page hold? Its sections by name, each with its text."""

    sections: Mapping[str, str] = {}


@decision("school_page", asks_zh="学校校本研修是否全过程呈现", facts=ShownQuestion, clauses=(SHOWN,))
def school_page(question: ShownQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-8a: each of the three sections says something; further ones may stand beside them."""
    missing = [name for name in rows_that_hold(law.page_sections) if not question.sections.get(name, "").strip()]
    told = ((SHOWN, not missing, f"没有呈现：{'、'.join(missing)}", f"not shown: {', '.join(missing)}"),)
    return {"missing": missing, "failed": clauses_broken(told, law)}
