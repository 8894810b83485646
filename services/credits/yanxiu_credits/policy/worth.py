"""What a record is worth under another law, and why that differs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from yanxiu_footing.stored import freeze, simple
from yanxiu_rulekit import outcome
from yanxiu_rulekit.errors import FactsRefused, RuleNotInForce
from yanxiu_wire.policy import Cause
from yanxiu_wire.refusal import Refused

from yanxiu_credits.assess import exact_micro
from yanxiu_credits.law_facts import read_question, read_values
from yanxiu_credits.laws import InForce

REJECTED = "REJECTED"
_MOST_CAUSES = 12


class Worth(msgspec.Struct, frozen=True, kw_only=True):
    """What a law makes of a record: status and amounts in millionths, what later judging needs, and how it came.

    REJECTED: the law would refuse the entry altogether; `refused` are the clauses and words for it.
    """

    status: str
    micro_hours: int = 0
    micro_credits: int = 0
    attributes: str = "{}"
    assessment: Any = None
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def figures(self) -> tuple[str, int, int, str]:
        """What two worths are compared by."""
        return self.status, self.micro_hours, self.micro_credits, self.attributes


def worth_under(law: InForce | Refused, row: Mapping[str, Any]) -> Worth:
    """Judge a stored record again, by its stored facts, under a law of its day.

    What would be refused at its registration is REJECTED here: by the law itself, for want of a project that the law
    demands, or because the law cannot read the facts.
    """
    if isinstance(law, Refused):
        return _rejected([("", law.errors[0].message_zh)])
    facts = read_values(law.pack, msgspec.json.decode(row["facts"]))
    try:
        question = read_question(law.pack, facts)
        demanded = law.credit.project_demanded_by(question) if row["project"] is None else ()
        found = law.pack.assess(facts, on=row["on"], settings=law.settings)
    except FactsRefused as wrong:
        return _rejected([("", f"{wrong.field}：{wrong.problem}")])
    except RuleNotInForce as wrong:
        return _rejected([("", str(wrong))])
    refused = [(clause, one.zh) for one in found.decided.refusals for clause in one.clauses or ("",)]
    refused += [(clause, "须有经批准的项目 needs an approved project") for clause in demanded]
    hours, credit = exact_micro(found.hours), exact_micro(found.credits)
    if refused or found.status not in ("COUNTED", "ZERO") or hours is None or credit is None:
        return _rejected(refused or [("", found.status)])
    return Worth(
        status=found.status,
        micro_hours=hours,
        micro_credits=credit,
        attributes=freeze(found.attributes),
        assessment=found,
    )


def _rejected(refused: list[tuple[str, str]]) -> Worth:
    return Worth(status=REJECTED, refused=tuple(refused))


def why_worth(before: Worth, after: Worth) -> tuple[Cause, ...]:
    """Return what makes the difference: parameters read with another value, else clauses with another figure."""
    refusals = tuple(
        Cause(clause=clause, label=words, before="", after=REJECTED)
        for clause, words in after.refused
        if (clause, words) not in before.refused
    )
    steps = [_steps(one) for one in (before, after)]
    causes = [*refusals, *different_readings(*(_readings(of) for of in steps))]
    return tuple((causes or different_steps(*steps))[:_MOST_CAUSES])


def _steps(worth: Worth) -> tuple[outcome.Step, ...]:
    return worth.assessment.decided.steps if worth.assessment is not None else ()


def _readings(steps: Iterable[outcome.Step]) -> list[outcome.Reading]:
    return [reading for step in steps for reading in step.readings]


def different_readings(before: Iterable[outcome.Reading], after: Iterable[outcome.Reading]) -> list[Cause]:
    """Return a cause for each parameter (and row) that the two read with different values, in the order read."""
    old = {(one.parameter, one.key): one for one in before}
    new = {(one.parameter, one.key): one for one in after}
    causes: list[Cause] = []
    for name in dict.fromkeys([*new, *old]):
        here, there = old.get(name), new.get(name)
        known = there or here
        # One that only one law reads tells by itself nothing: what it leads to is told by the steps.
        if known is None or here is None or there is None or here.value == there.value:
            continue
        causes.append(
            Cause(
                clause=known.cite,
                label=known.label,
                before=text(here.value),
                after=text(there.value),
                unit=known.unit,
                parameter=known.parameter,
                key=known.key,
            )
        )
    return causes


def different_steps(before: Iterable[outcome.Step], after: Iterable[outcome.Step]) -> list[Cause]:
    """Return a cause for each step that comes to another figure, or that only one law takes."""
    old, new = ({one.name: one for one in steps} for steps in (before, after))
    causes: list[Cause] = []
    for name in dict.fromkeys([*new, *old]):
        here, there = old.get(name), new.get(name)
        known = there or here
        if known is None or (here is not None and there is not None and here.value == there.value):
            continue
        causes.append(
            Cause(
                clause=known.clauses[0] if known.clauses else "",
                label=name,
                before=text(here.value) if here else "",
                after=text(there.value) if there else "",
                unit=known.unit,
            )
        )
    return causes


def text(value: Any) -> str:
    """Return an exact value as text."""
    plain = simple(value)
    if isinstance(plain, str):
        return plain
    return msgspec.json.encode(plain).decode()
