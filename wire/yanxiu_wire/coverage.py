"""Messages of the map of coverage: schools by terms, who is placed there, who came how often, and who never."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Page, Query
from yanxiu_wire.noting import SERVICE
from yanxiu_wire.refusal import Refused
from yanxiu_wire.ruling import Ruling

# Somebody came; somebody is placed and the term is not over; somebody was, and nobody came; nobody is placed at all.
Coverage = Literal["visited", "assigned", "unvisited", "uncovered"]
# Many visits, while others have none; placed in several terms, while others in none.
CoverageAlert = Literal["repeated", "assigned-again"]


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who came to a school in a term: how many visits, and on how many half days."""

    person: str
    visits: int
    half_days: int


class CoverageCell(msgspec.Struct, frozen=True, kw_only=True):
    """A school in a term: who is placed there, who came, and the ids of the visits."""

    term: str
    assigned: tuple[str, ...]
    visitors: tuple[Visitor, ...]
    visits: tuple[str, ...]


class SchoolCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """A school over the terms of the window. `due`: the law counts it, which a school of another stage is not.

    `travel` is the least that anybody's way there costs, in the units of the adopted plan; None where no cost is on
    file. `near`: it costs less than half of the schools do; None where that is not known.
    """

    school: str
    stage: str
    due: bool
    state: Coverage
    cells: tuple[CoverageCell, ...]
    visits: int
    half_days: int
    travel: int | None = None
    near: bool | None = None
    alerts: tuple[CoverageAlert, ...] = ()


class ListCoverage(Query, frozen=True, kw_only=True):
    """Ask for a page of the map, by school id; `terms` are ids of terms, else those of the window of the day.

    The window: the terms of the plan adopted for the day, else as many as the law's window has, up to the day's.
    `state` and `alert` narrow the rows, `due` (default) leaves out schools that the law does not count.
    """

    page: Page = Page()
    terms: tuple[str, ...] = ()
    as_of: date | None = None
    state: Coverage | None = None
    alert: CoverageAlert | None = None
    due: bool = True


class CoveragePage(msgspec.Struct, frozen=True, kw_only=True, tag="coverage-page"):
    """A page of the map; the counts are of all due schools. `rulings` answer for placings, then for visits made.

    `schools` are those that are due, `placed` those with somebody placed, `visited` those that somebody came to,
    `alerts` those with any.
    """

    items: tuple[SchoolCoverage, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int
    terms: tuple[str, ...]
    as_of: date
    schools: int
    placed: int
    visited: int
    alerts: int
    rulings_placed: tuple[Ruling, ...]
    rulings_visited: tuple[Ruling, ...]


LIST_COVERAGE = Endpoint(SERVICE, "list-coverage", ListCoverage, CoveragePage | Refused)
