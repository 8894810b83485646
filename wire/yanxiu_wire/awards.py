"""Messages of the yearly awards (评优): the law's quotas, nominations, blind reviews, ranking, confirmation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.ruling import Ruling

_SERVICE = "visits"

RecipientKind = Literal["course", "school", "group", "leader", "person", "case"]
AwardYearState = Literal["nominating", "scoring", "ranked", "closed"]
NominationState = Literal["nominated", "struck", "confirmed", "withdrawn", "revoked"]


# ---- the year -----------------------------------------------------------------------------------------------------


class AwardQuota(msgspec.Struct, frozen=True, kw_only=True):
    """A category of the law: how many a year, who receives it, its clauses; as it stood when the year was opened."""

    name: str
    quota: int
    recipient: RecipientKind
    clauses: tuple[str, ...]


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """What reviewers give marks for: whole marks from 0 to `most`."""

    name: str
    most: int


class AwardRules(msgspec.Struct, frozen=True, kw_only=True):
    """How a year is judged: criteria, which of them part equal totals in what order (a lot parts the rest), and times.

    `reviews` is how many reviewers each nomination needs; objections may be raised on `objection_days` days after the
    day of publication.
    """

    criteria: tuple[Criterion, ...]
    tie: tuple[str, ...]
    reviews: int
    objection_days: int


class Shortfall(msgspec.Struct, frozen=True, kw_only=True):
    """A category that gave fewer awards than its quota, and why."""

    category: str
    missing: int
    reason: str


class AwardYear(msgspec.Struct, frozen=True, kw_only=True, tag="award-year"):
    """The awards of a calendar year; `lot_seed` is secret until the ranking, its SHA-256 is public with the rules."""

    id: str
    year: int
    state: AwardYearState
    categories: tuple[AwardQuota, ...]
    opened_by: str
    opened_at: datetime
    rules: AwardRules | None = None
    rules_frozen: bool = False
    lot_sha256: str = ""
    lot_seed: str | None = None
    shortfalls: tuple[Shortfall, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    replayed: bool = False


class OpenAwardYear(Command, frozen=True, kw_only=True):
    """Open a year for nominations, with the law's categories and quotas."""

    year: int


class SetAwardRules(Command, frozen=True, kw_only=True):
    """Set how the year is judged; RULES_FROZEN once the first mark was given."""

    year: int
    rules: AwardRules


class StartScoring(Command, frozen=True, kw_only=True):
    """End nominations; each gets an anonymous number within its category, in an order that nobody knows before."""

    year: int


class RankAwards(Command, frozen=True, kw_only=True):
    """End reviewing and rank every category by the rules that were set before."""

    year: int


class CloseAwardYear(Command, frozen=True, kw_only=True):
    """Close a year; a category with fewer awards than its quota needs its reason, by the category's name."""

    year: int
    reasons: Mapping[str, str]


class GetAwardYears(Query, frozen=True, kw_only=True):
    """Ask for award years by their calendar years; None where there is none."""

    years: tuple[int, ...]


class AwardYears(msgspec.Struct, frozen=True, kw_only=True, tag="award-years"):
    """Award years in the order asked for."""

    items: tuple[AwardYear | None, ...]


# ---- nominations --------------------------------------------------------------------------------------------------


class Nomination(msgspec.Struct, frozen=True, kw_only=True, tag="nomination"):
    """A nomination: who or what for which award, of which school, and how it stands.

    `recipient` is a school's, group's or person's id, or a course's or case's title; `people` are those behind it.
    `number` is anonymous; `rank`, `mean` (the mean total as a fraction such as 173/2) and `parted_by` (what parted it
    from one of the same total above it: a criterion, or `lot`) come with the ranking. `place` is the place of the quota
    that it takes; one that was revoked keeps it unless it was freed. `reason` says why it was struck, withdrawn or
    revoked, `ended_by` and `ended_at` who withdrew or revoked it and when.
    """

    id: str
    year: int
    category: str
    recipient: str
    school: str
    people: tuple[str, ...]
    statement: str
    state: NominationState
    nominated_by: str
    nominated_at: datetime
    number: int | None = None
    reviews: int = 0
    rank: int | None = None
    mean: str | None = None
    parted_by: str | None = None
    published_on: date | None = None
    objections_until: date | None = None
    place: int | None = None
    reason: str | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None
    replayed: bool = False


