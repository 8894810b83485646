"""Messages of erasing a person: proposed by one official, confirmed by another, refused where something still runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from yanxiu_wire import credits as credit
from yanxiu_wire import registry, visits
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command, Query
from yanxiu_wire.refusal import Refused


class Erasure(msgspec.Struct, frozen=True, kw_only=True, tag="erasure"):
    """An erasure: what for, by which document, until when that one has the data kept, and who stands for it.

    Once it is confirmed, `counts` says how many rows of each of the registry's tables were cleared.
    """

    id: str
    teacher: str
    reason: str
    document: str
    retained_until: date
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    counts: Mapping[str, int] = {}
    replayed: bool = False


class ProposeErasure(Command, frozen=True, kw_only=True):
    """Propose to erase a teacher who works in the district no more.

    The `document` is the decision, or the rule of the district, that says how long such data are kept: until
    `retained_until`, which must be over.
    """

    teacher: str
    reason: str
    document: str
    retained_until: date


class ConfirmErasure(Command, frozen=True, kw_only=True):
    """Confirm an erasure that another person proposed; a second time it answers the same."""

    erasure: str


class ListErasures(Query, frozen=True, kw_only=True):
    """Ask for one erasure, a teacher's, or all that were confirmed since an instant: oldest first, 500 at most."""

    erasure: str | None = None
    teacher: str | None = None
    since: datetime | None = None


class Erasures(msgspec.Struct, frozen=True, kw_only=True, tag="erasures"):
    """Erasures, oldest first."""

    items: tuple[Erasure, ...]


class CheckErasure(Query, frozen=True, kw_only=True):
    """Ask whether a service has anything against erasing a teacher."""

    teacher: str


class ErasureChecked(msgspec.Struct, frozen=True, kw_only=True, tag="erasure-checked"):
    """It has nothing; `rows` stay that are about the id alone."""

    rows: int


class SignErasure(Command, frozen=True, kw_only=True):
    """Ask for the receipt of an erasure: the signature over `ErasureStated`; the same for the same erasure."""

    erasure: str
    teacher: str
    sha256: str


class ErasureReceipt(msgspec.Struct, frozen=True, kw_only=True, tag="erasure-receipt"):
    """The JWS over `ErasureStated`."""

    token: str
    replayed: bool = False


PROPOSE_ERASURE = Endpoint(registry.SERVICE, "propose-erasure", ProposeErasure, Erasure | Refused, writes=True)
CONFIRM_ERASURE = Endpoint(registry.SERVICE, "confirm-erasure", ConfirmErasure, Erasure | Refused, writes=True)
LIST_ERASURES = Endpoint(registry.SERVICE, "list-erasures", ListErasures, Erasures | Refused)
SIGN_ERASURE = Endpoint(credit.SERVICE, "sign-erasure", SignErasure, ErasureReceipt | Refused, writes=True)


def _check(service: str) -> Endpoint[Any, Any]:
    return Endpoint(service, "check-erasure", CheckErasure, ErasureChecked | Refused)


CHECK_ERASURE_OF_CREDITS, CHECK_ERASURE_OF_VISITS = _check(credit.SERVICE), _check(visits.SERVICE)
CHECKS = (CHECK_ERASURE_OF_CREDITS, CHECK_ERASURE_OF_VISITS)
