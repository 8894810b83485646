"""Recognised records of a transcript into the books: record, decision and ledger entry in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import uuid_utils
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA, to_us
from yanxiu_footing.registry_facts import Person
from yanxiu_footing.stored import canonical, freeze
from yanxiu_rulekit.numbers import from_micro
from yanxiu_rulekit.outcome import Assessment, Decided
from yanxiu_wire.caller import Caller

from yanxiu_credits.books.kinds import REGISTRATION, TRANSFERRED
from yanxiu_credits.books.post import Draft, post
from yanxiu_credits.explain import write_decision
from yanxiu_credits.laws import InForce
from yanxiu_credits.ledger import evidence_of
from yanxiu_credits.record_training import teacher_facts
from yanxiu_credits.store.ledger import read_head
from yanxiu_credits.store.records import add_record


class Carried(Struct, frozen=True, kw_only=True):
    """One recognised record: where it was first entered, its day and facts, what it counts here by which decision."""

    source: str
    on: date
    facts: Mapping[str, Any]
    attributes: Mapping[str, Any]
    micro_hours: int
    micro_credits: int
    generation: int
    decided: Decided


class Receiving(Struct, frozen=True, kw_only=True):
    """For whom records are entered, under which law, by whom and when."""

    district: str
    person: Person
    law: InForce
    by: Caller
    at: datetime


async def record_transferred(conn: AsyncConnection, receiving: Receiving, carried: Sequence[Carried]) -> list[str]:
    """Write all of them with one move of the ledger's head; returns the ids of the records, in the order given.

    A record keeps the day on which it was earned, belongs to no school here and to no project.
    """
    head = await read_head(conn, receiving.district)
    drafts: list[Draft] = []
    rows: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for place, one in enumerate(carried, head[0] + 1):
        record_id = str(uuid_utils.uuid7())
        decided = _decision_row(receiving, one, record_id)
        row = _record_row(receiving, one, record_id, place)
        row["evidence"] = evidence_of(row, decided)
        rows.append((row, decided))
        drafts.append(_draft(row, decided))
    await post(conn, receiving.district, drafts, head=head)
    for row, decided in rows:
        await add_record(conn, row, decided)
    return [row["id"] for row, _ in rows]


def _record_row(receiving: Receiving, one: Carried, record_id: str, place: int) -> dict[str, Any]:
    credit = receiving.law.credit
    return {
        "district": receiving.district,
        "id": record_id,
        "teacher": receiving.person.id,
        "school": None,
        "project": None,
        "activity": one.source,
        "kind": TRANSFERRED,
        "generation": one.generation,
        "on": one.on,
        "status": "COUNTED",
        "micro_hours": one.micro_hours,
        "micro_credits": one.micro_credits,
        "hours_unit": credit.hours_unit,
        "credits_unit": credit.credits_unit,
        "facts": canonical(one.facts),
        "attributes": freeze(one.attributes),
        "reasons": "[]",
        "entry": place,
        "registered_by": receiving.by.subject,
        "recorded_us": to_us(receiving.at),
        "replaces": None,
    }


def _decision_row(receiving: Receiving, one: Carried, record_id: str) -> dict[str, Any]:
    law, today = receiving.law, receiving.at.astimezone(CHINA).date()
    assessment = Assessment(
        status="COUNTED",
        hours=from_micro(one.micro_hours),
        credits=from_micro(one.micro_credits),
        attributes=one.attributes,
        decided=one.decided,
    )
    teacher = receiving.person.on(today)
    school = receiving.person.school_on(today)
    return {
        "district": receiving.district,
        "record": record_id,
        "pack": one.decided.pack,
        "version": one.decided.version,
        "jurisdiction": law.pack.jurisdiction,
        "on": one.decided.on,
        "settings": canonical(law.settings),
        "teacher_facts": canonical(teacher_facts(teacher, school, today)) if teacher is not None else "{}",
        "body": write_decision(assessment),
    }


def _draft(row: dict[str, Any], decided: dict[str, Any]) -> Draft:
    return Draft(
        teacher=row["teacher"],
        record=row["id"],
        activity=row["activity"],
        kind=REGISTRATION,
        generation=row["generation"],
        on=row["on"],
        micro_hours=row["micro_hours"],
        micro_credits=row["micro_credits"],
        hours_unit=row["hours_unit"],
        credits_unit=row["credits_unit"],
        pack=decided["pack"],
        version=decided["version"],
        evidence=row["evidence"],
        recorded_us=row["recorded_us"],
    )
