"""How an erasure goes through the services: asked of each, begun in the registry, cleared in each, done, signed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
from joserfc.jwk import KeySet

from yanxiu_wire.caller import Caller
from yanxiu_wire.clearing import Cleared, clear_again, clear_elsewhere, plainly
from yanxiu_wire.codec import encode_canonical
from yanxiu_wire.erasure import (
    CHECKS,
    CONFIRM_ERASURE,
    LIST_ERASURES,
    PROPOSE_ERASURE,
    SIGN_ERASURE,
    CheckErasure,
    ConfirmErasure,
    Erasure,
    ListErasures,
    ProposeErasure,
    SignErasure,
)
from yanxiu_wire.faults import WireFault
from yanxiu_wire.mentioning import decided
from yanxiu_wire.person_document import Call
from yanxiu_wire.refusal import Refused
from yanxiu_wire.signed import NotSigned, content_of

KIND = "yanxiu-erasure+jws"
FORMAT = 1
_LATER = frozenset({"begun_by", "begun_at", "withdrawn_by", "withdrawn_at", "withdrawn_why", "everywhere"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ErasureStated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a receipt signs: which erasure of which id, and the SHA-256 (hex) of the erasure in canonical JSON."""

    district: str
    erasure: str
    teacher: str
    sha256: str


class ErasureList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is kept outside of the erasures of a district: each receipt speaks and stands for itself."""

    format: int
    district: str
    made_at: datetime
    receipts: tuple[dict[str, Any], ...]


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A confirmed erasure and its receipt (JSON text): the erasure and the signature over it.

    `looked_again` says whether what was written while it was confirmed could be looked for in every service; None where
    that is not known: it had been confirmed before, or the answer to that was lost.
    """

    erasure: Erasure
    receipt: str
    looked_again: bool | None = None


async def propose(call: Call, command: ProposeErasure) -> Erasure | Refused:
    """Propose, unless a service has something against it."""
    refused = await _against(call, command.caller, command.teacher)
    return refused if refused is not None else await call(PROPOSE_ERASURE, command)


async def confirm(call: Call, command: ConfirmErasure) -> Done | Refused:
    """Confirm, unless a service has something against it by now; returns the receipt, each time the same.

    The decision stands before anything is cleared, and the register, which alone knows what to look for, is cleared
    last: whatever breaks off in between is finished by confirming once more. Then the others look once more, for what
    was written meanwhile. Refused with WORDS_ELSEWHERE where a word stands in rows that are not about him and the
    command does not say whether it goes there too, with BEGUN_BY_OLDER_VERSION where a version decided that knows no
    `everywhere`, with DISTRICT_UNKNOWN where a service has no copy of the district.
    """
    known = await call(LIST_ERASURES, ListErasures(caller=command.caller, erasure=command.erasure))
    if isinstance(known, Refused):
        return known
    cleared: Cleared | Refused | None = None
    if known.items and known.items[0].confirmed_at is None:
        cleared = await _cleared(call, command, known.items[0])
    if isinstance(cleared, Refused):
        return cleared
    told = msgspec.structs.replace(command, everywhere=None, shown=None)
    if cleared is not None:
        told = msgspec.structs.replace(told, cleared=cleared.rows, by=cleared.by)
    try:
        done = await call(CONFIRM_ERASURE, told)
    except WireFault:
        # It may be done, and nobody else knows the words any more.
        if cleared is not None:
            await clear_again(call, cleared)
        raise
    if isinstance(done, Refused):
        return done
    looked = None if cleared is None else await clear_again(call, cleared)
    made = await _receipt(call, command.caller, done)
    return made if isinstance(made, Refused) else msgspec.structs.replace(made, looked_again=looked)


async def _cleared(call: Call, command: ConfirmErasure, one: Erasure) -> Cleared | Refused | None:
    if (refused := await _against(call, command.caller, one.teacher)) is not None:
        return refused
    said = await decided(call, command, one)
    return said if isinstance(said, Refused) else await clear_elsewhere(call, said, one)


