"""Messages of grants: who holds which role in a district, within which school, from which day to which."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from yanxiu_wire.caller import Role
from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import SERVICE


class GrantRevoked(msgspec.Struct, frozen=True, kw_only=True):
    """By whom a grant was revoked, when, and why."""

    at: datetime
    by: str
    why: str


class Grant(msgspec.Struct, frozen=True, kw_only=True, tag="grant"):
    """A role of a subject of the issuer, in the district, a school or for one teacher's own record.

    It holds from `since` to `until` (both included, None: it goes on) until it is revoked; `ends_at` is the moment
    after which it holds no more. `decision` is the document by which it was given.
    """

    id: str
    subject: str
    role: Role
    school: str | None = None
    teacher: str | None = None
    since: date
    until: date | None = None
    ends_at: datetime | None = None
    decision: str
    granted_by: str
    granted_at: datetime
    revoked: GrantRevoked | None = None


class GrantRole(Command, frozen=True, kw_only=True):
    """Give a role to a subject of the issuer."""

    subject: str
    role: Role
    school: str | None = None
    teacher: str | None = None
    since: date
    until: date | None = None
    decision: str


class RevokeGrant(Command, frozen=True, kw_only=True):
    """Take a grant back, from this moment on."""

    grant: str
    why: str


class ListGrants(Query, frozen=True, kw_only=True):
    """Ask for grants, newest first; `holding` asks for those that hold now, or (False) that do not."""

    page: Page = Page()
    subject: str | None = None
    role: Role | None = None
    school: str | None = None
    holding: bool | None = None
    ids: tuple[str, ...] = ()


class GrantPage(msgspec.Struct, frozen=True, kw_only=True, tag="grant-page"):
    """A page of grants."""

    items: tuple[Grant, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class GetOwnGrants(Query, frozen=True, kw_only=True):
    """Ask for the grants that the caller's subject holds now, whatever role it asks in."""


class OwnGrants(msgspec.Struct, frozen=True, kw_only=True, tag="own-grants"):
    """Grants that hold now, oldest first."""

    items: tuple[Grant, ...]


class GrantChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A grant was given or revoked: what its subject may do is to be asked anew."""

    grant: str
    subject: str


GRANT_ROLE = Endpoint(SERVICE, "grant-role", GrantRole, Grant | Refused, writes=True)
REVOKE_GRANT = Endpoint(SERVICE, "revoke-grant", RevokeGrant, Grant | Refused, writes=True)
LIST_GRANTS = Endpoint(SERVICE, "list-grants", ListGrants, GrantPage | Refused)
GET_OWN_GRANTS = Endpoint(SERVICE, "get-own-grants", GetOwnGrants, OwnGrants | Refused)
GRANT_CHANGED = Event(SERVICE, "grant-changed", GrantChanged)
