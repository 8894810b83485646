"""Messages of a researcher's term: his page of work, drafts of summaries and reports, and what became of them."""

from __future__ import annotations

from datetime import date

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.field_records import Figure
from yanxiu_wire.message import Query
from yanxiu_wire.noting import SERVICE
from yanxiu_wire.refusal import Refused


class GetTermWork(Query, frozen=True, kw_only=True):
    """Ask for a researcher's term as it stands: his visits, what is missing, and what was found."""

    researcher: str
    term: str


class PaperMissing(msgspec.Struct, frozen=True, kw_only=True):
    """A document that the law asks of him and that he has not handed in: its name, and once per what."""

    paper: str
    label_en: str
    per: str
    clauses: tuple[str, ...]


class TermWork(msgspec.Struct, frozen=True, kw_only=True, tag="term-work"):
    """A researcher's term as of today.

    Ids of visits: `ahead` (planned, from today on), `unfinished` (begun and not left, or planned for a day that is
    past), `unprepared` (to come, and the law's preparation not whole), `incomplete`. `months` are those that are over
    and want a summary, `papers` the documents not handed in, `findings` ids of his open findings.
    """

    researcher: str
    term: str
    starts_on: date
    ends_on: date
    figures: tuple[Figure, ...]
    ahead: tuple[str, ...]
    unfinished: tuple[str, ...]
    unprepared: tuple[str, ...]
    incomplete: tuple[str, ...]
    months: tuple[str, ...]
    papers: tuple[PaperMissing, ...]
    report: bool
    findings: tuple[str, ...]


class DraftFigures(Query, frozen=True, kw_only=True):
    """Ask for the figures of a month (`2024-10`), or of the whole term, from the records as they are now.

    They are sent back in the summary or report, and frozen there.
    """

    researcher: str
    term: str
    month: str | None = None
    school: str | None = None


class Draft(msgspec.Struct, frozen=True, kw_only=True, tag="draft"):
    """The figures, each with the records that it counts, and sentences made of them."""

    researcher: str
    term: str
    month: str | None
    school: str | None
    figures: tuple[Figure, ...]
    text_zh: str
    text_en: str


class GetDifferences(Query, frozen=True, kw_only=True):
    """Ask what the figures of submitted summaries or reports (ids of records) would be now."""

    ids: tuple[str, ...]


class FigureNow(msgspec.Struct, frozen=True, kw_only=True):
    """A figure as it was submitted, and as the records have it now: ids that came since, ids that are gone."""

    name: str
    submitted: int
    now: int
    added: tuple[str, ...]
    gone: tuple[str, ...]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one summary or report that are other than submitted; empty when all stand."""

    record: str
    figures: tuple[FigureNow, ...]


class Differences(msgspec.Struct, frozen=True, kw_only=True, tag="differences"):
    """Differences in the order asked for; None where there is no such summary or report, or it is out of scope."""

    items: tuple[Difference | None, ...]


GET_TERM_WORK = Endpoint(SERVICE, "get-term-work", GetTermWork, TermWork | Refused)
DRAFT_FIGURES = Endpoint(SERVICE, "draft-figures", DraftFigures, Draft | Refused)
GET_DIFFERENCES = Endpoint(SERVICE, "get-differences", GetDifferences, Differences | Refused)

ENDPOINTS = (GET_TERM_WORK, DRAFT_FIGURES, GET_DIFFERENCES)
