"""Messages of rotation plans: who is placed where, drafted, solved or proven impossible, adopted, and planned anew."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused

_SERVICE = "visits"

PlanKind = Literal["terms", "batch"]
PlanState = Literal[
    "draft", "planning", "planned", "impossible", "undecided", "cancelled", "failed", "adopted", "replaced"
]
PlanStep = Literal["fewest_changes", "best_score", "why_none", "least_change"]
Role = Literal["lead", "collaborator"]
Fit = Literal["off", "weighted", "hard"]
HelperKind = Literal["area_staff", "famous_teacher", "backbone_teacher"]


# ---- what the district adds to the law --------------------------------------------------------------------------


class PlanPairing(msgspec.Struct, frozen=True, kw_only=True):
    """A person and a school: fixed, forbidden or excepted, in one term or role, or in any (None)."""

    person: str
    school: str
    term: str | None = None
    role: Role | None = None


class TravelCost(msgspec.Struct, frozen=True, kw_only=True):
    """Travel between a person and a school in whole units, such as minutes; what is not listed is 0."""

    person: str
    school: str
    units: int


class SchoolNeed(msgspec.Struct, frozen=True, kw_only=True):
    """The subjects in which a school asks for a researcher; what is not listed asks for any."""

    school: str
    subjects: tuple[str, ...]


class PlanHelper(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody beside the researchers who may help at base schools; `most` at once (None: no limit)."""

    person: str
    kind: HelperKind
    most: int | None = None


class PlanWeights(msgspec.Struct, frozen=True, kw_only=True):
    """Points for one unit of each part of the score, whole and not negative; fewer points are better.

    `travel`: a unit of travel; `overtravel`: a unit above a person's allowance; `subject`, `stage`: a placing that does
    not fit; `late`: a term that a weak school waits for its first visit; `unchosen`: a weak school left out of a batch;
    `far`, `weak`: a pair of far, or weak, placings of one person; `crowd`: a pair of placings at one school that is not
    weak; `back`: a return of the same person; `load`: a pair of schools of one person in a batch; `beyond`: a
    collaborator above the law's minimum.
    """

    travel: int = 1
    overtravel: int = 0
    subject: int = 20
    stage: int = 20
    late: int = 30
    unchosen: int = 30
    far: int = 10
    weak: int = 10
    crowd: int = 5
    back: int = 40
    load: int = 20
    beyond: int = 5


class PlanAdditions(msgspec.Struct, frozen=True, kw_only=True):
    """What a district adds to the law for one plan.

    `far_from` and `allowance` count units of travel; `most_a_term` researchers at one school at a time (None: no
    limit). Of a batch: `candidates` are the schools to choose from (empty: all of the law's stages), `base_schools` how
    many of them are taken (None: all), `everyone` links every researcher.
    """

    subject_fit: Fit = "weighted"
    stage_fit: Fit = "weighted"
    weights: PlanWeights = PlanWeights()
    far_from: int | None = None
    allowance: int | None = None
    most_a_term: int | None = None
    travel: tuple[TravelCost, ...] = ()
    needs: tuple[SchoolNeed, ...] = ()
    fixed: tuple[PlanPairing, ...] = ()
    forbidden: tuple[PlanPairing, ...] = ()
    excepted: tuple[PlanPairing, ...] = ()
    helpers: tuple[PlanHelper, ...] = ()
    candidates: tuple[str, ...] = ()
    base_schools: int | None = None
    everyone: bool = False


# ---- views -------------------------------------------------------------------------------------------------------


class PlanEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One person at one school in one period: a term's id, or of a batch its first day."""

    person: str
    school: str
    term: str
    role: Role


class ScoreItem(msgspec.Struct, frozen=True, kw_only=True):
    """Units that one placing, person or school brings to a part of the score."""

    units: int
    person: str | None = None
    school: str | None = None
    term: str | None = None


