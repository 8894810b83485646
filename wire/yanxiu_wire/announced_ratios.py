"""Messages about what was announced of the schools' ratios: a period that is over and closed, and what follows."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.explanation import Explanation
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused

_SERVICE = "credits"
# The first question about a period judges everybody once.
_SECONDS = 120

RatioState = Literal["announced", "withdrawn"]
LeftOutWhy = Literal["open", "without-teachers"]


class ReasonedException(msgspec.Struct, frozen=True, kw_only=True):
    """A school that a decision excepts from the bar, with the decision and its reason; an empty text ends it."""

    school: str
    reason: str


class AnnounceSchoolRatios(Command, frozen=True, kw_only=True):
    """Announce the ratios of the period that contains `on`, of these schools or (none named) of all.

    Announced anew, what differs from the last announcement of a school supersedes it; what does not is left as it is.
    `exceptions` are the bureau's, under a law that holds in principle only (原则上); one stands until it is ended or
    the announcement withdrawn.
    """

    on: date
    schools: tuple[str, ...] = ()
    exceptions: tuple[ReasonedException, ...] = ()


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A school of which nothing was announced: its period is open, or it had no teachers on the last day."""

    school: str
    why: LeftOutWhy


class AnnouncedRatio(msgspec.Struct, frozen=True, kw_only=True):
    """What was announced of a school's ratio: `version` counts the announcements of a school and period from 1.

    `withdrawn`: what was announced before no longer stands, since the period was opened or its recognition taken back;
    the figures are those of the announcement that was withdrawn, and the school is not barred. `exception` is why a
    school that the rule would bar is not.
    """

    school: str
    label: str
    starts_on: date
    ends_on: date
    version: int
    state: RatioState
    barred: bool
    roster: int
    not_completed: int
    share: Decimal | None
    clauses: tuple[str, ...]
    explanation: Explanation
    announced_by: str
    announced_at: datetime
    exception: str | None = None
    superseded: bool = False


class SchoolRatiosAnnounced(msgspec.Struct, frozen=True, kw_only=True, tag="school-ratios-announced"):
    """What announcing came to, counted in schools; `barred` are all of them that are barred now."""

    label: str
    starts_on: date
    ends_on: date
    announced: int
    unchanged: int
    withdrawn: int
    barred: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    replayed: bool = False


class ListAnnouncedRatios(Query, frozen=True, kw_only=True):
    """Ask for a page of what was announced, by school, period and version; a school role sees its own school's.

    `on` is a day of the period; `every_version` asks for those too that a later announcement superseded.
    """

    on: date | None = None
    school: str | None = None
    barred: bool | None = None
    every_version: bool = False
    page: Page = Page()


class AnnouncedRatioPage(msgspec.Struct, frozen=True, kw_only=True, tag="announced-ratio-page"):
    """A page of announcements."""

    items: tuple[AnnouncedRatio, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


ANNOUNCE_SCHOOL_RATIOS = Endpoint(
    _SERVICE,
    "announce-school-ratios",
    AnnounceSchoolRatios,
    SchoolRatiosAnnounced | Refused,
    writes=True,
    seconds=_SECONDS,
)
LIST_ANNOUNCED_RATIOS = Endpoint(_SERVICE, "list-announced-ratios", ListAnnouncedRatios, AnnouncedRatioPage | Refused)
