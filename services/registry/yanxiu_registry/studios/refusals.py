"""The expected refusals about studios."""

from __future__ import annotations

from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.refusals import item


def studio_unknown(field: str, value: str) -> RefusalItem:
    """There is no such studio."""
    return item(
        "STUDIO_UNKNOWN",
        field,
        value,
        ("没有此工作室", "请从工作室名录中选择"),
        ("there is no such studio", "choose a studio of the register"),
    )
