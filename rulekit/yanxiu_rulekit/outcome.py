"""What a decision gives back: its result, the steps that led there, what it read, what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter as it was read: its value with unit, the day it came into force, its clause.

    `key` names the row when the parameter is a table; `decided_by` the district's decision when it set another
    value than the regulation's default reading.
    """

    parameter: str
    label: str
    value: Any
    unit: str
    since: date
    cite: str
    key: str | None = None
    decided_by: str | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a decision: a name, its value with unit, a sentence in Chinese and in English, clauses, readings."""

    name: str
    value: Any
    unit: str
    zh: str
    en: str
    clauses: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why something may not be entered at all: field, value, clauses, what is wrong and what to do."""

    code: str
    field: str
    value: Any
    clauses: tuple[str, ...]
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One requirement held against a measure: threshold, what was earned, what is missing, whether it is met.

    `earned` is None for a share whose denominator is empty. `shortfall` is never negative. `binding` says whether a
    breach makes the verdict fail, or is only reported.
    """

    clause: str
    measure: str
    label_zh: str
    label_en: str
    unit: str
    operator: str
    threshold: Decimal
    earned: Decimal | None
    shortfall: Decimal
    met: bool
    binding: bool = True
    readings: tuple[Reading, ...] = ()


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of days that a rule judges, both ends included: kind (`year`, `school_year`, `term`, `cycle`)."""

    kind: str
    label: str
    start: date
    end: date


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A teacher's position in a period: every requirement with its shortfall, totals by measure, and the verdict.

    `verdict` is PASS, FAIL or EXEMPT. `hours` and `credits` are what was registered (after caps); `recognised_*`
    what remains after the law's gate on recognition.
    """

    period: Period
    verdict: str
    hours: Decimal
    credits: Decimal
    recognised_hours: Decimal
    recognised_credits: Decimal
    findings: tuple[Finding, ...]
    measures: Mapping[str, Decimal]
    result: Mapping[str, Any]
    steps: tuple[Step, ...] = ()


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as it is stored and replayed: who decided (pack, version), on which day, from what, and why."""

    kind: str
    pack: str
    version: str
    on: date
    result: Mapping[str, Any]
    steps: tuple[Step, ...]
    refusals: tuple[Refusal, ...]


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """What one record is worth: COUNTED, ZERO or REJECTED, exact hours and credits, and what later judging needs."""

    status: str
    hours: Decimal
    credits: Decimal
    attributes: Mapping[str, Any]
    decided: Decided
