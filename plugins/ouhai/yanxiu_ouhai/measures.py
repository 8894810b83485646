"""What a year and a cycle add up: credits by where the training came from, and hours and credits in all."""

from __future__ import annotations

from collections.abc import Callable

from yanxiu_rulekit import CreditLine, Law, Measure, every_line


def _from(source: str) -> Callable[[CreditLine, Law], bool]:
    def counts(line: CreditLine, _law: Law) -> bool:
        return line.attributes["source"] == source

    return counts


# OUHAI-2-2, 7-2a.
BY_SOURCE = (
    Measure(name="school_credits", amount="credits", counts=_from("school")),
    Measure(name="other_credits", amount="credits", counts=_from("other")),
)
IN_ALL = (
    Measure(name="hours", amount="hours", counts=every_line),
    Measure(name="credits", amount="credits", counts=every_line),
)
