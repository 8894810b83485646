"""A decision as it is stored, and the explanation made of it: steps, readings, clauses with their words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec
from yanxiu_footing.stored import simple
from yanxiu_rulekit import outcome
from yanxiu_rulekit.pack import RulePack
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.credits import Finding
from yanxiu_wire.explanation import Clause, Explanation, Reading, Step


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a decision: kind, status, result and every step with its readings, in exact texts."""

    kind: str
    status: str
    result: Mapping[str, Any]
    steps: tuple[Step, ...]


def write_decision(assessment: outcome.Assessment) -> str:
    """Return the decision as it is stored."""
    decided = assessment.decided
    return encode(
        Decision(
            kind=decided.kind,
            status=assessment.status,
            result=simple(decided.result),
            steps=tuple(step(one) for one in decided.steps),
        )
    ).decode()


def read_decision(text: str) -> Decision:
    """Return what `write_decision` wrote."""
    return decode(Decision, text.encode())


def step(one: outcome.Step) -> Step:
    """Return a step as it travels."""
    return Step(
        name=one.name,
        value=_text(one.value),
        unit=one.unit,
        zh=one.zh,
        en=one.en,
        clauses=one.clauses,
        readings=tuple(reading(each) for each in one.readings),
    )


def reading(one: outcome.Reading) -> Reading:
    """Return a reading as it travels."""
    return Reading(
        parameter=one.parameter,
        label=one.label,
        value=_text(one.value),
        unit=one.unit,
        since=one.since,
        clause=one.cite,
        key=one.key,
        decided_by=one.decided_by,
    )


def finding(one: outcome.Finding) -> Finding:
    """Return a finding as it travels."""
    fields = {name: getattr(one, name) for name in Finding.__struct_fields__ if name != "readings"}
    return Finding(**fields, readings=tuple(reading(each) for each in one.readings))


def explanation(
    pack: RulePack | None,
    *,
    name: str,
    version: str,
    on: date,
    steps: tuple[Step, ...],
    findings: Iterable[Finding] = (),
) -> Explanation:
    """Return the explanation of stored steps; the words of the clauses come from the pack, if it is still loaded."""
    cited: dict[str, None] = {}
    for one in steps:
        cited.update(dict.fromkeys(one.clauses))
        cited.update(dict.fromkeys(each.clause for each in one.readings))
    for found in findings:
        cited[found.clause] = None
        cited.update(dict.fromkeys(each.clause for each in found.readings))
    return Explanation(
        pack=name,
        version=version,
        on=on,
        source=pack.source.title if pack else "",
        steps=steps,
        clauses=tuple(_clause(pack, cite) for cite in cited),
    )


def _clause(pack: RulePack | None, cite: str) -> Clause:
    found = pack.source.clause(cite) if pack else None
    if found is None:
        return Clause(id=cite, heading="", quotation="")
    return Clause(id=cite, heading=found.heading, quotation=found.quotation, note=found.note)


def _text(value: Any) -> str:
    value = simple(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: ""}[value]
    return str(value) if isinstance(value, int) else msgspec.json.encode(value).decode()
