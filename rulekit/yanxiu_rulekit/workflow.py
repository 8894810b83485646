"""A workflow as a regulation orders it: steps, who takes each, by when, on what evidence, with what consequence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal

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


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the signer of a step states or attaches.

    `document` is an attachment by title, reference and digest; `projects` a table of facts by project, such as the
    coefficient that an institute sets for each.
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
    what a day outside it means: the step is refused, or taken and marked. `not_by` names steps whose signer may not
    sign this one. `needs` are conditions the platform can test: all objections settled. `returns_to` is the state
    that a return with a reason leads to (the one before, where it is not given; `none` where no return is foreseen).
    `consequence` says what the law attaches to missing it.
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
    needs: tuple[Literal["objections_settled"], ...] = ()
    effect: Effect | None = None
    returns_to: str | None = None
    consequence: str = ""
    consequence_en: str = ""


class Workflow(msgspec.Struct, frozen=True, kw_only=True):
    """One workflow of a regulation.

    `carries` is what it is about: the projects named when it is opened, the records of its period, or nothing but its
    own statements. One process exists for each scope and period: `per` is a kind of period of the pack's standings, or
    `term`, or `none` (then as many as are opened). `states` are all states with their labels, the first is where a
    process begins; a state that no step leaves is final.
    """

    name: str
    label: str
    label_en: str
    carries: Literal["projects", "records", "statements"]
    scope: Literal["school", "district"]
    per: str
    states: tuple[tuple[str, str, str], ...]
    steps: tuple[WorkStep, ...]
    cite: tuple[str, ...]

    @property
    def start(self) -> str:
        """The state in which a process begins."""
        return self.states[0][0]

    def open_steps(self, state: str) -> tuple[WorkStep, ...]:
        """Return the steps that lead out of a state, in their order."""
        return tuple(step for step in self.steps if state in step.from_states)


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What a window may depend on: the process's period (a term or a year), the day its present state was entered,
    the days of rest and of work that the district's calendar names, and the statements made so far.
    """

    period: Period | None
    entered: date
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """The days on which a step may be taken, both included; None leaves that side open."""

    opens: date | None = None
    closes: date | None = None


Window = Callable[[Moment, Law], Span]