async def _against(call: Call, caller: Caller, teacher: str) -> Refused | None:
    for endpoint in CHECKS:
        reply = await call(endpoint, CheckErasure(caller=caller, teacher=teacher))
        if isinstance(reply, Refused):
            return plainly(endpoint.service, reply)
    return None


async def _receipt(call: Call, caller: Caller, done: Erasure) -> Done | Refused:
    told = stated(done)
    # Whoever asks, it is one command, in the name of one office: its key is the erasure's, and its answer is kept.
    office = msgspec.structs.replace(caller, role="institute-officer", school=None, teacher=None)
    signing = SignErasure(
        caller=office, key=f"receipt-{done.id}", erasure=done.id, teacher=done.teacher, sha256=_digest(told)
    )
    signed = await call(SIGN_ERASURE, signing)
    if isinstance(signed, Refused):
        return signed
    return Done(erasure=done, receipt=encode_canonical({"erasure": told, "signature": signed.token}).decode())


def stated(done: Erasure) -> dict[str, Any]:
    """Return what a receipt says of an erasure: what receipts of before knew nothing of stays out where it is empty."""
    told: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(done, replayed=False))
    return {name: value for name, value in told.items() if value is not None or name not in _LATER}


async def listed(call: Call, caller: Caller, district: str, at: datetime) -> str | Refused:
    """Return every erasure of a district that was confirmed, each with its receipt, as the text of an `ErasureList`."""
    found: dict[str, Any] = {}
    since: datetime | None = _EPOCH
    while since is not None:
        page = await call(LIST_ERASURES, ListErasures(caller=caller, since=since))
        if isinstance(page, Refused):
            return page
        new = [one for one in page.items if one.id not in found]
        for one in new:
            done = await _receipt(call, caller, one)
            if isinstance(done, Refused):
                return done
            found[one.id] = msgspec.json.decode(done.receipt)
        since = new[-1].confirmed_at if new else None
    made = ErasureList(format=FORMAT, district=district, made_at=at, receipts=tuple(found.values()))
    return msgspec.json.format(encode_canonical(made)).decode() + "\n"


def read_list(text: str, district: str, keys: KeySet) -> tuple[Erasure, ...]:
    """Return the erasures of a list; raises `NotSigned` unless it is the district's, every receipt genuine."""
    try:
        made = msgspec.json.decode(text, type=ErasureList)
        if (made.format, made.district) != (FORMAT, district):
            raise NotSigned(f"a list of {made.district}, format {made.format}")
        stated = [_checked(one, keys) for one in made.receipts]
        found = tuple(msgspec.convert(one["erasure"], Erasure) for one in made.receipts)
    except msgspec.DecodeError as error:
        raise NotSigned(f"no list of erasures: {error}") from error
    if any(one.district != district for one in stated) or any(one.confirmed_at is None for one in found):
        raise NotSigned("a receipt is of another district, or of nothing done")
    return found


def check_receipt(text: str, keys: KeySet) -> ErasureStated:
    """Return what a receipt states; raises `NotSigned` unless a key of the set signed exactly this."""
    try:
        receipt = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise NotSigned(f"no receipt of an erasure: {error}") from error
    return _checked(receipt, keys)


def _checked(receipt: Any, keys: KeySet) -> ErasureStated:
    try:
        stated = msgspec.json.decode(content_of(receipt["signature"], keys, KIND), type=ErasureStated)
        of = receipt["erasure"]
        whose = (of["id"], of["teacher"])
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise NotSigned(f"no receipt of an erasure: {error}") from error
    if stated.sha256 != _digest(of) or (stated.erasure, stated.teacher) != whose:
        raise NotSigned("the receipt is not what was signed")
    return stated


def _digest(erasure: Any) -> str:
    return hashlib.sha256(encode_canonical(erasure)).hexdigest()
