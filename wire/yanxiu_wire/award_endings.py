"""Messages of awards that end otherwise than confirmed: withdrawn nominations, revoked awards, objections."""

from __future__ import annotations

import msgspec

from yanxiu_wire.awards import AwardObjection, AwardYearState, Nomination
from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused

_SERVICE = "visits"


class WithdrawNomination(Command, frozen=True, kw_only=True):
    """Withdraw a nomination that is not confirmed, with a reason; a school its own, officers any."""

    nomination: str
    reason: str


class RevokeAward(Command, frozen=True, kw_only=True):
    """Revoke a confirmed award, with a reason that stays.

    `free_place` gives its place to the next in line, which is possible while the year is open: PLACE_NOT_FREED with
    the clause once it is closed. Without it the place stays used.
    """

    nomination: str
    reason: str
    free_place: bool = True


class ListAwardObjections(Query, frozen=True, kw_only=True):
    """Ask for a page of objections, as they came: officers and auditors see all, everybody else his own.

    `year` and `ids` narrow it.
    """

    page: Page = Page()
    year: int | None = None
    ids: tuple[str, ...] = ()
    category: str | None = None
    open: bool | None = None


class AwardObjectionPage(msgspec.Struct, frozen=True, kw_only=True, tag="award-objection-page"):
    """A page of objections."""

    items: tuple[AwardObjection, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class AwardYearChanged(msgspec.Struct, frozen=True, kw_only=True):
    """An award year was opened, its rules set or frozen, scored, ranked or closed."""

    year: int
    state: AwardYearState


class AwardObjectionChanged(msgspec.Struct, frozen=True, kw_only=True):
    """An objection was raised or settled."""

    objection: str
    nomination: str
    year: int
    settled: bool


WITHDRAW_NOMINATION = Endpoint(_SERVICE, "withdraw-nomination", WithdrawNomination, Nomination | Refused, writes=True)
REVOKE_AWARD = Endpoint(_SERVICE, "revoke-award", RevokeAward, Nomination | Refused, writes=True)
LIST_AWARD_OBJECTIONS = Endpoint(_SERVICE, "list-award-objections", ListAwardObjections, AwardObjectionPage | Refused)
AWARD_YEAR_CHANGED = Event(_SERVICE, "award-year-changed", AwardYearChanged)
AWARD_OBJECTION_CHANGED = Event(_SERVICE, "award-objection-changed", AwardObjectionChanged)
