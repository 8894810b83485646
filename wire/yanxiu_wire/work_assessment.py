"""Messages of what a researcher's yearly assessment rests on: his terms by the law, in a district's own columns."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Page, Query
from yanxiu_wire.minima import TermMinima
from yanxiu_wire.noting import SERVICE
from yanxiu_wire.refusal import Refused
from yanxiu_wire.ruling import Ruling

# What a column shows of a measure or figure; `failed`: the clauses failed; `missed`: how many minima were missed.
ColumnKind = Literal["earned", "shortfall", "figure", "failed", "missed"]


class SheetColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column of the district's own sheet: its heading, and what stands in it.

    `of` is a measure of the law's minima (`earned`, `shortfall`) or a figure of the records (`figure`), empty for the
    others; `term` is the number of a term of the year, None for all of them together.
    """

    heading: str
    kind: ColumnKind
    of: str = ""
    term: int | None = None


class WorkAssessment(msgspec.Struct, frozen=True, kw_only=True):
    """A researcher's year: the values of the sheet's columns in their order, each term, and the law's answers."""

    researcher: str
    values: tuple[str, ...]
    terms: tuple[TermMinima, ...]
    rulings: tuple[Ruling, ...]


class ListWorkAssessments(Query, frozen=True, kw_only=True):
    """Ask for a page of a school year (`2024-2025`), by researcher; terms that have not begun are left out."""

    school_year: str
    columns: tuple[SheetColumn, ...] = ()
    page: Page = Page()
    as_of: date | None = None


class WorkAssessmentPage(msgspec.Struct, frozen=True, kw_only=True, tag="work-assessment-page"):
    """A page; `measures` and `figures` are what columns can be made of."""

    items: tuple[WorkAssessment, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int
    terms: tuple[str, ...]
    measures: tuple[str, ...]
    figures: tuple[str, ...]


LIST_WORK_ASSESSMENTS = Endpoint(
    SERVICE, "list-work-assessments", ListWorkAssessments, WorkAssessmentPage | Refused, seconds=20
)
