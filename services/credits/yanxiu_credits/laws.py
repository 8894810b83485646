"""Which law judges the training of a day: the pack that the district is bound to, where it credits anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yanxiu_footing import laws
from yanxiu_footing.laws import Bound, binding_on
from yanxiu_rulekit.decision import CreditRules
from yanxiu_rulekit.pack import RulePack
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District

from yanxiu_credits import refusals

__all__ = ["Bound", "InForce", "Laws", "binding_on"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The law of a district on a day: the pack, its credit rules, and the district's settings under it.

    `settings` are plain values as they can be stored: parameter -> `{"value": ..., "decided_by": ...}`.
    """

    pack: RulePack
    credit: CreditRules
    settings: Mapping[str, Any]


class Laws(laws.Laws):
    """The laws of this process, asked for their credits; `bound` also finds those that order workflows alone."""

    def in_force(self, district: District | None, on: date, *, field: str = "on") -> InForce | Refused:
        """Return the law that governs `on`, or why there is none: LAW_NOT_IN_FORCE or LAW_UNUSABLE."""
        bound = self.bound(district, on, field=field)
        if isinstance(bound, Refused):
            return bound
        if bound.pack.credit is None:
            return refusals.law_unusable(bound.pack.jurisdiction)
        return InForce(pack=bound.pack, credit=bound.pack.credit, settings=bound.settings)
