"""Why a record's entry was taken back, by whom, and on what finding."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry
from yanxiu_wire import credits as wire_credits

from yanxiu_gateway.schema.nodes import global_id
from yanxiu_gateway.schema.role import CallerRole


@strawberry.enum(name="ReversalReason", description="为何冲销。Why an entry was taken back.")
class ReversalReason(Enum):
    """Correction, fraud, objection, law or return."""

    CORRECTION = strawberry.enum_value("correction", description="更正。A correction.")
    FRAUD = strawberry.enum_value("fraud", description="弄虚作假。Fraud.")
    OBJECTION = strawberry.enum_value("objection", description="异议成立。An objection that was upheld.")
    LAW = strawberry.enum_value("law", description="依规定。By the law.")
    RETURN = strawberry.enum_value("return", description="退回。A return.")


ReversalRow = strawberry.Parent[wire_credits.Reversal]


def reversal_entry(root: ReversalRow) -> strawberry.ID:
    """The reversing entry's id."""
    return global_id("LedgerEntry", root.entry)


def reversal_why(root: ReversalRow) -> ReversalReason:
    """Why it was taken back."""
    return ReversalReason(root.why)


def reversal_role(root: ReversalRow) -> CallerRole:
    """In which role."""
    return CallerRole(root.role)


def reversal_integrity(root: ReversalRow) -> strawberry.ID | None:
    """The finding of fraud, if that was the reason."""
    return global_id("IntegrityEntry", root.integrity) if root.integrity is not None else None


@strawberry.type(name="Reversal", description="冲销：分录为何、由谁、何时被冲销。Why an entry was taken back.")
class Reversal:
    """A reversal."""

    entry: strawberry.ID = strawberry.field(resolver=reversal_entry, description="冲销分录。The reversing entry.")
    why: ReversalReason = strawberry.field(resolver=reversal_why, description="缘由。Why.")
    reason: str = strawberry.field(description="所写理由。The reason as it was given.")
    reversed_by: str = strawberry.field(description="由谁冲销。Who took it back.")
    role: CallerRole = strawberry.field(resolver=reversal_role, description="以何角色。In which role.")
    recorded_at: datetime = strawberry.field(description="冲销时刻。When.")
    integrity_entry: strawberry.ID | None = strawberry.field(
        resolver=reversal_integrity, description="所依据的诚信记录。The integrity entry, where fraud was the reason."
    )
