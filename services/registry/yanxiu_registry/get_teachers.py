"""Answer for teachers by id, as of a day; a revealed national id is on record before it is answered."""

from __future__ import annotations

from collections.abc import Mapping

from yanxiu_footing.audit.recording import current
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.teacher import GetTeachers, Teachers

from yanxiu_registry.cards import first_shown, teacher_card
from yanxiu_registry.context import Registry
from yanxiu_registry.national_id import holds_id
from yanxiu_registry.pages import MOST_IDS
from yanxiu_registry.refusals import national_id_misplaced, refused, too_many
from yanxiu_registry.register import TeacherFile
from yanxiu_registry.scope import OFFICERS, scope_of
from yanxiu_registry.store.audits import record_reason
from yanxiu_registry.store.looks import teachers_of


async def get_teachers(registry: Registry, district: str, query: GetTeachers, deadline: Deadline) -> Teachers | Refused:
    """The teachers in the order asked for; None where unknown, out of scope, or not yet on file that day."""
    if len(query.ids) > MOST_IDS:
        return too_many("ids", len(query.ids), MOST_IDS)
    if query.reveal and holds_id(query.reason):
        return refused(national_id_misplaced("reason", query.reason))
    deadline.check()
    found = await registry.dbs.look(district, lambda look: teachers_of(look, district, set(query.ids)))
    scope = scope_of(query.caller)
    today = registry.today()
    seen = {
        one: file
        for one, file in found.items()
        if scope.sees_teacher(file, query.as_of or today, first_shown(file, today))
    }
    reveal = query.reveal and query.caller.role in OFFICERS
    cards = {one: teacher_card(registry, district, file, query.as_of, reveal=reveal) for one, file in seen.items()}
    if reveal:
        await _audit(registry, district, query, {one: seen[one] for one, card in cards.items() if card}, deadline)
    return Teachers(items=tuple(cards.get(one) for one in query.ids))


async def _audit(
    registry: Registry, district: str, query: GetTeachers, shown: Mapping[str, TeacherFile], deadline: Deadline
) -> None:
    revealed = [one for one, file in shown.items() if file.sealed is not None]
    if revealed:
        async with registry.dbs.write(district, deadline) as conn:
            seq = await current().write(conn, revealed)
            await record_reason(conn, district, seq, query.reason)
