"""Read a transcript that another district issued: its signatures, hashes and proofs hold, or it is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
from yanxiu_rulekit.numbers import from_micro
from yanxiu_wire import transcript
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books.kinds import REGISTRATION, REGISTRATION_REVERSAL
from yanxiu_credits.transfer import refusals
from yanxiu_credits.transfer.assess_transfer import Brought, BroughtRecord
from yanxiu_credits.transfer.trusted_keys import Trusted

# A message holds 1 MB; a transcript of three hundred entries is far below.
MOST_BYTES = 900_000


class _Content(msgspec.Struct, frozen=True):
    district: str


class _Claim(msgspec.Struct, frozen=True):
    """For which district a document claims to speak: what decides by whose keys it is checked."""

    content: _Content


def read_transcript(document: str, trusted: Trusted, homes: Collection[str]) -> Brought | Refused:
    """Return what a genuine transcript brings: each registration, with whether the origin has taken it back.

    It must be signed by the keys that may speak for its district; `homes` are the districts of this deployment.
    Recognitions of whole periods stay behind: the receiving district recognises its own. Refuses with
    TRANSCRIPT_UNUSABLE, naming the first thing that does not hold.
    """
    if len(document.encode()) > MOST_BYTES:
        return refusals.transcript_unusable("文件过大", "the document is too large")
    try:
        origin = msgspec.json.decode(document, type=_Claim).content.district
    except msgspec.DecodeError as error:
        return refusals.transcript_unusable("文件不是学分证明", f"the file is no transcript: {error}")
    keys = trusted.speaking_for(origin, homes)
    if keys is None:
        return refusals.transcript_unusable(
            f"没有受信任的台账可代表{origin}签署", f"no trusted ledger speaks for {origin}"
        )
    checked = transcript.check(document, keys)
    wrong = [one for one in checked.findings if not one.holds]
    if wrong:
        return refusals.transcript_unusable(wrong[0].zh.rstrip("。"), wrong[0].en.rstrip("."))
    if checked.content is None:
        return refusals.transcript_unusable("文件无法读取", "nothing could be read")
    content = checked.content
    gone = {line.entry.reverses for line in content.entries if line.entry.kind == REGISTRATION_REVERSAL}
    return Brought(
        origin=content.district,
        teacher=content.teacher,
        issued_at=content.issued_at,
        records=tuple(_records(content.entries, content.district, gone)),
    )


def _records(lines: Iterable[transcript.Line], origin: str, gone: set[str | None]) -> Iterable[BroughtRecord]:
    for line in lines:
        entry = line.entry
        if entry.kind != REGISTRATION:
            continue
        yield BroughtRecord(
            entry=entry.entry_id,
            # What the origin had itself taken over keeps the place where it was first entered.
            source=entry.activity if ":" in entry.activity else f"{origin}:{entry.entry_id}",
            training=line.training or (entry.activity if ":" in entry.activity else f"{origin}:{entry.activity}"),
            on=entry.on,
            jurisdiction=line.jurisdiction,
            facts=line.facts,
            hours=from_micro(entry.micro_hours),
            credits=from_micro(entry.micro_credits),
            hours_unit=entry.hours_unit,
            credits_unit=entry.credits_unit,
            reversed=entry.entry_id in gone,
        )
