"""Run a decision once with traced facts, and keep the path that it took."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, Inexact
from typing import TYPE_CHECKING, Any

import msgspec

from yanxiu_rulekit.columns.paths import Path
from yanxiu_rulekit.columns.traced import Node, Trace, TracedDate, TracedDecimal, node_of
from yanxiu_rulekit.errors import FactsRefused, RuleNotInForce

if TYPE_CHECKING:
    from yanxiu_rulekit.pack import RulePack


def trace_path(
    pack: RulePack,
    given: tuple[date, Mapping[str, Any]],
    names: Sequence[str],
    settings: Mapping[str, Any] | None,
) -> Path | None:
    """Assess one record with the facts `names` and the governing day traced; return how all of its path are answered.

    Facts that cannot be read and a law that is not in force are outcomes like others. None where an amount does not
    end: which facts make it so is no comparison.
    """
    on, facts = given
    trace = Trace()
    try:
        # As text, so that each fact is an object of its own when it is read.
        question = pack.read_record({**facts, **{name: str(facts[name]) for name in names[1:]}})
        _trace_facts(question.record, names, trace)
        assessed = pack.assess_read(question, on=trace.day(names[0], on), settings=settings)
    except (FactsRefused, RuleNotInForce):
        return Path(guards=trace.guards, status="UNREADABLE")
    except Inexact:
        return None
    reasons = tuple(map(str, assessed.decided.result.get("reasons", ())))
    if assessed.status != "COUNTED":
        return Path(guards=trace.guards, status=assessed.status, reasons=reasons)
    leaves: list[tuple[Node, bool]] = []
    attributes = _template(assessed.attributes, leaves)
    return Path(
        guards=trace.guards,
        status=assessed.status,
        reasons=reasons,
        hours=node_of(assessed.hours),
        credits=node_of(assessed.credits),
        leaves=tuple(leaves),
        attributes=attributes,
    )


def _trace_facts(record: Any, names: Sequence[str], trace: Trace) -> None:
    """Put traced facts into a record that was read; a fact stated in another word is the same fact."""
    fields = msgspec.structs.fields(record)
    read: dict[int, Any] = {}
    for one in fields:
        value = getattr(record, one.name)
        if one.encode_name in names:
            make: Any = trace.number if isinstance(value, Decimal) else trace.day
            read[id(value)] = make(one.encode_name, value)
    for one in fields:
        found = read.get(id(getattr(record, one.name)))
        if found is not None:
            msgspec.structs.force_setattr(record, one.name, found)


def _template(value: Any, leaves: list[tuple[Node, bool]]) -> Callable[[tuple[Any, ...]], Any]:
    """Return what makes a value like this one from the values of its traced numbers and days, noted in `leaves`."""
    if isinstance(value, TracedDecimal | TracedDate):
        place = len(leaves)
        leaves.append((value.node, isinstance(value, TracedDate)))
        return lambda values: values[place]
    if isinstance(value, Mapping):
        inner = {name: _template(one, leaves) for name, one in value.items()}
        return lambda values: {name: make(values) for name, make in inner.items()}
    if isinstance(value, list | tuple):
        made = [_template(one, leaves) for one in value]
        kind = type(value)
        return lambda values: kind(make(values) for make in made)
    return lambda _values: value
