"""Processes as they travel: in short for lists, in full with signatures, open steps, publicity and objections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
from yanxiu_footing.clock import from_us
from yanxiu_rulekit.workflow import Ask, Workflow, WorkStep
from yanxiu_wire.process import (
    Asked,
    Evidence,
    Objection,
    OpenStep,
    Process,
    Publicity,
    Signature,
    WorkflowStep,
    WorkflowView,
)
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_credits.explain import reading
from yanxiu_credits.scope import READERS, REGISTRARS
from yanxiu_credits.workflow.advance import period_view
from yanxiu_credits.workflow.assess_step import Actor, Opening, four_eyes, outside_window, still_waiting
from yanxiu_credits.workflow.publicity_store import Round
from yanxiu_credits.workflow.running import Running
from yanxiu_credits.workflow.signing import RETURN, REVERSAL, Stored
from yanxiu_credits.workflow.windows import opening_of

# What is signed beside the steps of a workflow.
_OTHER_LABELS = {RETURN: ("退回", "returned"), REVERSAL: ("撤销认定", "recognition taken back")}
_DAY = timedelta(days=1)


def short_view(running: Running) -> Process:
    """Return a process as a list shows it."""
    row, workflow = running.row, running.workflow
    zh, en = workflow.label_of(row.state)
    return Process(
        id=row.id,
        workflow=row.workflow,
        label_zh=workflow.label,
        label_en=workflow.label_en,
        carries=row.carries,
        school=row.school or None,
        period=period_view(row),
        state=row.state,
        state_label_zh=zh,
        state_label_en=en,
        phase=row.phase,  # type: ignore[arg-type]  # `phase_of` gives no other
        ended=row.ended,
        version=row.version,
        entered=row.entered,
        opened_on=row.opened_on,
        pack=row.pack,
        pack_version=row.pack_version,
        clauses=workflow.cite,
        projects=running.projects,
    )


def full_view(running: Running, actors: Sequence[Actor] = ()) -> Process:
    """Return a process with all that is known of it; its steps as these actors may take them."""
    signatures = tuple(signature_view(one, running.workflow) for one in running.chain)
    stated = {name: value for one in signatures for name, value in one.statements.items()}
    steps = running.workflow.open_steps(running.row.state)
    return msgspec.structs.replace(
        short_view(running),
        statements=stated,
        signatures=signatures,
        steps=tuple(open_step(running, step, actors or (running.actor,)) for step in steps),
        publicity=_publicity(running, steps),
        objections=_objections(running, actors or (running.actor,)),
    )


def _objections(running: Running, actors: Sequence[Actor]) -> tuple[Objection, ...]:
    """Return the objections as the reader may see them; of what and of whom, goes by the rule of the public list.

    A teacher sees those about others while the list is public, and that they were settled, not why; afterwards his own:
    those that he raised, and those about him. A researcher sees nobody's results, and so no objection to them.
    """
    roles = {actor.role for actor in actors}
    settles, reads = bool(roles & REGISTRARS), bool(roles & (READERS - {"teacher"}))
    public = "teacher" in roles and running.round is not None and running.round.open
    found: list[Objection] = []
    for one in running.objections:
        raised = one.raised_by == running.caller.subject
        his = raised or (one.teacher is not None and one.teacher == running.caller.teacher)
        if not (settles or reads or his or public):
            continue
        view = one.view if settles or raised else msgspec.structs.replace(one.view, text=None, raised_by=None)
        found.append(view if settles or reads or his else msgspec.structs.replace(view, reason=None, settled_by=None))
    return tuple(found)


def signature_view(one: Stored, workflow: Workflow) -> Signature:
    """Return a signature as it travels."""
    signed = one.signed
    step = workflow.step(signed.step)
    zh, en = (step.label, step.label_en) if step else _OTHER_LABELS.get(signed.step, (signed.step, signed.step))
    return Signature(
        seq=signed.seq,
        step=signed.step,
        label_zh=zh,
        label_en=en,
        subject=signed.subject,
        role=signed.role,
        school=signed.school,
        on_behalf_of=signed.on_behalf_of,
        on=signed.on,
        mark=signed.mark,  # type: ignore[arg-type]  # stored as `mark_of` gave it
        from_state=signed.from_state,
        to_state=signed.to_state,
        statements=msgspec.json.decode(signed.statements),
        evidence=tuple(msgspec.json.decode(signed.evidence, type=list[Evidence])),
        reason=signed.reason,
        pack=signed.pack,
        version=signed.version,
        signed_at=from_us(signed.signed_us),
        previous=signed.previous,
        hash=one.hash,
    )


def open_step(running: Running, step: WorkStep, actors: Sequence[Actor]) -> OpenStep:
    """Return a step that leads on from where the process stands, as the first of the actors who may take it sees it."""
    opening = opening_of(running.law, step, running.moment, running.row.law_on)
    able = [actor for actor in actors if actor.role in step.by]
    hindrances = min((_hindrances(running, step, actor, opening) for actor in able or actors), key=len, default=())
    return step_view(step, opening, running.today, mine=bool(able), hindrances=hindrances)


def step_view(
    step: WorkStep, opening: Opening, today: date, *, mine: bool, hindrances: tuple[RefusalItem, ...] = ()
) -> OpenStep:
    """Return a step with its window under the law of the process."""
    span = opening.span
    return OpenStep(
        name=step.name,
        label_zh=step.label,
        label_en=step.label_en,
        by=step.by,
        opens=span.opens,
        closes=span.closes,
        when_zh=step.when,
        when_en=step.when_en,
        overdue=span.closes is not None and today > span.closes,
        asks=tuple(asked(ask) for ask in step.asks),
        clauses=step.cite,
        readings=tuple(reading(one) for one in opening.readings),
        consequence_zh=step.consequence,
        consequence_en=step.consequence_en,
        mine=mine,
        hindrances=hindrances,
    )


def _hindrances(running: Running, step: WorkStep, actor: Actor, opening: Opening) -> tuple[RefusalItem, ...]:
    refused: tuple[Refused | None, ...] = (
        four_eyes(running.workflow, step, running.situation, actor),
        outside_window(step, opening.span, running.today),
        still_waiting(running.situation),
    )
    return tuple(item for one in refused if one is not None for item in one.errors)


def _publicity(running: Running, steps: Sequence[WorkStep]) -> Publicity | None:
    made: Round | None = running.round
    if made is None:
        return None
    opens = [opening_of(running.law, step, running.moment, running.row.law_on).span.opens for step in steps]
    return Publicity(
        round=made.round,
        teachers=made.teachers,
        opened_on=made.opened_on,
        open_until=min((day - _DAY for day in opens if day is not None), default=None) if made.open else None,
        open=made.open,
        digest=made.digest,
    )


def asked(ask: Ask) -> Asked:
    """Return what a step asks for as it travels."""
    return Asked(
        name=ask.name,
        label_zh=ask.label,
        label_en=ask.label_en,
        form=ask.form,
        required=ask.required,
        clauses=ask.cite,
    )


def workflow_view(one: Workflow) -> WorkflowView:
    """Return a workflow as the law orders it."""
    return WorkflowView(
        name=one.name,
        label_zh=one.label,
        label_en=one.label_en,
        carries=one.carries,
        scope=one.scope,
        per=one.per,
        states=one.states,
        steps=tuple(
            WorkflowStep(
                name=step.name,
                label_zh=step.label,
                label_en=step.label_en,
                from_states=step.from_states,
                to_state=step.to,
                by=step.by,
                asks=tuple(asked(ask) for ask in step.asks),
                not_by=step.not_by,
                clauses=step.cite,
                when_zh=step.when,
                when_en=step.when_en,
                consequence_zh=step.consequence,
                consequence_en=step.consequence_en,
            )
            for step in one.steps
        ),
        clauses=one.cite,
    )
