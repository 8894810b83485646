"""Appoint a supervision team, after asking the law whether it is made up as it must be."""

from __future__ import annotations

import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.clock import to_us
from yanxiu_footing.registry_facts import read_people
from yanxiu_rulekit import visitfacts
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.supervision import AppointTeam, SupervisionTeam

from yanxiu_visits import refusals as general
from yanxiu_visits.ask_law import breached
from yanxiu_visits.service import Service
from yanxiu_visits.supervising import refusals
from yanxiu_visits.supervising.ground import supervised_on
from yanxiu_visits.supervising.tables import supervision_team
from yanxiu_visits.visiting.assess_note import assess_text
from yanxiu_visits.visiting.visit_store import put

MOST_MEMBERS = 200


async def appoint_team(
    service: Service, district: str, command: AppointTeam, deadline: Deadline
) -> SupervisionTeam | Refused:
    """Appoint; AGAINST_THE_LAW with its clauses where a side is missing that the law wants."""
    refused = assess_text("name", command.name, most=100)
    people = [one.person for one in command.members]
    if refused is None and not 1 <= len(set(people)) == len(people) <= MOST_MEMBERS:
        refused = general.out_of_bounds("members", len(set(people)), 1, MOST_MEMBERS)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> SupervisionTeam | Refused:
        wrong = await _wrong(service, conn, district, command)
        if wrong is not None:
            return wrong
        now = service.clock.now()
        team = SupervisionTeam(
            id=str(uuid_utils.uuid7()),
            name=command.name.strip(),
            since=command.since,
            members=command.members,
            appointed_by=command.caller.subject,
            appointed_at=now,
        )
        row = {"district": district, "id": team.id, "made_us": to_us(now), "body": encode(team).decode()}
        await put(conn, supervision_team, row)
        return team

    return await once(service.databases, district, command, SupervisionTeam, deadline, work)


async def _wrong(service: Service, conn: AsyncConnection, district: str, command: AppointTeam) -> Refused | None:
    """Return why it is no team: a professional member unknown to the registry, or made up against the law."""
    professional = [one.person for one in command.members if one.side == "professional"]
    known = await read_people(conn, district, professional)
    stranger = next((one for one in professional if one not in known), None)
    if stranger is not None:
        return general.person_unknown(stranger, field="members")
    law = await supervised_on(service, conn, district, command.since, field="since")
    if isinstance(law, Refused):
        return law
    if law.visits.team is None:
        return None
    members = tuple(visitfacts.TeamMember(person=one.person, side=one.side) for one in command.members)
    failed, said = breached(law.answers("team", members))
    return refusals.against_the_law("members", len(members), failed, said) if failed else None