class ScorePart(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the score, by the name of its weight: units times weight are its points; its items are its units."""

    name: str
    weight: int
    units: int
    points: int
    items: tuple[ScoreItem, ...] = ()


class PlanMove(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan changes of the one in force for one person in one period."""

    person: str
    term: str
    before: tuple[PlanEntry, ...]
    after: tuple[PlanEntry, ...]


class BothTongues(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence in Chinese and in English; people stand in it by their ids."""

    zh: str
    en: str


class PlanCause(msgspec.Struct, frozen=True, kw_only=True):
    """One constraint of a contradiction; no clauses where the district added it or a fact is meant."""

    kind: str
    clauses: tuple[str, ...]
    people: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    said: BothTongues


class PlanCount(msgspec.Struct, frozen=True, kw_only=True):
    """A proof by counting: only `people` can reach `schools`, and their `slots` places are `short` too few."""

    schools: tuple[str, ...]
    people: tuple[str, ...]
    slots: int
    short: int


class PlanRelief(msgspec.Struct, frozen=True, kw_only=True):
    """One change that helps, `count` times; not `lawful` where it departs from what the law sets."""

    kind: str
    count: int
    person: str | None = None
    school: str | None = None
    term: str | None = None
    stage: str | None = None
    subject: str | None = None
    lawful: bool = True
    said: BothTongues


class PlanRemedy(msgspec.Struct, frozen=True, kw_only=True):
    """Changes after which a plan exists; `least`: fewer were shown not to do."""

    changes: tuple[PlanRelief, ...]
    least: bool


class NoPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The proof that no plan exists, the least change of all kinds together, and the least of one kind each."""

    causes: tuple[PlanCause, ...]
    irreducible: bool
    counted: PlanCount | None
    said: BothTongues
    least: PlanRemedy | None
    ways: tuple[PlanRemedy, ...]


class PlanProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the planner is; best and bound are changes in `fewest_changes`, points in `best_score`."""

    step: PlanStep
    seconds_ms: int
    best: int | None = None
    bound: int | None = None
    gap: int | None = None


class RotationPlan(msgspec.Struct, frozen=True, kw_only=True, tag="rotation-plan"):
    """A plan without its contents.

    `terms` are its periods, the first `open_from` of which are over and kept. No plan scores below `bound`; `gap` is
    the difference; `proven`: it is 0. Of one that departs from another in force (`replaces`), `distance` counts
    placings taken away and added, and none has less than `distance_bound`. `problem` says why the planner failed.
    """

    id: str
    name: str
    kind: PlanKind
    state: PlanState
    terms: tuple[str, ...]
    starts_on: date
    ends_on: date
    open_from: int = 0
    replaces: str | None = None
    reason: str | None = None
    drafted_by: str
    drafted_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    adopted_by: str | None = None
    adopted_at: datetime | None = None
    cancelling: bool = False
    progress: PlanProgress | None = None
    score: int | None = None
    bound: int | None = None
    gap: int | None = None
    proven: bool | None = None
    distance: int | None = None
    distance_bound: int | None = None
    problem: str | None = None
    replayed: bool = False


class PlanContents(msgspec.Struct, frozen=True, kw_only=True, tag="plan-contents"):
    """What a plan holds: its additions, its placings (while it is planned, the best so far), the score, the proof."""

    id: str
    additions: PlanAdditions
    placed: tuple[PlanEntry, ...] = ()
    parts: tuple[ScorePart, ...] = ()
    moved: tuple[PlanMove, ...] = ()
    none: NoPlan | None = None


# ---- commands ----------------------------------------------------------------------------------------------------


class DraftRotationPlan(Command, frozen=True, kw_only=True):
    """Draft a plan of the law's window from `first_term`, or of a batch from the day `starts_on`."""

    name: str
    first_term: str | None = None
    starts_on: date | None = None
    additions: PlanAdditions = PlanAdditions()


class ReviseRotationPlan(Command, frozen=True, kw_only=True):
    """Put other additions, or another name, in place; what was planned with the former ones is dropped."""

    plan: str
    name: str | None = None
    additions: PlanAdditions | None = None


class RedraftRotationPlan(Command, frozen=True, kw_only=True):
    """Draft the plan that is to replace an adopted one, with the fewest changes, from a term on (a batch: from now)."""

    plan: str
    reason: str
    from_term: str | None = None
    additions: PlanAdditions | None = None


class StartPlanning(Command, frozen=True, kw_only=True):
    """Start the planner on a draft; it ends by itself after `seconds`, 1 to 300, with its best so far."""

    plan: str
    seconds: int = 30


class CancelPlanning(Command, frozen=True, kw_only=True):
    """Ask the planner to end now; its best so far stays."""

    plan: str


class AdoptRotationPlan(Command, frozen=True, kw_only=True):
    """Adopt a plan that was found: it is frozen, residencies are made of it, and the one it replaces is replaced."""

    plan: str


# ---- queries -----------------------------------------------------------------------------------------------------


class GetRotationPlans(Query, frozen=True, kw_only=True):
    """Ask for plans by id."""

    ids: tuple[str, ...]


class RotationPlans(msgspec.Struct, frozen=True, kw_only=True, tag="rotation-plans"):
    """Plans in the order asked for; None where unknown or out of scope."""

    items: tuple[RotationPlan | None, ...]


class GetPlanContents(Query, frozen=True, kw_only=True):
    """Ask for what one plan holds."""

    plan: str


class GetContentsOfPlans(Query, frozen=True, kw_only=True):
    """Ask for what several plans hold."""

    plans: tuple[str, ...]


class ContentsOfPlans(msgspec.Struct, frozen=True, kw_only=True, tag="contents-of-plans"):
    """The contents of the first of the plans asked for: as many as a message holds, and one at least.

    In that order; why there are none for a plan that is not known. The rest is asked for again.
    """

    items: tuple[PlanContents | Refused, ...]


class ListRotationPlans(Query, frozen=True, kw_only=True):
    """Ask for a page of plans, newest first."""

    page: Page = Page()
    state: PlanState | None = None


class RotationPlanPage(msgspec.Struct, frozen=True, kw_only=True, tag="rotation-plan-page"):
    """A page of plans."""

    items: tuple[RotationPlan, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class RotationPlanChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A plan was drafted, went on, ended, was adopted or replaced."""

    plan: str
    state: PlanState
    best: int | None = None
    bound: int | None = None


DRAFT_ROTATION_PLAN = Endpoint(_SERVICE, "draft-plan", DraftRotationPlan, RotationPlan | Refused, writes=True)
REVISE_ROTATION_PLAN = Endpoint(_SERVICE, "revise-plan", ReviseRotationPlan, RotationPlan | Refused, writes=True)
REDRAFT_ROTATION_PLAN = Endpoint(_SERVICE, "redraft-plan", RedraftRotationPlan, RotationPlan | Refused, writes=True)
START_PLANNING = Endpoint(_SERVICE, "start-planning", StartPlanning, RotationPlan | Refused, writes=True)
CANCEL_PLANNING = Endpoint(_SERVICE, "cancel-planning", CancelPlanning, RotationPlan | Refused, writes=True)
ADOPT_ROTATION_PLAN = Endpoint(_SERVICE, "adopt-plan", AdoptRotationPlan, RotationPlan | Refused, writes=True)
GET_ROTATION_PLANS = Endpoint(_SERVICE, "get-plans", GetRotationPlans, RotationPlans | Refused)
GET_PLAN_CONTENTS = Endpoint(_SERVICE, "get-plan-contents", GetPlanContents, PlanContents | Refused, superseded=True)
GET_CONTENTS_OF_PLANS = Endpoint(_SERVICE, "get-contents-of-plans", GetContentsOfPlans, ContentsOfPlans | Refused)
LIST_ROTATION_PLANS = Endpoint(_SERVICE, "list-plans", ListRotationPlans, RotationPlanPage | Refused)
ROTATION_PLAN_CHANGED = Event(_SERVICE, "rotation-plan-changed", RotationPlanChanged)
