"""One training counts once, whether it is registered of the attendance of its sessions or by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.directly import rows_of
from yanxiu_footing.stored import canonical
from yanxiu_rulekit.errors import FactsRefused
from yanxiu_wire.caller import Caller
from yanxiu_wire.refusal import Refused

from yanxiu_credits.attendance import registering_refusals as no
from yanxiu_credits.attendance.tables import attended_record
from yanxiu_credits.books.tables import reversal
from yanxiu_credits.law_facts import read_question
from yanxiu_credits.laws import InForce
from yanxiu_credits.scope import OFFICERS
from yanxiu_credits.tables import record

# By these laws tell one sort of training from another, as they read it: a default and its omission are one, and a class
# is what the form says. Hours and marks may be put down differently.
_TELLING = ("kind", "form", "class", "mode")

_COUNTED = sa.select(record.c.id, record.c.project, record.c.on, record.c.facts).where(
    record.c.district == sa.bindparam("of"),
    record.c.teacher == sa.bindparam("who"),
    record.c.kind == sa.bindparam("sort"),
    record.c.entry.is_not(None),
    sa.or_(record.c.on == sa.bindparam("day", type_=sa.Date), record.c.project == sa.bindparam("under", type_=sa.Text)),
    ~sa.exists().where(reversal.c.district == record.c.district, reversal.c.record == record.c.id),
)
_ORIGIN = sa.select(
    record.c.replaces,
    sa.exists()
    .where(attended_record.c.district == record.c.district, attended_record.c.record == record.c.id)
    .label("attended"),
).where(record.c.district == sa.bindparam("of"), record.c.id == sa.bindparam("its"))


class Entering(msgspec.Struct, frozen=True, kw_only=True):
    """A training about to be entered: whose, under which law, when, of what project, by whom, and of attendance?"""

    teacher: str
    law: InForce
    on: date
    project: str | None
    facts: Mapping[str, Any]
    by: Caller
    attended: bool


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A training that is there already, as a record or as a session: of what project, when, and what is said of it."""

    project: str | None
    on: date
    facts: Mapping[str, Any]


async def counted_otherwise(
    conn: AsyncConnection, district: str, new: Entering, corrects: str | None = None
) -> Refused | None:
    """Return ALREADY_REGISTERED where the same training counts by the other way in; None where it does not.

    The same is: of one project, or on one day with the same sort of training as the law reads it. Two projects are
    two trainings. An officer may enter a second one of a day under a project, and may correct a record into anything;
    `corrects` is the record that is being corrected.
    """
    officer = new.by.role in OFFICERS
    if corrects is not None and officer:
        return None
    asked = {"of": district, "who": new.teacher, "sort": new.law.credit.record, "day": new.on, "under": new.project}
    for there in await rows_of(conn, _COUNTED, asked):
        held = Held(project=there.project, on=there.on, facts=msgspec.json.decode(there.facts))
        if there.id == corrects or not alike(held, new, officer=officer):
            continue
        if await of_attendance(conn, district, there.id) != new.attended:
            return no.counted_already(there.id, of_attendance=not new.attended)
    return None


def alike(there: Held, new: Entering, *, officer: bool) -> bool:
    """Say whether both are one training: of one project, or of one day and sort unless two projects tell them apart.

    For an officer, a project on either side tells them apart.
    """
    if there.project is not None and there.project == new.project:
        return True
    projects = (there.project is not None) + (new.project is not None)
    if projects == 2 or (projects == 1 and officer):
        return False
    if there.on != new.on:
        return False
    held, given = (_sort_of(new.law, new.on, facts) for facts in (there.facts, new.facts))
    return all(_agree(held.get(name), given.get(name)) for name in _TELLING)


def _sort_of(law: InForce, on: date, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the facts of a record as the law reads them, with what it makes of them where it tells trainings apart."""
    try:
        question = read_question(law.pack, facts)
    except FactsRefused:
        # Entered under a law of before, which knew other facts.
        return facts
    told = law.credit.told_apart_by
    read = msgspec.to_builtins(question.record, builtin_types=(Decimal, date))
    return read if told is None else {**read, **told(question, law.pack.law(on, law.settings))}


def _agree(held: Any, given: Any) -> bool:
    """Say whether nothing speaks for two trainings: the same, or left unsaid by one of them."""
    return held is None or given is None or canonical(held) == canonical(given)


async def of_attendance(conn: AsyncConnection, district: str, record_id: str) -> bool:
    """Say whether a record, or the one that it corrects, was made of attendance."""
    at: str | None = record_id
    while at is not None:
        row = (await conn.execute(_ORIGIN, {"of": district, "its": at})).one()
        if row.attended:
            return True
        at = row.replaces
    return False
