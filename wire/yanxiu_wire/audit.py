"""Messages of the audit trail, which each service keeps of its districts: who saw and did what, and is it whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from yanxiu_wire import credits as credit
from yanxiu_wire import registry, visits
from yanxiu_wire.caller import Role
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Page, Query
from yanxiu_wire.refusal import Refused

Kind = Literal["command", "read"]
Outcome = Literal["done", "replayed", "refused", "fault"]


class AuditRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the trail: ids, counts and codes alone.

    `action` is the endpoint's verb, `home` the caller's district (`platform` for the operator), `policies` the ids of
    those that let the caller in, or kept him out. `objects` are ids that the request was about, at most 20 of a read
    and 100 of a command, `total` how many there were; `question` are the filters of a read. `key` is an idempotency
    key, or its digest where it is no id. `reason` is what was stated for seeing national ids; it is no part of the
    line, and shown to auditors alone.
    """

    service: str
    seq: int
    at: datetime
    kind: Kind
    action: str
    subject: str
    role: Role
    home: str
    grant: str | None = None
    app: str | None = None
    operation: str | None = None
    document: str | None = None
    policies: tuple[str, ...] = ()
    outcome: Outcome
    code: str | None = None
    fault_id: str | None = None
    trace: str | None = None
    key: str | None = None
    objects: tuple[str, ...] = ()
    total: int = 0
    question: Mapping[str, str] = {}
    hash: str = ""
    reason: str | None = None


class ListAudit(Query, frozen=True, kw_only=True):
    """Ask for lines, newest first; `as_of` for those until the end of that day in China.

    `about` are ids that a line must all be about. `page.after` is a cursor of any service: lines of all of them stand
    in one order, by time and then by the name of the service.
    """

    page: Page = Page()
    about: tuple[str, ...] = ()
    subject: str | None = None
    role: Role | None = None
    kind: Kind | None = None
    action: str | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None
    as_of: date | None = None


class ListSeenBy(Query, frozen=True, kw_only=True):
    """Ask who saw or changed what the caller's own record is made of; for a teacher, of himself."""

    page: Page = Page()


class AuditPage(msgspec.Struct, frozen=True, kw_only=True, tag="audit-page"):
    """A page of lines."""

    items: tuple[AuditRecord, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class AuditHead(msgspec.Struct, frozen=True, kw_only=True):
    """The last line of a trail as somebody keeps it elsewhere: its number and its digest."""

    seq: int
    hash: str


class VerifyAudit(Query, frozen=True, kw_only=True):
    """Ask whether the trail is whole, and still the one of which `heads` are kept."""

    heads: tuple[AuditHead, ...] = ()


class AuditVerified(msgspec.Struct, frozen=True, kw_only=True, tag="audit-verified"):
    """How many lines there are, how many reads expired, and the last line; or the first that is not as it was."""

    records: int
    expired: int
    head: AuditHead
    first_bad: int | None = None
    problem: str | None = None


def _list(service: str) -> Endpoint[ListAudit, Any]:
    return Endpoint(service, "list-audit", ListAudit, AuditPage | Refused)


def _seen_by(service: str) -> Endpoint[ListSeenBy, Any]:
    return Endpoint(service, "list-seen-by", ListSeenBy, AuditPage | Refused)


def _verify(service: str) -> Endpoint[VerifyAudit, Any]:
    return Endpoint(service, "verify-audit", VerifyAudit, AuditVerified | Refused, seconds=120, by_operators=True)


LIST_REGISTRY_AUDIT, LIST_CREDITS_AUDIT, LIST_VISITS_AUDIT = map(
    _list, (registry.SERVICE, credit.SERVICE, visits.SERVICE)
)
LIST_REGISTRY_SEEN_BY, LIST_CREDITS_SEEN_BY, LIST_VISITS_SEEN_BY = map(
    _seen_by, (registry.SERVICE, credit.SERVICE, visits.SERVICE)
)
VERIFY_REGISTRY_AUDIT, VERIFY_CREDITS_AUDIT, VERIFY_VISITS_AUDIT = map(
    _verify, (registry.SERVICE, credit.SERVICE, visits.SERVICE)
)
_EVERY = (
    LIST_REGISTRY_AUDIT, LIST_CREDITS_AUDIT, LIST_VISITS_AUDIT, LIST_REGISTRY_SEEN_BY, LIST_CREDITS_SEEN_BY,
    LIST_VISITS_SEEN_BY, VERIFY_REGISTRY_AUDIT, VERIFY_CREDITS_AUDIT, VERIFY_VISITS_AUDIT,
)  # fmt: skip


def audit_endpoint(service: str, verb: str) -> Endpoint[Any, Any]:
    """The endpoint of a service's trail: `list-audit`, `list-seen-by` or `verify-audit`."""
    return next(one for one in _EVERY if (one.service, one.verb) == (service, verb))
