"""Pages of sessions, earliest first."""

from __future__ import annotations

from yanxiu_footing.clock import to_us
from yanxiu_footing.paging import bounded, cursor, key_of
from yanxiu_footing.refusals import instant_without_zone
from yanxiu_wire.attendance import ListSessions, SessionPage
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals as general
from yanxiu_credits.attendance.session_store import attended_by, between, may_ask_of, may_see, page_sessions
from yanxiu_credits.attendance.tables import training_session
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service


async def list_sessions(
    service: Service, district: str, query: ListSessions, _deadline: Deadline
) -> SessionPage | Refused:
    """Return a page of the sessions in the caller's scope, by project, school, teacher or time.

    Of a teacher only those may ask who may see his row of the session's attendance.
    """
    refused = bounded(query.page) or _naive(query)
    if refused is not None:
        return refused
    after = _start_and_id(query.page.after)
    if isinstance(after, Refused):
        return after
    scope = scope_of(query.caller)
    where = [may_see(district, scope), *between(query.since, query.until)]
    if query.project is not None:
        where.append(training_session.c.project == query.project)
    if query.school is not None:
        where.append(training_session.c.school == query.school)
    if query.state is not None:
        where.append(training_session.c.state == query.state)
    if query.teacher is not None:
        where += [attended_by(district, query.teacher), may_ask_of(district, scope, query.teacher)]
    async with service.databases.read(district) as conn:
        rows, total = await page_sessions(conn, where, first=query.page.first + 1, after=after, newest=query.newest)
    items = tuple(rows[: query.page.first])
    return SessionPage(
        items=items,
        cursors=tuple(cursor(to_us(one.starts_at), one.id) for one in items),
        has_next=len(rows) > query.page.first,
        total=total,
    )


def _naive(query: ListSessions) -> Refused | None:
    for field, at in (("since", query.since), ("until", query.until)):
        if at is not None and at.utcoffset() is None:
            return instant_without_zone(field, at)
    return None


def _start_and_id(given: str | None) -> tuple[int, str] | Refused | None:
    if given is None:
        return None
    key = key_of(given, 2)
    if isinstance(key, Refused):
        return key
    start = key[0]
    return (int(start), key[1]) if start.isascii() and start.isdigit() else general.cursor_malformed(given)