class Nominate(Command, frozen=True, kw_only=True):
    """Nominate; a school nominates its own. The statement names neither the school nor the people: it is read blind."""

    year: int
    category: str
    recipient: str
    school: str
    statement: str
    people: tuple[str, ...] = ()


class PublishAwards(Command, frozen=True, kw_only=True):
    """Publish a category's list for objection: as many as its quota, best first, and so many in reserve."""

    year: int
    category: str
    reserves: int = 0


class AwardsPublished(msgspec.Struct, frozen=True, kw_only=True, tag="awards-published"):
    """The nominations that are public now, best first."""

    items: tuple[Nomination, ...]
    replayed: bool = False


class ConfirmAward(Command, frozen=True, kw_only=True):
    """Confirm an award whose objection days are over; never more than the quota."""

    nomination: str


class GetNominations(Query, frozen=True, kw_only=True):
    """Ask for nominations by id; None where unknown or out of scope."""

    ids: tuple[str, ...]


class Nominations(msgspec.Struct, frozen=True, kw_only=True, tag="nominations"):
    """Nominations in the order asked for."""

    items: tuple[Nomination | None, ...]


class ListNominations(Query, frozen=True, kw_only=True):
    """Ask for a page of nominations in the caller's scope: a school its own, everybody the public ones."""

    page: Page = Page()
    year: int
    category: str | None = None
    state: NominationState | None = None


