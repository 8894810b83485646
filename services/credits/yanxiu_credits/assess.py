"""What one training is worth under the law of its day. Pure: no waiting, no storage, no clock."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, Inexact, InvalidOperation, localcontext
from typing import Any

import msgspec
from yanxiu_footing.stored import canonical, freeze, simple
from yanxiu_rulekit.errors import FactsRefused, RuleNotInForce
from yanxiu_rulekit.numbers import EXACT, to_micro
from yanxiu_rulekit.outcome import Assessment
from yanxiu_wire.credits import Project
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.explain import write_decision
from yanxiu_credits.fact_refusals import fact_fixed, fact_malformed, left_to_project
from yanxiu_credits.law_facts import STATED_BY_SERVICE, choices, known_facts, read_question, read_values
from yanxiu_credits.laws import InForce
from yanxiu_credits.ledger import digest

# No teacher earns a million hours; an amount beyond it is a fault of the pack, and the ledger's integers stay small.
MOST_MICRO = 10**12


# Questions whose answers are kept: a class of teachers has the same facts of one training. Longer ones are judged anew.
KEPT = 256
LONGEST_KEPT = 4_000


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """What a record is worth: amounts in millionths, the facts it was judged by, and the kit's decision.

    `activity` names what was done, for the natural key: the project, or a digest of kind, day and facts. `unsaid` are
    facts that would tell it from another training of the day and are not stated. What is written of it is the same for
    all who have it in common, and made once.
    """

    law: InForce = field(compare=False, repr=False)
    on: date
    facts: Mapping[str, Any]
    assessment: Assessment
    micro_hours: int
    micro_credits: int
    activity: str
    unsaid: tuple[str, ...] = ()

    @functools.cached_property
    def reasons(self) -> tuple[str, ...]:
        """The clauses for which nothing counts, as the law names them."""
        return tuple(str(one) for one in self.assessment.decided.result.get("reasons", ()))

    @functools.cached_property
    def reasons_text(self) -> str:
        """Return the reasons as they are stored."""
        return msgspec.json.encode(self.reasons).decode()

    @functools.cached_property
    def attributes(self) -> Mapping[str, Any]:
        """Return what later judging needs, as it travels."""
        return simple(self.assessment.attributes)

    @functools.cached_property
    def days_beside(self) -> tuple[date, ...]:
        """Return the days of other periods that the record changes."""
        return days_beside(self.law, self.on, self.assessment.attributes)

    @functools.cached_property
    def facts_text(self) -> str:
        """Return the facts as they are stored."""
        return canonical(self.facts)

    @functools.cached_property
    def attributes_text(self) -> str:
        """Return what later judging needs, as it is stored."""
        return freeze(self.assessment.attributes)

    @functools.cached_property
    def decision_text(self) -> str:
        """Return the decision as it is stored."""
        return write_decision(self.assessment)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What a training is judged by; two are the same where `key` is, which tells every value with its type."""

    key: tuple[Any, ...]
    given: Mapping[str, Any] = field(compare=False)
    on: date = field(compare=False)
    project: Project | None = field(compare=False)
    law: InForce = field(compare=False)


def assess(given: Mapping[str, Any], on: date, project: Project | None, law: InForce) -> Assessed | Refused:
    """Judge one record; a contradiction, a malformed fact or an inexact amount is refused.

    `given` are the record's own facts; what the project fixes and what the service states is added and may not be
    contradicted. Law is a pure function, so the same question is judged once as long as its answer is kept.
    """
    of_project = (project.id, project.state, project.approved_on, repr(project.facts)) if project is not None else ()
    key = (law.pack, repr(law.settings), on, repr(given), *of_project)
    if sum(len(part) for part in key if isinstance(part, str)) > LONGEST_KEPT:
        return _judged(given, on, project, law)
    return _kept(_Question(key=key, given=given, on=on, project=project, law=law))


@functools.lru_cache(maxsize=KEPT)
def _kept(asked: _Question) -> Assessed | Refused:
    return _judged(asked.given, asked.on, asked.project, asked.law)


def _judged(given: Mapping[str, Any], on: date, project: Project | None, law: InForce) -> Assessed | Refused:
    given, fixed = read_values(law.pack, given), read_values(law.pack, stated(on, project))
    for name in given:
        if name in fixed and not same(given[name], fixed[name]):
            return fact_fixed(name, given[name], fixed[name], project.id if project else None)
        if name in STATED_BY_SERVICE and name not in fixed:
            return fact_fixed(name, given[name], None, None)
    barred = law.credit.of_the_project(project.facts, given) if project is not None else ()
    if project is not None and barred:
        return left_to_project(barred[0], given[barred[0]], project.id)
    facts = {**given, **fixed}
    try:
        question = read_question(law.pack, facts)
        completed = law.pack.record_decision.day(question)
        if completed is not None and completed != on:
            return fact_fixed("date", completed, on, None, said=_word_of(completed, given))
        demanded = law.credit.project_demanded_by(question) if project is None else ()
        telling = {} if project else telling_facts(law, on, question)
        assessment = law.pack.assess_read(question, on=on, settings=law.settings)
    except FactsRefused as wrong:
        return malformed(wrong, law, known_facts(law.pack))
    except RuleNotInForce:
        return refusals.law_not_in_force(on)
    refused = [
        *refusals.by_law(assessment.decided.refusals, project.id if project else None),
        *(refusals.project_required(demanded) if demanded else ()),
    ]
    if refused:
        return Refused(errors=tuple(refused))
    activity = project.id if project else digest(law.credit.record, on.isoformat(), canonical(telling))
    unsaid = tuple(name for name, value in telling.items() if value is None) if law.credit.told_apart_by else ()
    return _weigh(law, on, simple(facts), assessment, activity, unsaid)


