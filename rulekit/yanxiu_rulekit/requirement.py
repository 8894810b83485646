"""Requirements as data: a measure, an operator, a parameter and a clause, from which shortfall and sentence follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal

import msgspec

from yanxiu_rulekit.law import Law
from yanxiu_rulekit.outcome import Finding


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a requirement list.

    `measure` names a figure in the measures; `parameter` the dated threshold (`row` its row when it is a table).
    `of` names the denominator of a share: then `measure >= threshold * of` is tested, exactly, and an empty
    denominator is a breach. `binding` False reports a breach without failing the verdict.
    """

    clause: str
    measure: str
    operator: Literal["at_least", "at_most", "below"]
    parameter: str
    label_zh: str
    label_en: str
    unit: str
    row: str | None = None
    of: str | None = None
    binding: bool = True


def hold(requirements: Iterable[Requirement], measures: Mapping[str, Decimal], law: Law) -> tuple[Finding, ...]:
    """Hold each requirement against the measures, in the order given; a missing measure raises KeyError."""
    return tuple(_hold_one(requirement, measures, law) for requirement in requirements)


def breached(findings: Iterable[Finding]) -> list[str]:
    """Return the clauses that are breached, in rule order."""
    return [finding.clause for finding in findings if not finding.met]


def _hold_one(requirement: Requirement, measures: Mapping[str, Decimal], law: Law) -> Finding:
    asked = getattr(law, requirement.parameter)
    threshold = Decimal(asked[requirement.row] if requirement.row is not None else asked)
    readings = law.take_readings()
    earned = measures[requirement.measure]
    whole = measures[requirement.of] if requirement.of else Decimal(1)
    wanted = threshold * whole
    if requirement.of and whole == 0:
        met, missing, shown = False, Decimal(0), None
    else:
        met = {"at_least": earned >= wanted, "at_most": earned <= wanted, "below": earned < wanted}[
            requirement.operator
        ]
        missing = abs(wanted - earned) if not met else Decimal(0)
        shown = earned
    return Finding(
        clause=requirement.clause,
        measure=requirement.measure,
        label_zh=requirement.label_zh,
        label_en=requirement.label_en,
        unit=requirement.unit,
        operator=requirement.operator,
        threshold=wanted,
        earned=shown,
        shortfall=missing,
        met=met,
        binding=requirement.binding,
        readings=readings,
    )
