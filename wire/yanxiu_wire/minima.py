"""Messages of a researcher's term against the law's minima: what is short, and what can still be made good."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Page, Query
from yanxiu_wire.noting import SERVICE
from yanxiu_wire.refusal import Refused
from yanxiu_wire.ruling import Ruling
from yanxiu_wire.term_work import PaperMissing

# met; short while the rest of the term may still suffice; short for good, by the days that are left.
MinimumState = Literal["met", "open", "missed"]


class Minimum(msgspec.Struct, frozen=True, kw_only=True):
    """One minimum of the law against what was done, in its own unit.

    `best` is what could still be reached by the term's end if every day left were used; `missed`: not even then is it
    met. `a_week` is the shortfall over the teaching weeks left, rounded up to hundredths; None where nothing is short
    or no week is left. `visits` and `records` are the ids of all that the number counts; of a list they are empty.
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
    state: MinimumState
    binding: bool
    best: Decimal | None
    a_week: Decimal | None = None
    visits: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


class TermMinima(msgspec.Struct, frozen=True, kw_only=True, tag="term-minima"):
    """A researcher's term as of a day: every minimum, the papers not handed in, and what is left of the term.

    `state` is the worst of the minima that bind. `schools` are those that count: where he is placed (`placed`), else
    those that he visited. `days_left` are teaching days from `as_of` on, itself included; `weeks_left` teaching weeks
    that are not over. `away`: absent, or no researcher, on more than half of the term. `failed` and `warned` are
    clauses as the law answers as of that day; `rulings` hold its whole answers, none of them in a list.
    """

    researcher: str
    term: str
    starts_on: date
    ends_on: date
    as_of: date
    state: MinimumState
    placed: bool
    away: bool
    schools: tuple[str, ...]
    days_left: int
    weeks_left: int
    minima: tuple[Minimum, ...]
    papers: tuple[PaperMissing, ...]
    failed: tuple[str, ...]
    warned: tuple[str, ...]
    rulings: tuple[Ruling, ...] = ()


class GetTermMinima(Query, frozen=True, kw_only=True):
    """Ask for one researcher's term as of a day (default today, and no later than the term's last day)."""

    researcher: str
    term: str
    as_of: date | None = None


class ListTermMinima(Query, frozen=True, kw_only=True):
    """Ask for a page of the terms of the district's researchers, by id.

    `state` asks for those in that state; `short` for those who fall short of anything, open or missed; `clause` for
    those who fall short of that clause; `school` for those who count that school.
    """

    term: str
    page: Page = Page()
    as_of: date | None = None
    state: MinimumState | None = None
    short: bool = False
    clause: str | None = None
    school: str | None = None


class TermMinimaPage(msgspec.Struct, frozen=True, kw_only=True, tag="term-minima-page"):
    """A page of terms; `total` counts all that match, `researchers` all of the term."""

    items: tuple[TermMinima, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int
    researchers: int
    as_of: date


GET_TERM_MINIMA = Endpoint(SERVICE, "get-term-minima", GetTermMinima, TermMinima | Refused)
LIST_TERM_MINIMA = Endpoint(SERVICE, "list-term-minima", ListTermMinima, TermMinimaPage | Refused)
