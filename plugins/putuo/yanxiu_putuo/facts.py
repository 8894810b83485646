"""The facts of Putuo's law: one session attended, the hours of a school year, the hours a school offers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from yanxiu_rulekit import Facts, RecordFacts, field

CreditClass = Literal["lecture", "practice"]


class Session(RecordFacts, frozen=True, kw_only=True):
    """One head teacher's part in one session of school-based training; hours are class hours (课时).

    `form` is one of the eleven of PUTUO-4-1, one of the three of PUTUO-5-3b, or another since both lists are open;
    `class` must be given where the form leaves it open.
    Hours offered count as attended unless `attended_hours` says otherwise.
    """

    form: str | None = None
    class_: CreditClass | None = field(default=None, name="class")
    class_hours: Decimal
    attended_hours: Decimal | None = None
    slot: Literal["fixed", "flexible"] = "fixed"


class SessionFacts(Facts, frozen=True, kw_only=True):
    """What `record` is asked about."""

    record: Session


class TermHours(Facts, frozen=True, kw_only=True):
    """Class hours attended in one term, by class of credit."""

    term: int
    lecture: Decimal = Decimal(0)
    practice: Decimal = Decimal(0)


class YearFacts(Facts, frozen=True, kw_only=True):
    """What `year_credits` is asked about: the terms of one school year, and any day in it if the date matters."""

    terms: tuple[TermHours, ...]
    date: dt.date | None = None


class ProvisionFacts(Facts, frozen=True, kw_only=True):
    """What `hours_40` is asked about: class hours offered in a school year, and those attended if they differ."""

    fixed_hours: Decimal
    flexible_hours: Decimal = Decimal(0)
    attended_fixed: Decimal | None = None
    attended_flexible: Decimal | None = None
    attended_hours: Decimal | None = None
    date: dt.date | None = None


class FormsFacts(Facts, frozen=True, kw_only=True):
    """What `form_class` is asked about: names of forms of training."""

    forms: tuple[str, ...]
