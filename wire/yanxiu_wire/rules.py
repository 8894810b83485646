"""Messages of the law itself: the installed rule packs, their clauses, comparisons, and decisions that are tried."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import msgspec

from yanxiu_wire.credits import Standing
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.explanation import Clause, Explanation
from yanxiu_wire.message import Page, Query
from yanxiu_wire.refusal import RefusalItem, Refused

Part = Literal["clauses", "parameters", "decisions", "settings"]


class PackAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which law: that of a jurisdiction, or (None) the one that governs the caller's district; on a day, or today."""

    jurisdiction: str | None = None
    on: date | None = None


class DatedValue(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a parameter from a day on, as exact text; of a table the rows, by key."""

    since: date
    value: str | None
    rows: Mapping[str, str] = {}
    clause: str


class Allowed(msgspec.Struct, frozen=True, kw_only=True):
    """What the regulation leaves to a district: a range, and single values, as exact texts."""

    least: str | None = None
    most: str | None = None
    one_of: tuple[str, ...] = ()


class RuleParameter(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter with its values over time; `in_force` is the one of the day asked about, None before the first.

    `reading` names the gap of the regulation that was filled, `reading_note` says in Chinese how.
    """

    name: str
    label: str
    label_en: str
    unit: str
    values: tuple[DatedValue, ...]
    in_force: DatedValue | None
    reading: str = ""
    reading_note: str = ""
    allowed: Allowed | None = None


class FactField(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that a decision asks for; `form` is what is given, `forms` all that may be, `of` what a list holds.

    Forms: decimal, integer, boolean, text, date, choice, list, table, group (which has `fields` of its own).
    """

    name: str
    form: str
    forms: tuple[str, ...]
    required: bool
    label: str = ""
    unit: str = ""
    choices: tuple[str, ...] = ()
    of: str = ""
    default: str | None = None
    fields: tuple[FactField, ...] = ()


class RuleDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A question that the law answers: its kind, what it asks, the clauses it answers for, and the facts it takes.

    `about` is `record` for the one that says what a training is worth.
    """

    kind: str
    asks_zh: str
    clauses: tuple[str, ...]
    facts: tuple[FactField, ...]
    about: Literal["record", "other"]
    examples: int


class RuleClause(msgspec.Struct, frozen=True, kw_only=True):
    """A clause with its words, and why nothing is computed of it, where nothing is."""

    clause: Clause
    says_zh: str = ""
    says_en: str = ""
    not_modelled: str | None = None


class DistrictSetting(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller's own district set instead of a default, as exact text, and the decision that it rests on."""

    parameter: str
    label: str
    unit: str
    value: str | None
    rows: Mapping[str, str] = {}
    decided_by: str | None = None


class RulePack(msgspec.Struct, frozen=True, kw_only=True, tag="rule-pack"):
    """An installed rule pack on a day: the regulation, and of the rest the parts that were asked for.

    `in_force` says whether the regulation applies on the day. `governs` says whether it is the law of the caller's
    district on that day; only then are there settings.
    """

    jurisdiction: str
    name: str
    version: str
    on: date
    in_force: bool
    governs: bool
    title: str
    title_en: str
    number: str
    issuer: str
    issuer_en: str
    signed_on: date
    published_on: date
    applies_from: date
    url: str
    note: str
    hours_unit: str | None
    credits_unit: str | None
    periods: tuple[str, ...]
    clause_count: int
    not_modelled_count: int
    parameter_count: int
    clauses: tuple[RuleClause, ...] = ()
    parameters: tuple[RuleParameter, ...] = ()
    decisions: tuple[RuleDecision, ...] = ()
    settings: tuple[DistrictSetting, ...] = ()


class ListRulePacks(Query, frozen=True, kw_only=True):
    """Ask for every installed pack, each as on a day (default today), without its parts."""

    on: date | None = None


class GetRulePacks(Query, frozen=True, kw_only=True):
    """Ask for packs with some of their parts."""

    asked: tuple[PackAsked, ...]
    parts: tuple[Part, ...] = ()


class PackBroken(msgspec.Struct, frozen=True, kw_only=True):
    """An installed pack that cannot be read: `refused` at load, or as `RulePackFailed` has it."""

    jurisdiction: str
    problem: str


class RulePacks(msgspec.Struct, frozen=True, kw_only=True, tag="rule-packs"):
    """Packs, in the order asked for (None: no such pack) or of their jurisdictions, and those that are `broken`."""

    items: tuple[RulePack | None, ...]
    broken: tuple[PackBroken, ...] = ()


class GetClause(Query, frozen=True, kw_only=True):
    """Ask for one clause of any installed pack, or of one; a sub-id such as PUER-10-3N names a part of PUER-10-3."""

    id: str
    on: date | None = None
    jurisdiction: str | None = None


class GetClauses(Query, frozen=True, kw_only=True):
    """Ask for clauses of any installed packs by their ids, without what rests on them."""

    ids: tuple[str, ...]


class Clauses(msgspec.Struct, frozen=True, kw_only=True, tag="clauses"):
    """The clauses in the order asked for; None where no pack has the clause."""

    items: tuple[RuleClause | None, ...]


class ClauseFound(msgspec.Struct, frozen=True, kw_only=True, tag="clause-found"):
    """A clause with all that rests on it: parameters, decisions (by kind), workflows (by name), and its examples."""

    clause: RuleClause
    pack: RulePack
    parameters: tuple[RuleParameter, ...]
    decisions: tuple[RuleDecision, ...]
    workflows: tuple[str, ...]
    examples: tuple[RuleExample, ...]


class RuleExample(msgspec.Struct, frozen=True, kw_only=True):
    """A worked example, as the pack's cases state it: the facts, the day, and what the law then says.

    `given`, `settings` and `expect` hold exact texts; `refused` are the facts that the law refuses.
    """

    name: str
    kind: str
    given: Mapping[str, Any]
    expect: Mapping[str, Any]
    settings: Mapping[str, Any] = {}
    on: date | None = None
    refused: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


class ListExamples(Query, frozen=True, kw_only=True):
    """Ask for a page of a pack's examples, in the order of its files; `kind` and `clause` narrow it."""

    jurisdiction: str
    kind: str | None = None
    clause: str | None = None
    page: Page = Page()


class ExamplePage(msgspec.Struct, frozen=True, kw_only=True, tag="example-page"):
    """A page of examples."""

    items: tuple[RuleExample, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class CompareRulePacks(Query, frozen=True, kw_only=True):
    """Ask for two laws side by side, or one law on two days."""

    first: PackAsked
    second: PackAsked


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What one side says in a row, with the clause and the day it rests on, where there are any."""

    text: str
    clause: str = ""
    since: date | None = None


class ComparedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row: what is compared and what each side says, None where it says nothing."""

    name: str
    label: str
    first: Told | None
    second: Told | None
    differs: bool


class RulePacksCompared(msgspec.Struct, frozen=True, kw_only=True, tag="rule-packs-compared"):
    """Two laws side by side: who they are, what they ask of a teacher, their parameters, their questions."""

    first: RulePack
    second: RulePack
    source: tuple[ComparedRow, ...]
    duties: tuple[ComparedRow, ...]
    parameters: tuple[ComparedRow, ...]
    questions: tuple[ComparedRow, ...]


class TryDecision(Query, frozen=True, kw_only=True):
    """Put a question to any installed law, on a day: what would it say of these facts? Nothing is written.

    `kind` is the question (default: what a record is worth), `facts` what it asks for: texts, integers, booleans,
    lists and tables, numbers with a fraction as text. Where the law is that of the caller's own district, its settings
    hold; else, and with `settings`, those that are given.
    """

    law: PackAsked = PackAsked()
    kind: str | None = None
    facts: Mapping[str, Any] = {}
    settings: Mapping[str, Any] | None = None


class DecisionTried(msgspec.Struct, frozen=True, kw_only=True, tag="decision-tried"):
    """What the law says: its result as exact values, why, and what it refuses (then nothing could be entered)."""

    jurisdiction: str
    kind: str
    on: date
    result: Mapping[str, Any]
    settings: Mapping[str, Any]
    explanation: Explanation
    refusals: tuple[RefusalItem, ...] = ()


class TryTraining(Query, frozen=True, kw_only=True):
    """Ask what a training would bring a teacher: its worth, and where the teacher would then stand.

    The day may be one that has not come: everything is judged as it would be on it, if nothing else happened until
    then. Nothing is written.
    """

    teacher: str
    on: date
    facts: Mapping[str, Any] = {}
    project: str | None = None


class StandingTried(msgspec.Struct, frozen=True, kw_only=True):
    """A period of the teacher as it stands, and as it would stand with the training in it."""

    before: Standing
    after: Standing


class TrainingTried(msgspec.Struct, frozen=True, kw_only=True, tag="training-tried"):
    """What a training would be worth and why, and each period that it would change; `reasons` are clauses."""

    teacher: str
    on: date
    status: Literal["COUNTED", "ZERO"]
    hours: Decimal
    credits: Decimal
    hours_unit: str
    credits_unit: str
    reasons: tuple[str, ...]
    facts: Mapping[str, Any]
    explanation: Explanation
    standings: tuple[StandingTried, ...]


_SERVICE = "credits"

LIST_RULE_PACKS = Endpoint(_SERVICE, "list-rule-packs", ListRulePacks, RulePacks | Refused)
GET_RULE_PACKS = Endpoint(_SERVICE, "get-rule-packs", GetRulePacks, RulePacks | Refused)
GET_CLAUSE = Endpoint(_SERVICE, "get-clause", GetClause, ClauseFound | Refused)
GET_CLAUSES = Endpoint(_SERVICE, "get-clauses", GetClauses, Clauses | Refused)
LIST_EXAMPLES = Endpoint(_SERVICE, "list-examples", ListExamples, ExamplePage | Refused)
COMPARE_RULE_PACKS = Endpoint(_SERVICE, "compare-rule-packs", CompareRulePacks, RulePacksCompared | Refused)
TRY_DECISION = Endpoint(_SERVICE, "try-decision", TryDecision, DecisionTried | Refused)
TRY_TRAINING = Endpoint(_SERVICE, "try-training", TryTraining, TrainingTried | Refused)

ENDPOINTS: tuple[Endpoint[Any, Any], ...] = (
    LIST_RULE_PACKS,
    GET_RULE_PACKS,
    GET_CLAUSE,
    LIST_EXAMPLES,
    COMPARE_RULE_PACKS,
    TRY_DECISION,
    TRY_TRAINING,
)
