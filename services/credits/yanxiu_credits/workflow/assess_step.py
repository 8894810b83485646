"""Whether a step of a workflow may be taken: its state, actor, signers before, window, needs and asks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from yanxiu_rulekit.outcome import Reading
from yanxiu_rulekit.workflow import Ask, Span, Workflow, WorkStep
from yanxiu_wire.process import Evidence, Mark
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_credits.scope import SCHOOL_ROLES
from yanxiu_credits.workflow import refusals
from yanxiu_credits.workflow.signing import RETURN, REVERSAL, Signed

MOST_TEXT = 2000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FLAGS = {"true": True, "false": False}


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts: the person at the keyboard, and the role and school in which he acts.

    Under a delegation role and school are those of `behalf`, the person who gave it, and `workflows` those that he
    handed over (none named: all).
    """

    subject: str
    role: str
    school: str | None = None
    behalf: str | None = None
    delegation: str | None = None
    workflows: tuple[str, ...] = ()

    def covers(self, workflow: str) -> bool:
        """Say whether he may act in this workflow, as far as a delegation goes."""
        return not self.workflows or workflow in self.workflows

    @property
    def people(self) -> frozenset[str]:
        """Everyone who stands behind what is done."""
        return frozenset(one for one in (self.subject, self.behalf) if one)


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """Where a process stands; `school` is None for one of the whole district."""

    state: str
    version: int
    school: str | None
    signatures: tuple[Signed, ...] = ()
    open_objections: int = 0


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What the signer states and attaches; `project_facts` by project."""

    statements: Mapping[str, str] = {}
    evidence: tuple[Evidence, ...] = ()
    project_facts: Mapping[str, Mapping[str, Any]] = {}


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """The days on which a step may be taken under the law of the day, and what was read to find them."""

    span: Span = Span()
    readings: tuple[Reading, ...] = ()


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A step that may be taken: what was stated, exactly, and whether the day lies outside the window."""

    step: WorkStep
    statements: Mapping[str, Any]
    mark: Mark


def assess_step(
    workflow: Workflow,
    step: WorkStep,
    situation: Situation,
    actor: Actor,
    given: Given,
    opening: Opening,
    today: date,
) -> Taken | Refused:
    """Judge a step in the order in which an official would ask: who, from where, on which day, on what."""
    refused = (
        who_may_not(step, actor)
        or not_from_here(workflow, step, situation)
        or four_eyes(workflow, step, situation, actor)
        or outside_window(step, opening.span, today)
        or still_waiting(situation)
    )
    if refused is not None:
        return refused
    wrong = tuple(wrong_answers(step, given))
    if wrong:
        return Refused(errors=wrong)
    return Taken(step=step, statements=dict(_answers(step, given)), mark=mark_of(opening.span, today))


def who_may_not(step: WorkStep, actor: Actor) -> Refused | None:
    """Return the refusal of a role that does not take this step; its school was looked at before."""
    return None if actor.role in step.by else refusals.step_not_yours(step, actor.role)


def not_from_here(workflow: Workflow, step: WorkStep, situation: Situation) -> Refused | None:
    """Return the refusal of a step that does not lead on from where the process stands."""
    if situation.state in step.from_states:
        return None
    return refusals.step_not_open(workflow, step, situation.state)


def four_eyes(workflow: Workflow, step: WorkStep, situation: Situation, actor: Actor) -> Refused | None:
    """Return the refusal of a second step by the same person, or for him; the newest signature of a step counts."""
    for name in step.not_by:
        newest = next((one for one in reversed(situation.signatures) if one.step == name), None)
        if newest is not None and newest.people & actor.people:
            other = workflow.step(name)
            return refusals.four_eyes(step, other or step, actor.subject)
    return _signed_for_the_school(workflow, step, situation, actor)


def _signed_for_the_school(workflow: Workflow, step: WorkStep, situation: Situation, actor: Actor) -> Refused | None:
    """Whoever signed for the school, himself or under a delegation, does not recognise what it handed in."""
    if step.effect != "recognise":
        return None
    for one in situation.signatures:
        other = workflow.step(one.step)
        of_the_school = one.role in SCHOOL_ROLES and actor.role not in SCHOOL_ROLES
        if other is not None and of_the_school and one.people & actor.people:
            return refusals.four_eyes(step, other, actor.subject)
    return None


def outside_window(step: WorkStep, span: Span, today: date) -> Refused | None:
    """Return the refusal of a day before or after the window, where the law does not merely mark it."""
    if span.opens and today < span.opens and step.early == "refuse":
        return refusals.too_early(step, today, span.opens)
    if span.closes and today > span.closes and step.late == "refuse":
        return refusals.too_late(step, today, span.closes)
    return None


def mark_of(span: Span, today: date) -> Mark:
    """Say on which side of the window a day lies."""
    if span.opens and today < span.opens:
        return "early"
    return "late" if span.closes and today > span.closes else ""


