"""Empty the local copy of the registry's facts and fill it again from the stream."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import term as wire_term
from yanxiu_wire.calendar_year import CalendarChanged
from yanxiu_wire.credits import ProjectionRebuilt, RebuildProjection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Event
from yanxiu_wire.events import Delivery, replay_deliveries
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.follow_registry import FOLLOWED
from yanxiu_credits.service import Service
from yanxiu_credits.standings.known import remember
from yanxiu_credits.store.facts import apply_facts, count_facts, empty


async def rebuild_projection(
    service: Service, district: str, command: RebuildProjection, deadline: Deadline
) -> ProjectionRebuilt | Refused:
    """Rebuild the copy in one transaction, so that nobody sees it half filled.

    The write lock is held while the stream is read, so that nothing newer can be overwritten. Where the stream holds
    nothing of the district (it was lost), STREAM_EMPTY leaves the copy as it is: the registry's `republish` fills the
    stream again, and the ordinary following of it is enough then. The notes of what was applied are emptied too: a
    stream that is being filled again sends the same messages again, and they must count. Announcements that had been
    given up are read again here; where one still cannot be read, the copy stays as it is.
    """

    async def work(conn: AsyncConnection) -> ProjectionRebuilt | Refused:
        bodies = await _replayed(service, conn, district, deadline)
        if not bodies:
            return refusals.stream_empty()
        await empty(conn, district)
        for start in range(0, len(bodies), _TOGETHER):
            await apply_facts(conn, district, bodies[start : start + _TOGETHER])
        schools, teachers, terms = await count_facts(conn, district)
        return ProjectionRebuilt(schools=schools, teachers=teachers, terms=terms)

    answer = await once(service.databases, district, command, ProjectionRebuilt, deadline, work)
    service.arrivals.announce()
    return answer


_TOGETHER = 200


async def _replayed(service: Service, conn: AsyncConnection, district: str, deadline: Deadline) -> list[Any]:
    """Return the newest body of each noun in the stream, and keep every one with the time at which it was known."""
    newest: dict[Any, Any] = {}
    read: list[Delivery] = []

    async def keep(found: Delivery) -> None:
        deadline.check()
        key, version = _identity(found.event, found.body)
        if key not in newest or _identity(found.event, newest[key])[1] < version:
            newest[key] = found.body
        read.append(found)
        if len(read) >= _TOGETHER:
            await remember(conn, district, read)
            read.clear()

    await replay_deliveries(service.bus, FOLLOWED, keep, district=district)
    await remember(conn, district, read)
    return list(newest.values())


def _identity(event: Event[Any], body: Any) -> tuple[tuple[str, str], int]:
    match body:
        case registry.DistrictChanged():
            return (event.name, body.district.id), body.district.version
        case registry.SchoolChanged():
            return (event.name, body.school), body.version
        case wire_teacher.TeacherChanged():
            return (event.name, body.teacher), body.version
        case wire_term.TermChanged():
            return (event.name, body.term.id), body.term.version
        case CalendarChanged():
            return (event.name, str(body.calendar.year)), body.calendar.version
    raise TypeError(f"{event!r} is no announcement of the registry")
