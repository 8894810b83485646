"""A workflow as a regulation orders it: steps, who takes each, by when, on what evidence, with what consequence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal, get_args

import msgspec

from yanxiu_rulekit.law import Law
from yanxiu_rulekit.outcome import Period

# Who may take a step: the roles of the platform, from the one who decides least to the one who decides most.
ROLES = (
    "teacher",
    "researcher",
    "school-training-officer",
    "school-leader",
    "supervisor",
    "institute-officer",
    "district-officer",
)

# What the platform does when a step is taken; a workflow chooses from these and invents none.
Effect = Literal["approve_projects", "publish_projects", "return_projects", "open_publicity", "recognise", "feedback"]
Form = Literal["text", "number", "day", "flag", "document", "projects"]
WhenMissed = Literal["refuse", "mark"]
Carries = Literal["projects", "records", "statements"]
Scope = Literal["school", "district"]
Need = Literal["objections_settled"]

CARRIES: tuple[Carries, ...] = get_args(Carries)
# Periods that no pack has to judge for a workflow to run by them: a term of the district's calendar, or none at all.
OPEN_PERIODS = ("term", "none")


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the signer of a step states or attaches.

    `document` is an attachment by title, reference and digest; `projects` a table of facts by project, such as the
    coefficient that an institute sets for each: `name` is the fact, and what was stated last, in whichever step, is
    what the projects bear when they are approved.
    """

    name: str
    label: str
    label_en: str
    form: Form
    required: bool = True
    cite: tuple[str, ...] = ()


class WorkStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step: from which states to which, by whom, on what, in which window.

    `window` names a function of the pack that gives the days on which the step may be taken; `early` and `late` say
    what a day outside it means: the step is refused, or taken and marked; `when` tells those days in words. `not_by`
    names steps whose signer may not sign this one. `needs` are conditions the platform can test: all objections
    settled. `returns_to` is the state that a return with a reason leads to (the one before, where it is not given;
    `none` where no return is foreseen).
    `consequence` says what the law attaches to missing it, or that it attaches nothing.
    """

    name: str
    label: str
    label_en: str
    from_states: tuple[str, ...]
    to: str
    by: tuple[str, ...]
    cite: tuple[str, ...]
    asks: tuple[Ask, ...] = ()
    window: str | None = None
    early: WhenMissed = "refuse"
    late: WhenMissed = "mark"
    not_by: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    effect: Effect | None = None
    returns_to: str | None = None
    consequence: str = ""
    consequence_en: str = ""
    when: str = ""
    when_en: str = ""


class Workflow(msgspec.Struct, frozen=True, kw_only=True):
    """One workflow of a regulation.

    `carries` is what it is about: the projects named when it is opened, the records of its period, or nothing but its
    own statements. One process exists for each scope and period: `per` is a kind of period that the pack gives
    (`RulePack.period`), or else `term` of the district's calendar, or `none` (then as many as are opened). `states` are
    all states with their labels (name, Chinese, English), the first is where a process begins; a state that no step
    leaves is final. `applies_to` names the projects that this workflow alone may approve: those whose facts have, for
    each fact named, one of its values; none where a project may be approved without it.
    """

    name: str
    label: str
    label_en: str
    carries: Carries
    scope: Scope
    per: str
    states: tuple[tuple[str, str, str], ...]
    steps: tuple[WorkStep, ...]
    cite: tuple[str, ...]
    applies_to: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def governs(self, facts: Mapping[str, Any]) -> bool:
        """Say whether a project with these facts is approved by this workflow alone."""
        return bool(self.applies_to) and all(str(facts.get(name)) in values for name, values in self.applies_to)

    @property
    def start(self) -> str:
        """The state in which a process begins."""
        return self.states[0][0]

    @property
    def final(self) -> tuple[str, ...]:
        """The states in which a process has ended."""
        left = {state for step in self.steps for state in step.from_states}
        return tuple(name for name, _, _ in self.states if name not in left)

    @property
    def clauses(self) -> tuple[str, ...]:
        """Every clause that the workflow, its steps or what they ask for cite, each once."""
        cites = [*self.cite]
        for step in self.steps:
            cites += [*step.cite, *(cite for ask in step.asks for cite in ask.cite)]
        return tuple(dict.fromkeys(cites))

    def step(self, name: str) -> WorkStep | None:
        """Return a step by its name."""
        return next((step for step in self.steps if step.name == name), None)

    def label_of(self, state: str) -> tuple[str, str]:
        """Return the Chinese and English label of a state."""
        return next((zh, en) for name, zh, en in self.states if name == state)

    def open_steps(self, state: str) -> tuple[WorkStep, ...]:
        """Return the steps that lead out of a state, in their order."""
        return tuple(step for step in self.steps if state in step.from_states)


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What a window may depend on.

    The process's period (a term or a year), the day its present state was entered, the weekdays on which nobody works
    and the weekend days on which people do, and the terms of the district's calendar that touch the period, in order.
    """

    period: Period | None
    entered: date
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()
    terms: tuple[Period, ...] = ()


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """The days on which a step may be taken, both included; None leaves that side open."""

    opens: date | None = None
    closes: date | None = None


Window = Callable[[Moment, Law], Span]
