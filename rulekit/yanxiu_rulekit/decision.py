"""A decision: one question put to a rule pack (a 'kind'), answered by one pure function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import msgspec

from yanxiu_rulekit.errors import DecisionUnknown
from yanxiu_rulekit.facts import CreditLine, Teacher
from yanxiu_rulekit.headroom import Headrooms
from yanxiu_rulekit.law import Law
from yanxiu_rulekit.outcome import Period, Standing

Answer = Callable[[Any, Law], Mapping[str, Any]]
PeriodOf = Callable[[date, Law], Period]
Days = Callable[[Period, Law], tuple[date, date]]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A kind, the facts it takes, the clauses it answers for, the function, and the day that governs it.

    `day` gives the date whose law applies, from the facts; None there means that the facts carry no date, and the
    asker's day (or the first day in force) governs. `asks_zh` says in Chinese what is asked, for the rule pages.
    """

    kind: str
    facts: type[msgspec.Struct]
    clauses: tuple[str, ...]
    answer: Answer
    day: Callable[[Any], date | None]
    asks_zh: str = ""


def decision(
    kind: str,
    *,
    facts: type[msgspec.Struct],
    clauses: tuple[str, ...],
    day: Callable[[Any], date | None] = lambda _facts: None,
    asks_zh: str = "",
) -> Callable[[Answer], Decision]:
    """Make a pure function `(facts, law) -> result` the pack's answer to `kind`.

    The result is a plain mapping of exact decimals, texts, integers, booleans, dates, lists and mappings.
    """

    def declare(answer: Answer) -> Decision:
        return Decision(kind=kind, facts=facts, clauses=clauses, answer=answer, day=day, asks_zh=asks_zh)

    return declare


class StandingRule(msgspec.Struct, frozen=True, kw_only=True):
    """How a pack judges a period from credited lines.

    `period_of(day, law)` gives the period of that kind which contains the day; `judge(period, lines, teacher, law)`
    the teacher's standing in it. `lines` are all counted lines whose day lies in the period. `clauses` are those it
    answers beyond the ones of the pack's decisions. `headroom(standing, lines, teacher, law)` gives what the law
    still lets be added before the period ends, as of `law.today`; None where it limits nothing. `inner` names the
    kind of period that this one is made of (the years of a cycle), each with duties of its own. `columns` (a
    `ColumnRule` of `yanxiu_rulekit.columns`) judges all teachers of a prefecture at once, from the measures and
    requirements by which `judge` judges one. `lines_between(period, law)` are the first and the last day whose
    lines `judge` needs, where it needs more than the period's own (a term that carries on from the last, a project
    that its log puts on an earlier year); `told_between` where only what is told beside the figures needs more (the
    first twelve months in post). `adds_up_in(period, law)` is the longer period inside which what is recognised of
    such periods adds up: `teacher.posted` then tells what stands of the earlier ones, and none is recognised or
    taken back while a later one stands. `exempt_is_unaddressed` says that the law does not speak to who is EXEMPT:
    nothing is recognised of him; where it is not set, his figures count all the same.
    """

    period: str
    label_zh: str
    label_en: str
    period_of: PeriodOf
    judge: Callable[[Period, tuple[CreditLine, ...], Teacher, Law], Standing]
    clauses: tuple[str, ...] = ()
    headroom: Callable[[Standing, tuple[CreditLine, ...], Teacher, Law], Headrooms] | None = None
    inner: str | None = None
    columns: Any = None
    lines_between: Days | None = None
    told_between: Days | None = None
    adds_up_in: Callable[[Period, Law], Period] | None = None
    exempt_is_unaddressed: bool = False


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """One counted record that a teacher brings along, as the place it comes from holds it.

    `jurisdiction` is the law under which it was entered, `on` its day, `record` its facts, `hours` and `credits` what
    it counted there, in the units of that law. `within_city` and `same_stage` compare the school left with the school
    entered (same stage and same type of school).
    """

    jurisdiction: str
    on: date
    record: Mapping[str, Any]
    hours: Decimal
    credits: Decimal
    hours_unit: str
    credits_unit: str
    within_city: bool
    same_stage: bool


class Forgery(msgspec.Struct, frozen=True, kw_only=True):
    """One forged or altered record: whose act (`teacher`, `registrar`), what it had counted, and whether serious."""

    actor: str
    hours: Decimal
    credits: Decimal
    serious: bool


