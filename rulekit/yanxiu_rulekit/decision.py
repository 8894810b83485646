"""A decision: one question put to a rule pack (a 'kind'), answered by one pure function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from yanxiu_rulekit.facts import CreditLine, Teacher
from yanxiu_rulekit.headroom import Headrooms
from yanxiu_rulekit.law import Law
from yanxiu_rulekit.outcome import Period, Standing

Answer = Callable[[Any, Law], Mapping[str, Any]]
PeriodOf = Callable[[date, Law], Period]


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
    answers beyond the ones of the pack's decisions. `headroom(standing, lines, teacher, law)` gives what the law still
    lets be added before the period ends, as of `law.today`; None where it limits nothing. `inner` names the kind of
    period that this one is made of (the years of a cycle), each with duties of its own.
    """

    period: str
    label_zh: str
    label_en: str
    period_of: PeriodOf
    judge: Callable[[Period, tuple[CreditLine, ...], Teacher, Law], Standing]
    clauses: tuple[str, ...] = ()
    headroom: Callable[[Standing, tuple[CreditLine, ...], Teacher, Law], Headrooms] | None = None
    inner: str | None = None


def stands_alone(_facts: Any) -> tuple[str, ...]:
    """Return no clause: the record may count without a project."""
    return ()


class CreditRules(msgspec.Struct, frozen=True, kw_only=True):
    """What the credits service needs of a pack.

    `record` names the decision that assesses one record: its result has `status` (COUNTED, ZERO, REJECTED), `hours`
    and `total`, and its facts class has a field `record`. `attributes(facts, result)` is what `CreditLine.attributes`
    will hold. `project_facts` are the facts that a project fixes and a record may not contradict. `standings` are the
    periods judged. `project_demanded_by(facts)`, with the facts as `attributes` gets them, returns the clauses that let
    this record count only under an approved project; empty when it may stand alone.
    """

    record: str
    attributes: Callable[[Any, Mapping[str, Any]], Mapping[str, Any]]
    project_facts: tuple[str, ...]
    hours_unit: str
    credits_unit: str
    standings: tuple[StandingRule, ...]
    project_demanded_by: Callable[[Any], tuple[str, ...]] = stands_alone
