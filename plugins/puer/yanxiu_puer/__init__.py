"""The rule pack of Pu'er (普洱)."""

from __future__ import annotations

from yanxiu_puer.annual import annual
from yanxiu_puer.credits import record_credit
from yanxiu_puer.cycle import cycle
from yanxiu_rulekit import RulePack, hookimpl


@hookimpl
def rule_packs() -> list[RulePack]:
    """Return Pu'er's pack."""
    return [RulePack.load("yanxiu_puer", name="yanxiu-puer", decisions=[record_credit, annual, cycle])]