class SchoolRule(msgspec.Struct, frozen=True, kw_only=True):
    """What follows for a school from its teachers' standings.

    `kind` names the decision, `period` the kind of period judged. `facts(verdicts, law)` makes the question from the
    number of teachers by verdict (PASS, FAIL, EXEMPT) among those employed there on the period's last day.

    The decision answers `disqualified`. Where the law holds in principle only, `excepted_by` names the fact that takes
    the reason of a decision to depart from it, and the decision answers `excepted` beside it.
    """

    kind: str
    period: str
    facts: Callable[[Mapping[str, int], Law], Mapping[str, Any]]
    excepted_by: str | None = None

    def asks(self, verdicts: Mapping[str, int], law: Law, exception: str = "") -> Mapping[str, Any]:
        """Return the question, with why a decision departs from it; `DecisionUnknown` where the law knows none."""
        if not exception:
            return self.facts(verdicts, law)
        if self.excepted_by is None:
            raise DecisionUnknown(f"the rule {self.kind!r} knows no exception")
        return {**self.facts(verdicts, law), self.excepted_by: exception}


def stands_alone(_facts: Any) -> tuple[str, ...]:
    """Return no clause: the record may count without a project."""
    return ()


def its_own_day(on: date, _attributes: Mapping[str, Any], _law: Law) -> tuple[date, ...]:
    """Return the day of the record: it touches no other period."""
    return (on,)


def nothing_of_the_project(_project: Mapping[str, Any], _record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return no name: a record may state whatever its project does not."""
    return ()


def nothing_is_missing(_project: Mapping[str, Any]) -> tuple[str, ...]:
    """Return no name: a project may be approved whatever it leaves unsaid."""
    return ()


class CreditRules(msgspec.Struct, frozen=True, kw_only=True):
    """What the credits service needs of a pack.

    `record` names the decision that assesses one record: its result has `status` (COUNTED, ZERO, REJECTED), `hours`
    and `total`, and its facts class has a field `record`. `attributes(facts, result)` is what `CreditLine.attributes`
    will hold. `project_facts` are the facts that a project fixes and a record may not contradict. `standings` are the
    periods judged. `project_demanded_by(facts)`, with the facts as `attributes` gets them, returns the clauses that let
    this record count only under an approved project; empty when it may stand alone. `of_the_project(project,
    record)`, with the facts of each as they were stated, returns the names of those that the record states and only
    its project may, where the project is silent or says it in another way; `project_lacks(project)` those without
    which a project is not approved, since no record could stand under it. `told_apart_by(facts, law)` returns what
    tells one training without a project from another of the same day, as the law reads it; None takes every fact, so
    that a note or another word for the same makes another training of it. `touched(on, attributes, law)` returns a
    day of each period that a counted record changes: its own, and of others where a project is divided over years.

    The rest is None where the law has no such rule:
    `attended(facts, planned, attended, law)` returns the facts of a record from attendance in hours, given those of its
    project or session; one record is made of each project, or of each session (`attendance_per`).
    `transfer(moved, law)` says whether a record that comes from elsewhere is recognised: a mapping of `recognised`
    (True, False, or None: an official must review it), `hours`, `credits` and `reasons` (clauses); its steps tell why.
    `fraud` names the decision on a forged record, `fraud_facts` makes its question; its result has
    `integrity_file_entries`, `discipline` and `citywide_notice`. `school_rule` is the rule on a school's teachers.
    """

    record: str
    attributes: Callable[[Any, Mapping[str, Any]], Mapping[str, Any]]
    project_facts: tuple[str, ...]
    hours_unit: str
    credits_unit: str
    standings: tuple[StandingRule, ...]
    project_demanded_by: Callable[[Any], tuple[str, ...]] = stands_alone
    of_the_project: Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[str, ...]] = nothing_of_the_project
    project_lacks: Callable[[Mapping[str, Any]], tuple[str, ...]] = nothing_is_missing
    told_apart_by: Callable[[Any, Law], Mapping[str, Any]] | None = None
    touched: Callable[[date, Mapping[str, Any], Law], tuple[date, ...]] = its_own_day
    attended: Callable[[Mapping[str, Any], Decimal, Decimal, Law], Mapping[str, Any]] | None = None
    attendance_per: Literal["project", "session"] = "session"
    transfer: Callable[[Moved, Law], Mapping[str, Any]] | None = None
    fraud: str | None = None
    fraud_facts: Callable[[Forgery], Mapping[str, Any]] | None = None
    school_rule: SchoolRule | None = None
