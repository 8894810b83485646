"""Messages of residencies: who is placed at which school, in which term or batch, as adopted plans made it."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Page, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rotation_plan import Role

_SERVICE = "visits"


class Residency(msgspec.Struct, frozen=True, kw_only=True, tag="residency"):
    """One person's placing at one school (蹲点), as lead or collaborator; both days included.

    `term` is None for a batch. One that a later plan took away is `withdrawn`; `plan` is the plan that made it.
    """

    id: str
    plan: str
    person: str
    school: str
    role: Role
    term: str | None = None
    starts_on: date
    ends_on: date
    state: Literal["live", "withdrawn"] = "live"


class GetResidencies(Query, frozen=True, kw_only=True):
    """Ask for residencies by id."""

    ids: tuple[str, ...]


class Residencies(msgspec.Struct, frozen=True, kw_only=True, tag="residencies"):
    """Residencies in the order asked for; None where unknown or out of scope."""

    items: tuple[Residency | None, ...]


class ListResidencies(Query, frozen=True, kw_only=True):
    """Ask for a page of residencies by first day, those in force unless `withdrawn` are wanted too."""

    page: Page = Page()
    person: str | None = None
    school: str | None = None
    term: str | None = None
    plan: str | None = None
    since: date | None = None
    until: date | None = None
    withdrawn: bool = False


class ResidencyPage(msgspec.Struct, frozen=True, kw_only=True, tag="residency-page"):
    """A page of residencies."""

    items: tuple[Residency, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class ResidenciesChanged(msgspec.Struct, frozen=True, kw_only=True):
    """An adopted plan made residencies and withdrew others, by id."""

    plan: str
    made: tuple[str, ...]
    withdrawn: tuple[str, ...]


GET_RESIDENCIES = Endpoint(_SERVICE, "get-residencies", GetResidencies, Residencies | Refused)
LIST_RESIDENCIES = Endpoint(_SERVICE, "list-residencies", ListResidencies, ResidencyPage | Refused)
RESIDENCIES_CHANGED = Event(_SERVICE, "residencies-changed", ResidenciesChanged)
