"""Messages of what a researcher's yearly assessment rests on: his terms by the law, in a district's own columns."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command, Page, Query
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


class AssessmentSheet(msgspec.Struct, frozen=True, kw_only=True, tag="assessment-sheet"):
    """A version of the district's own sheet, in force from a day on, by whose decision; versions count from 1."""

    version: int
    since: date
    columns: tuple[SheetColumn, ...]
    decided_by: str
    set_by: str
    set_at: datetime
    replayed: bool = False


class SetAssessmentSheet(Command, frozen=True, kw_only=True):
    """Set the sheet from a day on; `decided_by` names the decision, `expected_version` the newest one seen, 0: none."""

    since: date
    columns: tuple[SheetColumn, ...]
    decided_by: str
    expected_version: int = 0


class ListAssessmentSheets(Query, frozen=True, kw_only=True):
    """Ask for every version of the sheet, newest first."""


class AssessmentSheets(msgspec.Struct, frozen=True, kw_only=True, tag="assessment-sheets"):
    """The versions."""

    items: tuple[AssessmentSheet, ...]


class WorkAssessment(msgspec.Struct, frozen=True, kw_only=True):
    """A researcher's year: the values of the sheet's columns in their order, each term, and the law's answers."""

    researcher: str
    values: tuple[str, ...]
    terms: tuple[TermMinima, ...]
    rulings: tuple[Ruling, ...]


class ListWorkAssessments(Query, frozen=True, kw_only=True):
    """Ask for a page of a school year (`2024-2025`), by researcher; terms that have not begun are left out.

    Without `columns` the district's sheet of that year is filled in, as of the day that is asked for.
    """

    school_year: str
    columns: tuple[SheetColumn, ...] | None = None
    page: Page = Page()
    as_of: date | None = None


class WorkAssessmentPage(msgspec.Struct, frozen=True, kw_only=True, tag="work-assessment-page"):
    """A page; `measures` and `figures` are what columns can be made of.

    `columns` are those filled in, `sheet` the version of the district's sheet that they are of (None: of the query, or
    there is none).
    """

    items: tuple[WorkAssessment, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int
    terms: tuple[str, ...]
    measures: tuple[str, ...]
    figures: tuple[str, ...]
    columns: tuple[SheetColumn, ...] = ()
    sheet: int | None = None


LIST_WORK_ASSESSMENTS = Endpoint(
    SERVICE, "list-work-assessments", ListWorkAssessments, WorkAssessmentPage | Refused, seconds=20
)
SET_ASSESSMENT_SHEET = Endpoint(
    SERVICE, "set-assessment-sheet", SetAssessmentSheet, AssessmentSheet | Refused, writes=True
)
LIST_ASSESSMENT_SHEETS = Endpoint(SERVICE, "list-assessment-sheets", ListAssessmentSheets, AssessmentSheets | Refused)
