"""Messages of erasing a person: proposed by one official, confirmed by another, refused where something still runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from yanxiu_wire import credits as credit
from yanxiu_wire import registry, visits
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused


class Erasure(msgspec.Struct, frozen=True, kw_only=True, tag="erasure"):
    """An erasure: what for, by which document, until when that one has the data kept, and who stands for it.

    Once it is confirmed, `counts` says how many rows of each table were cleared: the registry's by its name, another
    service's by `service.table`. It is begun when the second official has decided and names may be cleared elsewhere:
    from then on it is not withdrawn.
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
    begun_by: str | None = None
    begun_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_why: str | None = None
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


class WithdrawErasure(Command, frozen=True, kw_only=True):
    """Withdraw a proposal that is not begun; a second time it answers the same."""

    erasure: str
    reason: str


class BeginErasure(Command, frozen=True, kw_only=True):
    """Decide on an erasure that another person proposed; what names him may then be cleared, first elsewhere."""

    erasure: str


class GetErasureWords(Query, frozen=True, kw_only=True):
    """Ask by what the person of an erasure is named, to clear it elsewhere: once it is begun, until it is done."""

    erasure: str


class ErasureWords(msgspec.Struct, frozen=True, kw_only=True, tag="erasure-words"):
    """What a person is named by in free texts. It is kept nowhere: it travels to be taken out.

    `names` and staff `numbers` are his alone; `shared` names are others' too, and sought in rows about him only;
    `spared` are names of others in which one of his is contained.
    """

    names: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()


class ClearPerson(Command, frozen=True, kw_only=True):
    """Take what names a person out of every free text of a service, for an erasure that is begun."""

    erasure: str
    teacher: str
    words: ErasureWords


class PersonCleared(msgspec.Struct, frozen=True, kw_only=True, tag="person-cleared"):
    """How many rows of each table were changed for the erasure, by all that was asked for it."""

    rows: Mapping[str, int]
    replayed: bool = False


class ConfirmErasure(Command, frozen=True, kw_only=True):
    """Clear the register, the last step of an erasure that is begun; a second time it answers the same.

    `cleared` is what the other services have cleared: by service, rows by table.
    """

    erasure: str
    cleared: Mapping[str, Mapping[str, int]] = {}


class ListErasures(Query, frozen=True, kw_only=True):
    """Ask for one erasure, a teacher's, or all that were confirmed since an instant: oldest first, 500 at most.

    With a `page` they come newest first, as many as it says.
    """

    erasure: str | None = None
    teacher: str | None = None
    since: datetime | None = None
    page: Page | None = None


class Erasures(msgspec.Struct, frozen=True, kw_only=True, tag="erasures"):
    """Erasures, oldest first; of a page newest first, with its cursors and how many there are in all."""

    items: tuple[Erasure, ...]
    cursors: tuple[str, ...] = ()
    has_next: bool = False
    total: int = 0


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
WITHDRAW_ERASURE = Endpoint(registry.SERVICE, "withdraw-erasure", WithdrawErasure, Erasure | Refused, writes=True)
BEGIN_ERASURE = Endpoint(registry.SERVICE, "begin-erasure", BeginErasure, Erasure | Refused, writes=True)
GET_ERASURE_WORDS = Endpoint(registry.SERVICE, "get-erasure-words", GetErasureWords, ErasureWords | Refused)
CONFIRM_ERASURE = Endpoint(registry.SERVICE, "confirm-erasure", ConfirmErasure, Erasure | Refused, writes=True)
LIST_ERASURES = Endpoint(registry.SERVICE, "list-erasures", ListErasures, Erasures | Refused)
SIGN_ERASURE = Endpoint(credit.SERVICE, "sign-erasure", SignErasure, ErasureReceipt | Refused, writes=True)


def _check(service: str) -> Endpoint[Any, Any]:
    return Endpoint(service, "check-erasure", CheckErasure, ErasureChecked | Refused)


CHECK_ERASURE_OF_CREDITS, CHECK_ERASURE_OF_VISITS = _check(credit.SERVICE), _check(visits.SERVICE)
CHECKS = (CHECK_ERASURE_OF_CREDITS, CHECK_ERASURE_OF_VISITS)


def _clear(service: str) -> Endpoint[Any, Any]:
    return Endpoint(service, "clear-person", ClearPerson, PersonCleared | Refused, writes=True, seconds=60)


CLEAR_PERSON_OF_CREDITS, CLEAR_PERSON_OF_VISITS = _clear(credit.SERVICE), _clear(visits.SERVICE)
CLEARS = (CLEAR_PERSON_OF_CREDITS, CLEAR_PERSON_OF_VISITS)
