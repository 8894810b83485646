"""Issue check-in tokens: to a teacher for himself, to a school or an officer for the teachers they name."""

from __future__ import annotations

from collections.abc import Sequence

import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.clock import to_us
from yanxiu_footing.registry_facts import read_people
from yanxiu_wire.attendance import CheckInIssued, CheckInToken, IssueCheckIn, Session
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals as general
from yanxiu_credits.attendance import refusals
from yanxiu_credits.attendance.attendance_store import add_tokens
from yanxiu_credits.attendance.session_store import may_see, read_session
from yanxiu_credits.scope import Scope, scope_of
from yanxiu_credits.service import Service

MOST_TOKENS = 500


async def issue_check_in(
    service: Service, district: str, command: IssueCheckIn, deadline: Deadline
) -> CheckInIssued | Refused:
    """Issue a token for each teacher; every one that is issued is noted, with who asked for it.

    Refuses with SESSION_UNKNOWN, SESSION_CANCELLED, SESSION_CLOSED, CHECK_IN_OVER, TOO_MANY, TEACHER_UNKNOWN or
    TEACHER_NOT_EMPLOYED.
    """
    scope = scope_of(command.caller)
    teachers = tuple(dict.fromkeys(command.teachers)) or ((scope.id,) if scope.kind == "self" else ())

    async def work(conn: AsyncConnection) -> CheckInIssued | Refused:
        if not 1 <= len(teachers) <= MOST_TOKENS:
            return general.out_of_bounds("teachers", len(teachers), 1, MOST_TOKENS)
        session = await read_session(conn, may_see(district, scope), command.session)
        refused = _not_checking_in(service, session, command.session)
        if refused is not None or session is None:
            return refused or refusals.session_unknown(command.session)
        refused = await _strangers(service, conn, district, session, scope, teachers)
        return refused or await _issued(service, conn, district, session, command, teachers)

    return await once(service.databases, district, command, CheckInIssued, deadline, work)


def _not_checking_in(service: Service, session: Session | None, asked: str) -> Refused | None:
    if session is None:
        return refusals.session_unknown(asked)
    if session.state == "cancelled":
        return refusals.session_cancelled(session.id)
    if session.state == "closed":
        return refusals.session_closed(session.id)
    over = service.clock.now() > session.check_in_until
    return refusals.check_in_over(session.check_in_until) if over else None


async def _strangers(
    service: Service,
    conn: AsyncConnection,
    district: str,
    session: Session,
    scope: Scope,
    teachers: Sequence[str],
) -> Refused | None:
    """Refuse who is not in the caller's reach, or was not at work on the day of the session."""
    people = await read_people(conn, district, teachers)
    today = service.clock.today()
    for teacher in teachers:
        person = people.get(teacher)
        if person is None or not scope.covers(teacher, person.school_on(session.on), person.school_on(today)):
            return general.teacher_unknown(teacher)
        if not person.at_work(session.on):
            entry = person.on(session.on)
            return general.not_employed(teacher, session.on, entry.hired_on if entry else None)
    return None


async def _issued(
    service: Service,
    conn: AsyncConnection,
    district: str,
    session: Session,
    command: IssueCheckIn,
    teachers: Sequence[str],
) -> CheckInIssued:
    now = service.clock.now()
    tokens: list[CheckInToken] = []
    rows = []
    for teacher in teachers:
        nonce = str(uuid_utils.uuid4())
        token, expires = service.tokens.issue(district, session=session.id, teacher=teacher, nonce=nonce, now=now)
        tokens.append(
            CheckInToken(
                session=session.id,
                teacher=teacher,
                token=token,
                expires_at=expires,
                opens_at=session.check_in_from,
            )
        )
        rows.append(
            {
                "district": district,
                "nonce": nonce,
                "session": session.id,
                "teacher": teacher,
                "issued_by": command.caller.subject,
                "issued_us": to_us(now),
                "expires_us": to_us(expires),
            }
        )
    await add_tokens(conn, rows)
    return CheckInIssued(tokens=tuple(tokens))
