"""What a school year and a term add up: class hours by slot and by class, and exact credits."""

from __future__ import annotations

from collections.abc import Callable

from yanxiu_rulekit import CreditLine, Law, Measure, every_line


def _said(attribute: str, value: str) -> Callable[[CreditLine, Law], bool]:
    def counts(line: CreditLine, _law: Law) -> bool:
        return line.attributes[attribute] == value

    return counts


# PUTUO-5-1b, 5-1c by slot; 5-3a, 5-3b by class.
BY_SLOT = (
    Measure(name="fixed_hours", amount="hours", counts=_said("slot", "fixed")),
    Measure(name="flexible_hours", amount="hours", counts=_said("slot", "flexible")),
)
BY_CLASS = (
    Measure(name="lecture_hours", amount="hours", counts=_said("class", "lecture")),
    Measure(name="practice_hours", amount="hours", counts=_said("class", "practice")),
)
CREDITS = (Measure(name="credits", amount="credits", counts=every_line),)