def still_waiting(situation: Situation) -> Refused | None:
    """Return the refusal of going on while objections are open: an objection never lapses by moving on."""
    return refusals.objections_open(situation.open_objections) if situation.open_objections else None


def state_returned_to(workflow: Workflow, situation: Situation, actor: Actor) -> str | Refused:
    """Return the state that a return by this actor leads to: where the step in his hands says, else the one before."""
    steps = workflow.open_steps(situation.state)
    mine = [step for step in steps if actor.role in step.by]
    if not mine:
        roles = tuple(dict.fromkeys(role for step in steps for role in step.by))
        return refusals.return_not_yours(actor.role, roles)
    foreseen = [step for step in mine if step.returns_to != "none"]
    if situation.state == workflow.start or not foreseen:
        return refusals.no_return(workflow, situation.state)
    if foreseen[0].returns_to is not None:
        return foreseen[0].returns_to
    before = (
        one.from_state
        for one in reversed(situation.signatures)
        if one.to_state == situation.state and one.step not in (RETURN, REVERSAL)
    )
    return next((state for state in before if state != situation.state), workflow.start)


def recognised_by_step(workflow: Workflow, signatures: tuple[Signed, ...]) -> Signed | None:
    """Return the signature of the newest recognition, taken back since or not; None where nothing was recognised."""
    steps = {step.name for step in workflow.steps if step.effect == "recognise"}
    return next((one for one in reversed(signatures) if one.step in steps), None)


def state_taken_back_to(workflow: Workflow, state: str, signatures: tuple[Signed, ...]) -> str:
    """Return where a process stands once its recognition is taken back: before it; where it has left it, as it is."""
    made = recognised_by_step(workflow, signatures)
    since = signatures[made.seq :] if made is not None else ()
    gone = made is None or any(one.step in (RETURN, REVERSAL) for one in since)
    return state if gone or made is None else made.from_state


def phase_of(workflow: Workflow, signatures: tuple[Signed, ...]) -> str:
    """Return how far the records of a process have come, from the effects of the steps that were signed."""
    phase = before = "registered"
    for one in signatures:
        effect = step.effect if (step := workflow.step(one.step)) else None
        if effect == "recognise":
            before = phase
        if one.step == RETURN:
            phase = "returned"
        elif one.step == REVERSAL:
            phase = before if phase == "recognised" else phase
        elif effect == "recognise" or phase == "recognised":
            phase = "recognised"
        elif effect == "open_publicity":
            phase = "in_publicity"
        elif phase in ("in_publicity", "submitted"):
            phase = "submitted"
        else:
            phase = "reviewed"
    return phase


# ---- what is asked ---------------------------------------------------------------------------------------------


def wrong_answers(step: WorkStep, given: Given) -> Iterator[RefusalItem]:
    """Give every reason against what was stated: unknown, missing, or not of its form."""
    asks = {ask.name: ask for ask in step.asks}
    documents = {ask.name for ask in step.asks if ask.form == "document"}
    for name, text in given.statements.items():
        if name not in asks or asks[name].form in ("document", "projects"):
            yield refusals.ask_unknown(step, f"statements.{name}", name)
        elif read_answer(asks[name], text) is None:
            yield refusals.ask_malformed(asks[name], text)
    for one in given.evidence:
        if one.name and one.name not in documents:
            yield refusals.ask_unknown(step, f"evidence.{one.name}", one.name)
        elif not is_whole(one):
            yield refusals.evidence_malformed(one)
    if given.project_facts and not any(ask.form == "projects" for ask in step.asks):
        yield refusals.ask_unknown(step, "project_facts", "project_facts")
    yield from (refusals.ask_missing(ask) for ask in missing(step, given))


def is_whole(one: Evidence) -> bool:
    """Say whether an attachment has a title, a place and a digest."""
    return bool(one.title.strip() and one.reference.strip() and _SHA256.fullmatch(one.sha256))


def missing(step: WorkStep, given: Given) -> Iterator[Ask]:
    """Give the required asks that nothing answers."""
    attached = {one.name for one in given.evidence}
    for ask in step.asks:
        if ask.form == "document":
            there = ask.name in attached
        else:
            there = bool(given.project_facts) if ask.form == "projects" else ask.name in given.statements
        if ask.required and not there:
            yield ask


def _answers(step: WorkStep, given: Given) -> Iterator[tuple[str, Any]]:
    for ask in step.asks:
        if ask.form == "projects" and given.project_facts:
            yield ask.name, given.project_facts
        elif ask.name in given.statements:
            yield ask.name, read_answer(ask, given.statements[ask.name])


def read_answer(ask: Ask, text: str) -> Any:
    """Return a text in the form that is asked for, None where it is not of that form."""
    text = text.strip()
    if ask.form == "flag":
        return _FLAGS.get(text)
    if not text or len(text) > MOST_TEXT:
        return None
    try:
        if ask.form == "number":
            number = Decimal(text)
            return number if number.is_finite() and len(text) <= 32 else None
        return date.fromisoformat(text) if ask.form == "day" else text
    except (InvalidOperation, ValueError):
        return None
