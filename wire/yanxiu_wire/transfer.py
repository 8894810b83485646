"""Messages of transfers: a teacher comes from another district with a transcript, and each record is judged here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.explanation import Explanation
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import RefusalItem, Refused

SERVICE = "credits"

# ---- views -----------------------------------------------------------------------------------------------------

TransferOutcome = Literal["recognised", "not-recognised", "review"]


class TransferDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What an official decided of a record that the law left to review."""

    recognise: bool
    hours: Decimal
    credits: Decimal
    reason: str
    by: str
    role: str
    recorded_at: datetime


class TransferItem(msgspec.Struct, frozen=True, kw_only=True):
    """One record of the transcript: what it counted there, and what it counts here, with the reasons.

    `clauses` and `explanation` are the law's, `doubts` what the service itself has to say: other units, no rule on
    transfers, transferred before. `outcome` is what stands now, after the official's decision where there is one.
    `record` is the record that was made of it here.
    """

    number: int
    origin_entry: str
    on: date
    hours: Decimal
    credits: Decimal
    hours_unit: str
    credits_unit: str
    jurisdiction: str
    facts: Mapping[str, Any]
    outcome: TransferOutcome
    recognised_hours: Decimal
    recognised_credits: Decimal
    clauses: tuple[str, ...] = ()
    doubts: tuple[RefusalItem, ...] = ()
    decision: TransferDecision | None = None
    record: str | None = None
    explanation: Explanation | None = None


class Transfer(msgspec.Struct, frozen=True, kw_only=True, tag="transfer"):
    """A transcript as it was received: where from, as of when, what the receiving official stated, and its records.

    What the origin reversed after `issued_at` is not known here. `digest` is the SHA-256 (hex) of the document.
    """

    id: str
    teacher: str
    origin: str
    issued_at: datetime
    received_at: datetime
    received_by: str
    within_city: bool
    same_stage: bool
    digest: str
    recognised: int
    not_recognised: int
    review: int
    items: tuple[TransferItem, ...]


# ---- commands and queries --------------------------------------------------------------------------------------


class ReceiveTransfer(Command, frozen=True, kw_only=True):
    """Take in the transcript that another district issued for this teacher.

    `identity_confirmed`: the official has seen that the transcript and the teacher are one person (no national id
    travels). `within_city` and `same_stage` compare the school left with the school entered.
    """

    teacher: str
    document: str
    within_city: bool
    same_stage: bool
    identity_confirmed: bool


class TransferReceived(msgspec.Struct, frozen=True, kw_only=True, tag="transfer-received"):
    """The transfer with what became of each record."""

    transfer: Transfer
    replayed: bool = False


class DecideTransferItem(Command, frozen=True, kw_only=True):
    """Decide one record that the law left to review, with a reason.

    `hours` and `credits` are what is recognised, in the units of this district; needed where the origin counted in
    others, else at most (and by default) what it counted there. `facts` state the record in the words of this
    district's law, where the origin's cannot be read here.
    """

    transfer: str
    number: int
    recognise: bool
    reason: str
    hours: Decimal | None = None
    credits: Decimal | None = None
    facts: Mapping[str, Any] | None = None


class TransferItemDecided(msgspec.Struct, frozen=True, kw_only=True, tag="transfer-item-decided"):
    """The transfer as it stands after the decision."""

    transfer: Transfer
    replayed: bool = False


class GetTransfers(Query, frozen=True, kw_only=True):
    """Ask for transfers by id; `explain` adds the explanations."""

    ids: tuple[str, ...]
    explain: bool = False


class Transfers(msgspec.Struct, frozen=True, kw_only=True, tag="transfers"):
    """The first of the transfers asked for, as many as a message holds and one at least; the rest is asked for again.

    In that order; None where unknown or out of scope.
    """

    items: tuple[Transfer | None, ...]


class ListTransfers(Query, frozen=True, kw_only=True):
    """Ask for a page of transfers, newest first; `review` asks for those with records that wait for a decision."""

    page: Page = Page(first=10)
    teacher: str | None = None
    review: bool | None = None


class TransferPage(msgspec.Struct, frozen=True, kw_only=True, tag="transfer-page"):
    """A page of transfers."""

    items: tuple[Transfer, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


# ---- endpoints -------------------------------------------------------------------------------------------------

RECEIVE_TRANSFER = Endpoint(
    SERVICE, "receive-transfer", ReceiveTransfer, TransferReceived | Refused, writes=True, seconds=30
)
DECIDE_TRANSFER_ITEM = Endpoint(
    SERVICE, "decide-transfer-item", DecideTransferItem, TransferItemDecided | Refused, writes=True
)
GET_TRANSFERS = Endpoint(SERVICE, "get-transfers", GetTransfers, Transfers | Refused)
LIST_TRANSFERS = Endpoint(SERVICE, "list-transfers", ListTransfers, TransferPage | Refused)

ENDPOINTS: tuple[Endpoint[Any, Any], ...] = (RECEIVE_TRANSFER, DECIDE_TRANSFER_ITEM, GET_TRANSFERS, LIST_TRANSFERS)
