"""Messages and endpoints about where teachers stand: standings, who falls short, and the schools' ratios."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.explanation import Explanation, Reading
from yanxiu_wire.message import Page, Query
from yanxiu_wire.refusal import Refused

Verdict = Literal["PASS", "FAIL", "EXEMPT"]
ShortfallSort = Literal["teacher", "school", "gap"]

# ---- one teacher ------------------------------------------------------------------------------------------------


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A requirement of a period with its threshold, what was earned and what is missing."""

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
    binding: bool
    readings: tuple[Reading, ...] = ()


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What can still be done about a requirement that is not met before its period ends.

    `still_possible` is what the law still lets be added, None where it sets no limit; `reachable` whether that is
    enough. `clauses` are those that limit it.
    """

    clause: str
    measure: str
    unit: str
    missing: Decimal
    days_left: int
    still_possible: Decimal | None
    reachable: bool
    zh: str
    en: str
    clauses: tuple[str, ...] = ()


class PeriodToCome(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a longer period that has not begun, such as a year of a cycle, with every duty it still brings."""

    kind: str
    label: str
    starts_on: date
    ends_on: date
    duties: tuple[Finding, ...]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A teacher's position in a period against every requirement of the law, and what is still possible until it ends.

    `days_left` counts from the day of asking (or the period's first) to the last one, both included; 0 afterwards.
    `recognition_stale` says that the period's official recognition stands, and is not what is judged now.
    """

    teacher: str
    kind: str
    label: str
    starts_on: date
    ends_on: date
    verdict: Verdict
    hours: Decimal
    credits: Decimal
    recognised_hours: Decimal
    recognised_credits: Decimal
    hours_unit: str
    credits_unit: str
    findings: tuple[Finding, ...]
    explanation: Explanation
    days_left: int = 0
    outlook: tuple[Outlook, ...] = ()
    to_come: tuple[PeriodToCome, ...] = ()
    recognition_stale: bool = False


class GetStandings(Query, frozen=True, kw_only=True):
    """Ask for each teacher's standing in the period of a kind that contains `on` (default: today).

    `as_known_at` asks what was known at a past instant: entries and facts recorded later are not seen.
    """

    teachers: tuple[str, ...]
    kind: str
    on: date | None = None
    as_known_at: datetime | None = None


class Standings(msgspec.Struct, frozen=True, kw_only=True, tag="standings"):
    """Standings in the order asked for; None where unknown or out of scope."""

    items: tuple[Standing | None, ...]


# ---- who falls short --------------------------------------------------------------------------------------------


class Shortfall(msgspec.Struct, frozen=True, kw_only=True):
    """A requirement that a teacher does not meet, without its readings."""

    clause: str
    measure: str
    label_zh: str
    label_en: str
    unit: str
    operator: str
    threshold: Decimal
    earned: Decimal | None
    shortfall: Decimal
    binding: bool


class ShortfallRow(msgspec.Struct, frozen=True, kw_only=True):
    """A teacher in a list of standings: the verdict, the sums, and each requirement that is not met."""

    teacher: str
    school: str
    verdict: Verdict
    hours: Decimal
    credits: Decimal
    recognised_hours: Decimal
    recognised_credits: Decimal
    short: tuple[Shortfall, ...]


class ListShortfalls(Query, frozen=True, kw_only=True):
    """Ask for a page of the teachers in employ who fall short in a period; `verdict` and `clause` narrow it.

    Without a verdict: everyone with a requirement that is not met, the exempt left out. `sort` is by teacher, by
    school, or by the largest gap in proportion to the threshold first. A page has at most 200 rows.
    """

    kind: str
    on: date | None = None
    school: str | None = None
    clause: str | None = None
    verdict: Verdict | None = None
    sort: ShortfallSort = "school"
    page: Page = Page()


class ShortfallPage(msgspec.Struct, frozen=True, kw_only=True, tag="shortfall-page"):
    """A page of a list, as of the ledger's entry `as_of_seq`: nothing later is in it, nothing earlier is missing."""

    items: tuple[ShortfallRow, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int
    as_of_seq: int
    label: str
    starts_on: date
    ends_on: date
    hours_unit: str
    credits_unit: str


class SummariseShortfalls(Query, frozen=True, kw_only=True):
    """Ask how many of each school pass, fail or are exempt, and how many who are not exempt miss each requirement."""

    kind: str
    on: date | None = None
    school: str | None = None


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """A requirement as the column of a table."""

    clause: str
    measure: str
    label_zh: str
    label_en: str
    unit: str


class SchoolShortfalls(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of one school; `short` stands beside the summary's `duties`, one for one."""

    school: str
    teachers: int
    passed: int
    failed: int
    exempt: int
    short: tuple[int, ...]


class ShortfallSummary(msgspec.Struct, frozen=True, kw_only=True, tag="shortfall-summary"):
    """The counts by school, and in all (`total`, whose school is empty)."""

    duties: tuple[Duty, ...]
    schools: tuple[SchoolShortfalls, ...]
    total: SchoolShortfalls
    as_of_seq: int
    label: str
    starts_on: date
    ends_on: date


# ---- the schools' ratios ----------------------------------------------------------------------------------------


class ListSchoolRatios(Query, frozen=True, kw_only=True):
    """Ask for the share of each school's teachers who did not complete a year, in the order of the schools' ids.

    `over` asks for the schools alone that the law bars.
    """

    on: date | None = None
    schools: tuple[str, ...] = ()
    over: bool = False
    page: Page = Page()


class SchoolRatio(msgspec.Struct, frozen=True, kw_only=True):
    """A school's ratio in a year: teachers in employ on its last day, how many did not complete, and what follows.

    `share` is exact to the law's places for showing, None without teachers; the test itself is on the exact fraction.
    """

    school: str
    roster: int
    not_completed: int
    share: Decimal | None
    barred: bool
    explanation: Explanation


class SchoolRatioPage(msgspec.Struct, frozen=True, kw_only=True, tag="school-ratio-page"):
    """A page of ratios, as of the ledger's entry `as_of_seq`."""

    items: tuple[SchoolRatio, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int
    as_of_seq: int
    label: str
    starts_on: date
    ends_on: date


class SchoolRatioAnnounced(msgspec.Struct, frozen=True, kw_only=True):
    """What a school's ratio of a period came to when it was announced, for services that act on a bar.

    `version` grows with every announcement of the same school and period; `clauses` are those of the rule.
    """

    school: str
    label: str
    starts_on: date
    ends_on: date
    version: int
    barred: bool
    share: Decimal | None
    clauses: tuple[str, ...]


_SERVICE = "credits"
# The first question about a period judges everybody once; those that follow judge what has changed since.
_SECONDS = 120

GET_STANDINGS = Endpoint(_SERVICE, "get-standings", GetStandings, Standings | Refused)
LIST_SHORTFALLS = Endpoint(_SERVICE, "list-shortfalls", ListShortfalls, ShortfallPage | Refused, seconds=_SECONDS)
SUMMARISE_SHORTFALLS = Endpoint(
    _SERVICE, "summarise-shortfalls", SummariseShortfalls, ShortfallSummary | Refused, seconds=_SECONDS
)
LIST_SCHOOL_RATIOS = Endpoint(
    _SERVICE, "list-school-ratios", ListSchoolRatios, SchoolRatioPage | Refused, seconds=_SECONDS
)
SCHOOL_RATIO_ANNOUNCED = Event(_SERVICE, "school-ratio-announced", SchoolRatioAnnounced)