class NominationPage(msgspec.Struct, frozen=True, kw_only=True, tag="nomination-page"):
    """A page of nominations."""

    items: tuple[Nomination, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


# ---- reviews ------------------------------------------------------------------------------------------------------


class ReviewerStep(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a reviewer: the categories he was appointed to, or conflicts declared; by whom, when and why."""

    what: Literal["appointed", "conflict"]
    by: str
    role: str
    at: datetime
    reason: str = ""
    categories: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


class AwardReviewer(msgspec.Struct, frozen=True, kw_only=True, tag="award-reviewer"):
    """A reviewer of a year, with the schools and people he declared a conflict with, beside the registry's."""

    id: str
    year: int
    categories: tuple[str, ...]
    declared_schools: tuple[str, ...] = ()
    declared_people: tuple[str, ...] = ()
    history: tuple[ReviewerStep, ...] = ()
    replayed: bool = False


class AppointReviewer(Command, frozen=True, kw_only=True):
    """Appoint a reviewer (a teacher's id) for categories, or change his categories, until the ranking.

    A category that is taken from him needs its `reason`: his marks there do not count any more.
    """

    year: int
    reviewer: str
    categories: tuple[str, ...]
    reason: str = ""


class DeclareConflict(Command, frozen=True, kw_only=True):
    """Declare conflicts of interest, until the ranking: the reviewer himself, or an officer for him, with a `reason`.

    They add to those declared before.
    """

    year: int
    schools: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    reviewer: str | None = None
    reason: str = ""


class ReviewItem(msgspec.Struct, frozen=True, kw_only=True):
    """A nomination as its reviewer sees it: a number of his own, statement, his own marks; no school, person or id."""

    category: str
    number: int
    statement: str
    marks: Mapping[str, int] = msgspec.field(default_factory=dict)


class ListReviewers(Query, frozen=True, kw_only=True):
    """Ask for the reviewers of award years: officers and auditors for all, a reviewer for himself."""

    years: tuple[int, ...]


class AwardReviewers(msgspec.Struct, frozen=True, kw_only=True, tag="award-reviewers"):
    """Reviewers, by year and id."""

    items: tuple[AwardReviewer, ...]


class ListReviewItems(Query, frozen=True, kw_only=True):
    """Ask for what the caller is to review, without what he had a conflict with when it was numbered for him."""

    year: int
    category: str | None = None


class ReviewItems(msgspec.Struct, frozen=True, kw_only=True, tag="review-items"):
    """What a reviewer is to review, by category and number."""

    items: tuple[ReviewItem, ...]


class ScoreNomination(Command, frozen=True, kw_only=True):
    """Give marks by criterion; until the ranking they may be given anew, and the last ones count."""

    year: int
    category: str
    number: int
    marks: Mapping[str, int]


class NominationScored(msgspec.Struct, frozen=True, kw_only=True, tag="nomination-scored"):
    """The marks as they were kept."""

    item: ReviewItem
    replayed: bool = False


# ---- objections ---------------------------------------------------------------------------------------------------


class AwardObjection(msgspec.Struct, frozen=True, kw_only=True, tag="award-objection"):
    """An objection to a published nomination, and how it was settled: upheld, the nomination is struck.

    `raised_person` is the register's id of who raised it, where his token says so.
    """

    id: str
    nomination: str
    text: str
    raised_by: str
    raised_at: datetime
    raised_person: str | None = None
    upheld: bool | None = None
    answer: str = ""
    settled_by: str | None = None
    settled_at: datetime | None = None
    replayed: bool = False


class RaiseAwardObjection(Command, frozen=True, kw_only=True):
    """Object to a published nomination while its days last."""

    nomination: str
    text: str


class SettleAwardObjection(Command, frozen=True, kw_only=True):
    """Settle an objection; by another person than who raised it, under whatever token."""

    objection: str
    upheld: bool
    answer: str


class AwardChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A nomination was made, ranked, published, struck, confirmed, withdrawn or revoked."""

    nomination: str
    year: int
    category: str
    state: NominationState


OPEN_AWARD_YEAR = Endpoint(_SERVICE, "open-award-year", OpenAwardYear, AwardYear | Refused, writes=True)
SET_AWARD_RULES = Endpoint(_SERVICE, "set-award-rules", SetAwardRules, AwardYear | Refused, writes=True)
START_SCORING = Endpoint(_SERVICE, "start-scoring", StartScoring, AwardYear | Refused, writes=True)
RANK_AWARDS = Endpoint(_SERVICE, "rank-awards", RankAwards, AwardYear | Refused, writes=True)
CLOSE_AWARD_YEAR = Endpoint(_SERVICE, "close-award-year", CloseAwardYear, AwardYear | Refused, writes=True)
GET_AWARD_YEARS = Endpoint(_SERVICE, "get-award-years", GetAwardYears, AwardYears | Refused)
NOMINATE = Endpoint(_SERVICE, "nominate", Nominate, Nomination | Refused, writes=True)
PUBLISH_AWARDS = Endpoint(_SERVICE, "publish-awards", PublishAwards, AwardsPublished | Refused, writes=True)
CONFIRM_AWARD = Endpoint(_SERVICE, "confirm-award", ConfirmAward, Nomination | Refused, writes=True)
GET_NOMINATIONS = Endpoint(_SERVICE, "get-nominations", GetNominations, Nominations | Refused)
LIST_NOMINATIONS = Endpoint(_SERVICE, "list-nominations", ListNominations, NominationPage | Refused)
APPOINT_REVIEWER = Endpoint(_SERVICE, "appoint-reviewer", AppointReviewer, AwardReviewer | Refused, writes=True)
DECLARE_CONFLICT = Endpoint(_SERVICE, "declare-conflict", DeclareConflict, AwardReviewer | Refused, writes=True)
LIST_REVIEWERS = Endpoint(_SERVICE, "list-reviewers", ListReviewers, AwardReviewers | Refused)
LIST_REVIEW_ITEMS = Endpoint(_SERVICE, "list-review-items", ListReviewItems, ReviewItems | Refused)
SCORE_NOMINATION = Endpoint(_SERVICE, "score-nomination", ScoreNomination, NominationScored | Refused, writes=True)
RAISE_AWARD_OBJECTION = Endpoint(
    _SERVICE, "raise-award-objection", RaiseAwardObjection, AwardObjection | Refused, writes=True
)
SETTLE_AWARD_OBJECTION = Endpoint(
    _SERVICE, "settle-award-objection", SettleAwardObjection, AwardObjection | Refused, writes=True
)
AWARD_CHANGED = Event(_SERVICE, "award-changed", AwardChanged)
