"""Hand the steps of one's own role and scope to another person for a time."""

from __future__ import annotations

import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.clock import to_us
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.workflow import ROLES
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.process import Delegation
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import DelegateSteps

from yanxiu_credits.service import Service
from yanxiu_credits.workflow import refusals as no
from yanxiu_credits.workflow import refusals_of_people as people
from yanxiu_credits.workflow.store import Mandate, add_delegation

MOST_TEXT = 1000
MOST_SUBJECT = 200
# A school year: whoever needs longer delegates anew, and so shows that he still holds his office.
MOST_DAYS = 366


async def delegate_steps(
    service: Service, district: str, command: DelegateSteps, deadline: Deadline
) -> Delegation | Refused:
    """Delegate what the caller's own role may do; the delegate can hand nothing on, since he delegates only his own.

    Refuses with DELEGATION_REFUSED (a teacher's, or a role without steps), DELEGATE_UNFIT, DATE_OUT_OF_ORDER,
    DELEGATED_TOO_LONG (more than a school year), REASON_MISSING or WORKFLOW_UNKNOWN.
    """

    async def work(conn: AsyncConnection) -> Delegation | Refused:
        today, caller = service.clock.today(), command.caller
        refused = _form(command) or await _workflows(conn, service, district, command)
        if refused is None and (command.until < command.since or command.until < today):
            refused = people.days_unfit(command.since, command.until, today)
        if refused is None and (command.until - command.since).days >= MOST_DAYS:
            refused = people.delegated_too_long(command.until, MOST_DAYS)
        if refused is not None:
            return refused
        one = Mandate(
            district=district,
            id=str(uuid_utils.uuid7()),
            from_subject=caller.subject,
            role=caller.role,
            school=caller.school,
            to_subject=command.to_subject.strip(),
            workflows=command.workflows,
            since=command.since,
            until=command.until,
            reason=command.reason.strip(),
            made_us=to_us(service.clock.now()),
        )
        await add_delegation(conn, one)
        return delegation_view(one)

    return await once(service.databases, district, command, Delegation, deadline, work)


def _form(command: DelegateSteps) -> Refused | None:
    caller, to = command.caller, command.to_subject.strip()
    if caller.role == "teacher" or caller.role not in ROLES:
        return people.not_to_be_delegated(caller.role)
    if not to or len(to) > MOST_SUBJECT or to == caller.subject:
        return people.delegate_unfit("to_subject", command.to_subject)
    if not command.reason.strip() or len(command.reason) > MOST_TEXT:
        return no.reason_missing()
    return None


async def _workflows(conn: AsyncConnection, service: Service, district: str, command: DelegateSteps) -> Refused | None:
    if not command.workflows:
        return None
    law = service.laws.bound(await read_district(conn, district), service.clock.today())
    if isinstance(law, Refused):
        return law
    unknown = [one for one in command.workflows if one not in law.pack.workflows]
    return no.workflow_unknown(unknown[0], law.pack.workflows) if unknown else None


def delegation_view(one: Mandate) -> Delegation:
    """Return a delegation as it travels."""
    return Delegation(**{name: getattr(one, name) for name in Delegation.__struct_fields__})
