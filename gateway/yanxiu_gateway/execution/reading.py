"""What a plan reads below a field: so that a service is asked for that, where it can answer in part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yanxiu_gateway.execution.plan import FieldPlan, Selection, Shape

PLANNED = "_planned"


def reads(info: Any, *path: str) -> frozenset[str] | None:
    """The attributes that are read of the objects found by these fields under the one that `info` is of.

    None when that cannot be said: graphql-core executes, or a field is a function that does not say what it reads.
    """
    plan: FieldPlan | None = getattr(info, PLANNED, None)
    if plan is None:
        return None
    selections = list(_below(plan.shape))
    for step in path:
        fields = [one for selection in selections for one in selection.fields if one.nodes[0].name.value == step]
        selections = [selection for one in fields for selection in _below(one.shape)]
    found: set[str] = set()
    for selection in selections:
        for field in selection.fields:
            its = _reads(field)
            if its is None:
                return None
            found.update(its)
    return frozenset(found)


def _reads(field: FieldPlan) -> Iterable[str] | None:
    if field.answered.how == "typename":
        return ()
    if field.answered.how == "attribute":
        return (field.answered.attribute,)
    return getattr(field.answered.call, "reads", None)


def _below(shape: Shape) -> Iterable[Selection]:
    while shape.item is not None:
        shape = shape.item
    return shape.selections.values()
