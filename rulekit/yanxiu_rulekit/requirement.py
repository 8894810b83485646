"""Requirements as data: a measure, an operator, a parameter and a clause, from which shortfall and sentence follow."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal

import msgspec

from yanxiu_rulekit.formula import choose
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


_HOLDS: dict[str, Callable[[Any, Any], Any]] = {"at_least": operator.ge, "at_most": operator.le, "below": operator.lt}


def hold(requirements: Iterable[Requirement], measures: Mapping[str, Any], law: Law) -> tuple[Finding, ...]:
    """Hold each requirement against the measures, in the order given; a missing measure raises KeyError.

    Where measures are columns, so are `met`, `earned`, `threshold` (of a share) and `shortfall` of a finding.
    """
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
    empty = whole == 0 if requirement.of else False
    met = choose((empty, False), otherwise=lambda: _HOLDS[requirement.operator](earned, wanted))
    missing = choose((empty, Decimal(0)), (met, Decimal(0)), otherwise=lambda: abs(wanted - earned))
    return Finding(
        clause=requirement.clause,
        measure=requirement.measure,
        label_zh=requirement.label_zh,
        label_en=requirement.label_en,
        unit=requirement.unit,
        operator=requirement.operator,
        threshold=wanted,
        earned=choose((empty, None), otherwise=earned),
        shortfall=missing,
        met=met,
        binding=requirement.binding,
        readings=readings,
    )
