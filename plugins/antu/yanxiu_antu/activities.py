"""What activities show (ANTU-3-1, 4-3, 4-4, 5-4): the three elements, the pairs of forms, the theme, the methods."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Facts, Law, clauses_to_watch, decision, must_be_one_of, rows_that_hold, share

ELEMENTS, FORMS, THEME, METHODS = "ANTU-3-1", "ANTU-4-3", "ANTU-4-4", "ANTU-5-4"


class Activity(Facts, frozen=True, kw_only=True):
    """An activity: its elements (自我反思, 同伴互助, 专业引领), form, method and theme, each where it has one."""

    elements: tuple[str, ...] = ()
    form: str | None = None
    method: str | None = None
    theme: str | None = None


class ActivitiesQuestion(Facts, frozen=True, kw_only=True):
    """What do the activities of a school or a research group show?"""

    activities: tuple[Activity, ...]


@decision(
    "activity_report",
    asks_zh="研修活动是否体现三大要素、围绕有效教学，用了哪些方式方法",
    facts=ActivitiesQuestion,
    clauses=(ELEMENTS, FORMS, THEME, METHODS),
)
def activity_report(question: ActivitiesQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-3-1, 4-3, 4-4, 5-4: no number is set; what is left out is pointed out, forms of one's own are told."""
    activities = question.activities
    _check(question, law)
    served = {element for one in activities for element in one.elements}
    missing = [one for one in rows_that_hold(law.elements) if one not in served]
    themed = sum(1 for one in activities if one.theme is not None)
    apart = len(activities) - themed
    forms = [one.form for one in activities if one.form is not None]
    methods = [one.method for one in activities if one.method is not None]
    law.step(
        "own",
        sum(1 for one in forms if one not in law.form_pairs) + sum(1 for one in methods if one not in law.methods),
        unit="项",
        clauses=(FORMS, METHODS),
        zh="{value}项方式方法为学校自创。",
        en="{value} forms or methods are the school's own.",
    )
    told = (
        (ELEMENTS, not missing, f"没有体现：{'、'.join(missing)}", f"not served: {', '.join(missing)}"),
        (THEME, not apart, f"{apart}次没有围绕有效教学", f"{apart} apart from the theme"),
    )
    return {
        "missing": missing,
        "purposes": {form: law.form_pairs[form] for form in dict.fromkeys(forms) if form in law.form_pairs},
        "own_forms": [one for one in dict.fromkeys(forms) if one not in law.form_pairs],
        "methods": {method: methods.count(method) for method in rows_that_hold(law.methods) if method in methods},
        "own_methods": [one for one in dict.fromkeys(methods) if one not in law.methods],
        "theme_share": _share(themed, len(activities), law),
        "failed": [],
        "warnings": clauses_to_watch(told, law),
    }


def _share(part: int, whole: int, law: Law) -> Any:
    """Return part / whole as shown; None of nothing."""
    return share(Decimal(part), Decimal(whole), int(law.share_places)) if whole else None


def _check(question: ActivitiesQuestion, law: Law) -> None:
    for index, one in enumerate(question.activities):
        for number, element in enumerate(one.elements):
            must_be_one_of(rows_that_hold(law.elements), f"activities[{index}].elements[{number}]", element)
        if one.theme is not None:
            must_be_one_of(rows_that_hold(law.themes), f"activities[{index}].theme", one.theme)
