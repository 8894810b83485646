"""Take in a teacher's transcript of another district: verify it, judge each record, enter what is recognised."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.clock import CHINA, to_us
from yanxiu_footing.registry_facts import read_district, read_people
from yanxiu_footing.stored import canonical
from yanxiu_rulekit.numbers import from_micro, to_micro
from yanxiu_rulekit.outcome import Assessment
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.transfer import ReceiveTransfer, TransferReceived

from yanxiu_credits import refusals as general
from yanxiu_credits.attendance.assess_session import is_exact
from yanxiu_credits.books.locks import locked
from yanxiu_credits.books.touched import lock_beside
from yanxiu_credits.explain import write_decision
from yanxiu_credits.propose_project import ledger_broken
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.transfer import refusals
from yanxiu_credits.transfer.assess_transfer import Brought, BroughtRecord, Judged, Stated, assess_transfer
from yanxiu_credits.transfer.earlier import read_earlier
from yanxiu_credits.transfer.read_transcript import read_transcript
from yanxiu_credits.transfer.record_transferred import Carried, Receiving, record_transferred
from yanxiu_credits.transfer.tables import transfer, transfer_item
from yanxiu_credits.transfer.transfer_store import (
    add,
    may_see,
    pairs_with,
    read_transfers,
    received_as,
)

MOST_RECORDS = 1_000


async def receive_transfer(
    service: Service, district: str, command: ReceiveTransfer, deadline: Deadline
) -> TransferReceived | Refused:
    """Receive a transcript once; each record is recognised, not recognised with reasons, or left to an official.

    Refuses with IDENTITY_UNCONFIRMED, TRANSCRIPT_UNUSABLE, TRANSCRIPT_TOO_OLD, TRANSCRIPT_TOO_LONG,
    TRANSFER_WITHIN_DISTRICT, TRANSCRIPT_ALREADY_RECEIVED, TRANSCRIPT_OF_ANOTHER, TEACHER_UNKNOWN, LAW_NOT_IN_FORCE,
    LAW_UNUSABLE or LEDGER_BROKEN.
    """
    brought = await _readable(service, district, command)
    if isinstance(brought, Refused):
        return brought

    async def work(conn: AsyncConnection) -> TransferReceived | Refused:
        receiving = await _receiving(service, conn, district, command, brought)
        if isinstance(receiving, Refused):
            return receiving
        transfer_id = await _take_in(service, conn, receiving, command, brought)
        seen = may_see(district, scope_of(command.caller), service.clock.today())
        made = await read_transfers(conn, service.laws, district, seen, [transfer_id])
        return TransferReceived(transfer=made[transfer_id])

    return await once(service.databases, district, command, TransferReceived, deadline, work)


def digest_of(document: str) -> str:
    """Return the SHA-256 (hex) of a document as it came."""
    return hashlib.sha256(document.encode()).hexdigest()


async def _readable(service: Service, district: str, command: ReceiveTransfer) -> Brought | Refused:
    if not command.identity_confirmed:
        return refusals.identity_unconfirmed()
    brought = read_transcript(command.document, service.trusted, await service.databases.districts())
    if isinstance(brought, Refused):
        return brought
    if service.clock.now() - brought.issued_at > service.transcript_life:
        return refusals.transcript_too_old(brought.issued_at, service.transcript_life.days)
    if len(brought.records) > MOST_RECORDS:
        return refusals.transcript_too_long(len(brought.records), MOST_RECORDS)
    for one in brought.records:
        for amount in (one.hours, one.credits):
            if not is_exact(amount):
                return refusals.transcript_unusable("含有台账无法容纳的数值", "it holds an amount that no ledger holds")
    return refusals.own_district(district) if brought.origin == district else brought


async def _receiving(
    service: Service, conn: AsyncConnection, district: str, command: ReceiveTransfer, brought: Brought
) -> Receiving | Refused:
    closed = await ledger_broken(conn, district)
    if closed is not None:
        return closed
    before = await received_as(conn, district, digest_of(command.document))
    if before is not None:
        return refusals.already_received(before)
    now, today = service.clock.now(), service.clock.today()
    person = (await read_people(conn, district, [command.teacher])).get(command.teacher)
    if person is None or not scope_of(command.caller).covers(person.id, person.school_on(today)):
        return general.teacher_unknown(command.teacher)
    if not await pairs_with(conn, district, brought.origin, person.id, brought.teacher):
        return refusals.of_another()
    law = service.laws.in_force(await read_district(conn, district), today, field="")
    if isinstance(law, Refused):
        return law
    return Receiving(district=district, person=person, law=law, by=command.caller, at=now)


async def _take_in(
    service: Service, conn: AsyncConnection, receiving: Receiving, command: ReceiveTransfer, brought: Brought
) -> str:
    district = receiving.district
    known = await read_earlier(conn, district, receiving.person.id, brought.records)
    stated = Stated(within_city=command.within_city, same_stage=command.same_stage)
    today = service.clock.today()
    judged = []
    for one in brought.records:
        own = one.source.partition(":")[0] == district
        found = assess_transfer(
            one,
            stated,
            receiving.law,
            today,
            known.standing.get(one.source),
            own=own,
            doubt=known.doubts.get(one.source),
        )
        judged.append(await _unless_locked(conn, receiving, one, found, service))
    pairs = list(zip(brought.records, judged, strict=True))
    recognised = [(one, found) for one, found in pairs if found.outcome == "recognised"]
    carried = [_carried(one, found, known.newest.get(one.source, 0)) for one, found in recognised]
    ids = await record_transferred(conn, receiving, carried) if carried else []
    records = {one.entry: made for (one, _), made in zip(recognised, ids, strict=True)}
    transfer_id = str(uuid_utils.uuid7())
    await add(conn, transfer, [_transfer_row(receiving, transfer_id, command, brought)])
    rows = [
        _item_row(receiving, transfer_id, number, one, found, records.get(one.entry))
        for number, (one, found) in enumerate(pairs, 1)
    ]
    await add(conn, transfer_item, rows)
    return transfer_id


async def _unless_locked(
    conn: AsyncConnection, receiving: Receiving, one: BroughtRecord, found: Judged, service: Service
) -> Judged:
    """A recognised record whose period is locked waits for an official, and for the lock to be opened.

    The lock is that of the school of its day: a newcomer was not in what his new school had recognised and locked.
    """
    if found.outcome != "recognised":
        return found
    today = service.clock.today()
    person = receiving.person
    asked: dict[str, Any] = {
        "teacher": person.id, "school": person.school_on(one.on), "on": one.on, "today": today
    }  # fmt: skip
    lock = await locked(conn, receiving.district, **asked) or await lock_beside(
        conn, receiving.district, receiving.law, attributes=found.attributes or {}, **asked
    )
    if lock is None:
        return found
    doubts = (*found.doubts, refusals.period_locked(one.on, lock.label))
    return msgspec.structs.replace(found, outcome="review", micro_hours=0, micro_credits=0, doubts=doubts)


def _carried(one: BroughtRecord, found: Judged, generation: int) -> Carried:
    if found.decided is None or found.attributes is None:
        raise AssertionError("a recognised record has the law's word and its attributes")
    return Carried(
        source=one.source,
        on=one.on,
        facts=one.facts,
        attributes=found.attributes,
        micro_hours=found.micro_hours,
        micro_credits=found.micro_credits,
        generation=generation + 1,
        decided=found.decided,
    )


def _transfer_row(receiving: Receiving, transfer_id: str, command: ReceiveTransfer, brought: Brought) -> dict[str, Any]:
    return {
        "district": receiving.district,
        "id": transfer_id,
        "teacher": receiving.person.id,
        "origin": brought.origin,
        "origin_teacher": brought.teacher,
        "digest": digest_of(command.document),
        "document": command.document,
        "issued_us": to_us(brought.issued_at),
        "within_city": command.within_city,
        "same_stage": command.same_stage,
        "received_by": receiving.by.subject,
        "role": receiving.by.role,
        "recorded_us": to_us(receiving.at),
    }


def _item_row(
    receiving: Receiving, transfer_id: str, number: int, one: BroughtRecord, found: Judged, made: str | None
) -> dict[str, Any]:
    pack, decided = receiving.law.pack, found.decided
    return {
        "district": receiving.district,
        "transfer": transfer_id,
        "number": number,
        "origin_entry": one.entry,
        "source": one.source,
        "jurisdiction": one.jurisdiction,
        "on": one.on,
        "micro_hours": to_micro(one.hours),
        "micro_credits": to_micro(one.credits),
        "hours_unit": one.hours_unit,
        "credits_unit": one.credits_unit,
        "facts": canonical(one.facts),
        "outcome": found.outcome,
        "given_hours": found.micro_hours,
        "given_credits": found.micro_credits,
        "clauses": canonical(found.clauses),
        "doubts": encode(found.doubts).decode(),
        "record": made,
        "law": pack.jurisdiction,
        "pack": decided.pack if decided else pack.name,
        "version": decided.version if decided else pack.version,
        "judged_on": decided.on if decided else receiving.at.astimezone(CHINA).date(),
        "body": _body(found),
        "training": one.training,
    }


def _body(found: Judged) -> str | None:
    """The law's word as it is stored, None where it has none."""
    if found.decided is None:
        return None
    amounts = (from_micro(found.micro_hours), from_micro(found.micro_credits))
    return write_decision(
        Assessment(status=found.outcome, hours=amounts[0], credits=amounts[1], attributes={}, decided=found.decided)
    )