def days_beside(law: InForce, on: date, attributes: Mapping[str, Any]) -> tuple[date, ...]:
    """Return the days of other periods that a record of the day with these attributes changes."""
    try:
        days = law.credit.touched(on, attributes, law.pack.law(on, law.settings))
    except RuleNotInForce:
        return ()
    return tuple(day for day in days if day != on)


def _word_of(day: date, given: Mapping[str, Any]) -> str:
    """Return the fact that states another day of completion than the command does."""
    return next((name for name, value in given.items() if simple(value) == day.isoformat()), "date")


def assess_project(facts: Mapping[str, Any], on: date, law: InForce) -> Refused | None:
    """Judge what a project fixes as the law would judge a record under it, before any record is made.

    Only what the project states itself is refused, such as a coefficient outside its range; what a record must still
    say is left to the record, its day too, and a law that says nothing without it is asked then.
    """
    try:
        refused = law.pack.assess({**facts, **_if_approved(on)}, on=on, settings=law.settings).decided.refusals
    except FactsRefused as wrong:
        return (
            malformed(wrong, law, tuple(sorted(law.credit.project_facts)))
            if wrong.field.removeprefix("record.") in facts
            else None
        )
    except RuleNotInForce:
        return None
    own = tuple(item for item in refusals.by_law(refused) if item.field.removeprefix("facts.") in facts)
    return Refused(errors=own) if own else None


def _if_approved(on: date) -> dict[str, Any]:
    return {"project_approved": True, "project_approved_on": on}


def malformed(wrong: FactsRefused, law: InForce, known: tuple[str, ...]) -> Refused:
    """Return the refusal of a fact that cannot be read; a missing one is named itself, not what it is missing from."""
    _, _, missing = wrong.problem.partition("missing required field `")
    if missing:
        path = refusals.fact_path(f"{wrong.field}.{missing.partition('`')[0]}")
        return fact_malformed(path, None, wrong.problem, known)
    path = refusals.fact_path(wrong.field)
    return fact_malformed(path, wrong.value, wrong.problem, known, choices(law.pack, path.removeprefix("facts.")))


def stated(on: date, project: Project | None) -> dict[str, Any]:
    """Return the facts that the record does not choose: the day, and all that its project fixes."""
    if project is None:
        return {"date": on}
    return {
        **project.facts,
        "date": on,
        "project_approved": project.state == "approved",
        "project_approved_on": project.approved_on,
    }


def same(one: Any, other: Any) -> bool:
    """Say whether two facts are the same: as texts, or as numbers (`1.50` is `1.5`)."""
    one, other = simple(one), simple(other)
    if one == other:
        return True
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return False
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except InvalidOperation:
        return False


def telling_facts(law: InForce, on: date, question: Any) -> dict[str, Any]:
    """Return the facts that stand for a training without a project: same day and facts, same activity.

    The facts are taken as the law reads them, so that `10` and `10.0`, or a default and its omission, are one; where
    the law says what tells trainings apart, the rest of them is left out.
    """
    told = law.credit.told_apart_by
    facts = question.record if told is None else told(question, law.pack.law(on, law.settings))
    return {**msgspec.to_builtins(facts, builtin_types=(Decimal, date)), "date": on}


def as_read(law: InForce, facts: Mapping[str, Any]) -> str:
    """Return facts as the law reads them, in one spelling; as they are, where it cannot read them (any more)."""
    try:
        question = read_question(law.pack, read_values(law.pack, facts))
    except FactsRefused:
        return canonical(facts)
    return canonical(msgspec.to_builtins(question.record, builtin_types=(Decimal, date)))


def _weigh(
    law: InForce,
    on: date,
    facts: Mapping[str, Any],
    assessment: Assessment,
    activity: str,
    unsaid: tuple[str, ...],
) -> Assessed | Refused:
    if assessment.status not in ("COUNTED", "ZERO"):
        return refusals.rejected(tuple(str(one) for one in assessment.decided.result.get("reasons", ())))
    micro: list[int] = []
    for measure, amount in (("hours", assessment.hours), ("credits", assessment.credits)):
        exact = exact_micro(amount)
        if exact is None:
            return refusals.amount_not_exact(measure, amount)
        micro.append(exact)
    return Assessed(
        law=law,
        on=on,
        facts=facts,
        assessment=assessment,
        micro_hours=micro[0],
        micro_credits=micro[1],
        activity=activity,
        unsaid=unsaid,
    )


def exact_micro(amount: Decimal) -> int | None:
    """Return an amount in millionths, or None when it is no number the ledger holds exactly."""
    if not amount.is_finite():
        return None
    try:
        with localcontext(EXACT):
            micro = to_micro(amount)
    except (ValueError, Inexact):
        return None
    return micro if 0 <= micro <= MOST_MICRO else None
