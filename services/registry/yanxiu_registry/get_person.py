"""Answer with what the registry holds on a person: the number masked, unless an official has it revealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanxiu_footing.audit.recording import current
from yanxiu_footing.persons.get_person import place_malformed, teacher_unknown, unfit
from yanxiu_footing.persons.held import Whose
from yanxiu_footing.persons.read_person import read_person
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.personal import GetPerson, PersonPart
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.national_id import mask
from yanxiu_registry.personal import PERSONAL
from yanxiu_registry.scope import OFFICERS
from yanxiu_registry.store.audits import record_reason
from yanxiu_registry.store.teachers import teachers_by_id


async def get_person(registry: Registry, district: str, query: GetPerson, deadline: Deadline) -> PersonPart | Refused:
    """A part of it. An official's reason is kept beside the trail, and a number is on record before it is told.

    Refused: REASON_MISSING, TEACHER_UNKNOWN, CURSOR_MALFORMED.
    """
    if (refused := unfit(query.caller, query.teacher, query.reason)) is not None:
        return refused
    deadline.check()
    reveal = query.reveal and query.caller.role in OFFICERS

    def shape(table: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
        sealed = row["national_id"] if table == "teacher" else None
        if sealed is None:
            return row
        number = registry.vault.open(district, query.teacher, sealed)
        return {**row, "national_id": number if reveal else mask(number)}

    async with registry.dbs.read(district) as conn:
        if not await teachers_by_id(conn, district, [query.teacher]):
            return teacher_unknown(query.teacher)
        try:
            part = await read_person(conn, Whose(district, query.teacher, query.subjects), PERSONAL, query.after, shape)
        except ValueError:
            return place_malformed(query.after)
    if query.caller.role != "teacher" and not query.after:
        async with registry.dbs.write(district, deadline) as conn:
            await record_reason(conn, district, await current().write(conn, [query.teacher]), query.reason)
    return part
