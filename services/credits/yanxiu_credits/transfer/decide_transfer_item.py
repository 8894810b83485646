"""Decide one record of a transfer that the law left to review."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.clock import to_us
from yanxiu_footing.registry_facts import read_district, read_people
from yanxiu_rulekit.numbers import plain, to_micro
from yanxiu_rulekit.outcome import Assessment, Decided, Step
from yanxiu_wire.caller import ROLES_ZH
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.transfer import DecideTransferItem, Transfer, TransferItem, TransferItemDecided

from yanxiu_credits import refusals as general
from yanxiu_credits.attendance.assess_session import is_exact
from yanxiu_credits.attendance.refusals import reason_malformed
from yanxiu_credits.books.locks import Lock, locked
from yanxiu_credits.books.refusals import period_locked
from yanxiu_credits.books.touched import lock_beside
from yanxiu_credits.laws import InForce
from yanxiu_credits.propose_project import ledger_broken
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.transfer import refusals
from yanxiu_credits.transfer.assess_transfer import same_units, unreadable_fact, worth_here
from yanxiu_credits.transfer.earlier import other_wording, standing_records
from yanxiu_credits.transfer.record_transferred import Carried, Receiving, record_transferred
from yanxiu_credits.transfer.tables import transfer_decision
from yanxiu_credits.transfer.transfer_store import add, may_see, read_transfers, source_of

MOST_REASON = 1000
# Where units differ nothing is converted, and what is recognised is bounded all the same: an hour of one law is a class
# hour of 40 minutes or a clock hour, never more than two of another; no law gives ten credits for an hour.
MOST_HOURS_FOR_ONE = 2
MOST_CREDITS_AN_HOUR = 10
_FIELDS = ("hours", "credits")
Amounts = tuple[Decimal, Decimal]


async def decide_transfer_item(
    service: Service, district: str, command: DecideTransferItem, deadline: Deadline
) -> TransferItemDecided | Refused:
    """Recognise a record, entering what is recognised, or decline it; either with a reason that stays.

    Refuses with REASON_MISSING, TRANSFER_UNKNOWN, TRANSFER_ITEM_UNKNOWN, TRANSFER_ITEM_DECIDED, ALREADY_TRANSFERRED,
    OTHER_WORDING_STANDS, REVERSED_AT_ORIGIN, AMOUNTS_NEEDED, BEYOND_ORIGIN, BEYOND_THIS_LAW, FACTS_UNREADABLE,
    PERIOD_LOCKED, LAW_NOT_IN_FORCE, LAW_UNUSABLE or LEDGER_BROKEN.
    """

    async def work(conn: AsyncConnection) -> TransferItemDecided | Refused:
        seen = may_see(district, scope_of(command.caller), service.clock.today())
        found = (await read_transfers(conn, service.laws, district, seen, [command.transfer])).get(command.transfer)
        item = _item(found, command)
        if isinstance(item, Refused) or found is None:
            return item if isinstance(item, Refused) else refusals.transfer_unknown(command.transfer)
        refused = await _taken_back(conn, district, command, found, item)
        if refused is not None:
            return refused
        made = await _recognised(service, conn, district, command, found, item) if command.recognise else None
        if isinstance(made, Refused):
            return made
        await add(conn, transfer_decision, [_row(service, district, command, made)])
        after = await read_transfers(conn, service.laws, district, seen, [command.transfer])
        return TransferItemDecided(transfer=after[command.transfer])

    return await once(service.databases, district, command, TransferItemDecided, deadline, work)


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """The record that a decision made, and what it counts, in millionths."""

    record: str
    micro_hours: int
    micro_credits: int


def _item(found: Transfer | None, command: DecideTransferItem) -> TransferItem | Refused:
    reason = command.reason.strip()
    if not reason or len(reason) > MOST_REASON:
        return reason_malformed()
    if found is None:
        return refusals.transfer_unknown(command.transfer)
    item = next((one for one in found.items if one.number == command.number), None)
    if item is None:
        return refusals.item_unknown(command.number)
    return item if item.outcome == "review" else refusals.not_in_review(item.number, item.outcome)


async def _taken_back(
    conn: AsyncConnection, district: str, command: DecideTransferItem, found: Transfer, item: TransferItem
) -> Refused | None:
    """What the origin took back is declined, once the record that was made of it here is reversed."""
    if not any(doubt.code == refusals.REVERSED_AT_ORIGIN for doubt in item.doubts):
        return None
    source = await source_of(conn, district, found.id, item.number)
    record = (await standing_records(conn, district, [source]))[0].get(source)
    if record is None and not command.recognise:
        return None
    return Refused(errors=(refusals.reversed_there(record),))


async def _recognised(
    service: Service,
    conn: AsyncConnection,
    district: str,
    command: DecideTransferItem,
    found: Transfer,
    item: TransferItem,
) -> Made | Refused:
    receiving = await _receiving(service, conn, district, command, found, item)
    if isinstance(receiving, Refused):
        return receiving
    stated = _stated(command, item, receiving.law)
    if isinstance(stated, Refused):
        return stated
    facts: Mapping[str, Any] = item.facts if command.facts is None else command.facts
    worth = worth_here(receiving.law, facts, item.on, service.clock.today())
    if worth is None:
        return refusals.facts_unreadable(unreadable_fact(receiving.law, facts, item.on, service.clock.today()))
    amounts = _within_bounds(command, item, receiving.law, stated, worth)
    if isinstance(amounts, Refused):
        return amounts
    beside = await _beside(service, conn, receiving, item, worth)
    if beside is not None:
        return period_locked(beside, value=item.on)
    source = await source_of(conn, district, found.id, item.number)
    newest = await _newest(conn, district, found.id, item.number, source)
    if isinstance(newest, Refused):
        return newest
    carried = Carried(
        source=source,
        on=item.on,
        facts=facts,
        attributes=worth.attributes,
        micro_hours=to_micro(amounts[0]),
        micro_credits=to_micro(amounts[1]),
        generation=newest + 1,
        decided=_decided(service, command, item, receiving.law, amounts),
    )
    (record,) = await record_transferred(conn, receiving, [carried])
    return Made(record=record, micro_hours=carried.micro_hours, micro_credits=carried.micro_credits)


async def _beside(
    service: Service, conn: AsyncConnection, receiving: Receiving, item: TransferItem, worth: Assessment
) -> Lock | None:
    """Return the lock of another year that the record changes."""
    return await lock_beside(
        conn,
        receiving.district,
        receiving.law,
        teacher=receiving.person.id,
        school=receiving.person.school_on(item.on),
        on=item.on,
        attributes=worth.attributes,
        today=service.clock.today(),
    )


async def _newest(conn: AsyncConnection, district: str, transfer_id: str, number: int, source: str) -> int | Refused:
    """Return the newest generation of a source here (0: none), or why it may not be entered: it stands already."""
    standing, newest, _ = await standing_records(conn, district, [source])
    if source in standing:
        return Refused(errors=(refusals.transferred_before(standing[source]),))
    other = await other_wording(conn, district, transfer_id, number)
    return Refused(errors=(refusals.other_wording_stands(other),)) if other is not None else newest.get(source, 0)


async def _receiving(
    service: Service,
    conn: AsyncConnection,
    district: str,
    command: DecideTransferItem,
    found: Transfer,
    item: TransferItem,
) -> Receiving | Refused:
    closed = await ledger_broken(conn, district)
    if closed is not None:
        return closed
    today = service.clock.today()
    person = (await read_people(conn, district, [found.teacher])).get(found.teacher)
    if person is None:
        return general.teacher_unknown(found.teacher)
    law = service.laws.in_force(await read_district(conn, district), today, field="")
    if isinstance(law, Refused):
        return law
    # The school of the record's day: a newcomer was not in what his new school had recognised and locked.
    lock = await locked(conn, district, teacher=person.id, school=person.school_on(item.on), on=item.on, today=today)
    if lock is not None:
        return period_locked(lock, value=item.on)
    return Receiving(district=district, person=person, law=law, by=command.caller, at=service.clock.now())


def _stated(command: DecideTransferItem, item: TransferItem, law: InForce) -> Amounts | Refused:
    """Return what the official recognises: what it counted there, unless he says; in other units he says both."""
    ours = same_units(item.hours_unit, item.credits_unit, law)
    if not ours and (command.hours is None or command.credits is None):
        return refusals.amounts_needed(law.credit.hours_unit, law.credit.credits_unit)
    return (
        item.hours if command.hours is None else command.hours,
        item.credits if command.credits is None else command.credits,
    )


def _within_bounds(
    command: DecideTransferItem, item: TransferItem, law: InForce, stated: Amounts, worth: Assessment
) -> Amounts | Refused:
    """Return the amounts: at most what it counted there; in other units at most what this law gives for its facts.

    Facts that the official states say no more hours than it counted there, of which in other units one makes at most
    two here: later years are judged by these facts. Where the origin counted credits and no hours, the facts are worth
    no more credits than it counted, and the hours are at most those that this law gives for them.
    """
    there, ours = (item.hours, item.credits), same_units(item.hours_unit, item.credits_unit, law)
    unknown = item.hours == 0 < item.credits
    for field, amount, counted in zip(_FIELDS, stated, there, strict=True):
        bounded = ours and not (unknown and field == "hours")
        if not is_exact(amount) or amount < 0 or (bounded and amount > counted):
            return refusals.beyond_origin(field, amount, counted)
    most_hours = worth.hours if unknown else item.hours if ours else item.hours * MOST_HOURS_FOR_ONE
    if command.facts is not None and worth.hours > most_hours:
        return refusals.beyond_origin("facts", worth.hours, most_hours)
    if unknown and ours and command.facts is not None and worth.credits > item.credits:
        return refusals.beyond_origin("facts", worth.credits, item.credits)
    if ours and not unknown:
        return stated
    most_credits = item.credits if ours else min(worth.credits, worth.hours * MOST_CREDITS_AN_HOUR)
    most = (min(worth.hours, most_hours), most_credits)
    for field, amount, bound in zip(_FIELDS, stated, most, strict=True):
        if amount > bound:
            return refusals.beyond_this_law(field, amount, bound)
    return stated


def _decided(
    service: Service,
    command: DecideTransferItem,
    item: TransferItem,
    law: InForce,
    amounts: tuple[Decimal, Decimal],
) -> Decided:
    """The official's decision as a decision of its own, with the clauses that left it to him."""
    hours, credit = (plain(amount) for amount in amounts)
    role, reason = command.caller.role, command.reason.strip()
    step = Step(
        name="decided",
        value=amounts[1],
        unit=law.credit.credits_unit,
        zh=f"规定未作结论，经{ROLES_ZH[role]}核定承认{hours}{law.credit.hours_unit}、"
        f"{credit}{law.credit.credits_unit}：{reason}",
        en=f"The law leaves it open; the {role} recognised {hours} {law.credit.hours_unit} and "
        f"{credit} {law.credit.credits_unit}: {reason}",
        clauses=item.clauses,
    )
    return Decided(
        kind="transfer",
        pack=law.pack.name,
        version=law.pack.version,
        on=service.clock.today(),
        result={"recognised": True, "hours": amounts[0], "credits": amounts[1], "reasons": list(item.clauses)},
        steps=(step,),
        refusals=(),
    )


def _row(service: Service, district: str, command: DecideTransferItem, made: Made | None) -> dict[str, Any]:
    return {
        "district": district,
        "transfer": command.transfer,
        "number": command.number,
        "recognise": made is not None,
        "given_hours": made.micro_hours if made else 0,
        "given_credits": made.micro_credits if made else 0,
        "reason": command.reason.strip(),
        "decided_by": command.caller.subject,
        "role": command.caller.role,
        "record": made.record if made else None,
        "recorded_us": to_us(service.clock.now()),
    }
