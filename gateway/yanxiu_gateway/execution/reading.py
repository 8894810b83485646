"""What a plan reads and asks below a field: a service is asked for that in part, and for what follows at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from yanxiu_gateway.execution.batch import AHEAD, Batch
from yanxiu_gateway.execution.plan import FieldPlan, Selection, Shape

PLANNED = "_planned"
RUNNING = "_running"


def reads(info: Any, *path: str) -> frozenset[str] | None:
    """The attributes that are read of the objects found by these fields under the one that `info` is of.

    None when that cannot be said: graphql-core executes, or a field is a function that does not say what it reads.
    """
    plan: FieldPlan | None = getattr(info, PLANNED, None)
    if plan is None:
        return None
    key = ("reads", path)
    if key not in plan.known:
        plan.known[key] = _all_read(plan, path)
    return plan.known[key]


def asked_below(info: Any, *path: str) -> Iterator[tuple[Batch, dict[str, Any]]]:
    """What fields of the objects found there say of their asking ahead, each with its info and arguments.

    Nothing where graphql-core executes; a field whose arguments are wrong is left to say so itself.
    """
    plan: FieldPlan | None = getattr(info, PLANNED, None)
    if plan is None:
        return
    key = ("ahead", path)
    fields = plan.known.get(key)
    if fields is None:
        fields = plan.known[key] = [one for one in _fields(plan, path) if hasattr(one.answered.call, AHEAD)]
    for field in fields:
        given = getattr(info, RUNNING).given(field)
        if not isinstance(given, Exception):
            yield getattr(field.answered.call, AHEAD), given


def _all_read(plan: FieldPlan, path: Iterable[str]) -> frozenset[str] | None:
    found: set[str] = set()
    for field in _fields(plan, path):
        its = _reads(field)
        if its is None:
            return None
        found.update(its)
    return frozenset(found)


def _fields(plan: FieldPlan, path: Iterable[str]) -> Iterator[FieldPlan]:
    for selection in _selections(plan, path):
        yield from selection.fields


def _selections(plan: FieldPlan, path: Iterable[str]) -> list[Selection]:
    """The selections of the objects found by these fields under another."""
    selections = list(_below(plan.shape))
    for step in path:
        fields = [one for selection in selections for one in selection.fields if one.nodes[0].name.value == step]
        selections = [selection for one in fields for selection in _below(one.shape)]
    return selections


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
