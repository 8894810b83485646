"""Open the turn of a stage, enter its schools, and record its rounds in the law's order."""

from __future__ import annotations

import msgspec
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.calendar import read_term
from yanxiu_footing.registry_facts import read_district, read_people, read_school
from yanxiu_rulekit.visits import Turns
from yanxiu_wire.competition import (
    Competition,
    CompetitionEntry,
    EnterCompetition,
    OpenCompetition,
    RecordRound,
    RoundHeld,
)
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.term import Term

from yanxiu_visits import refusals as general
from yanxiu_visits.awards.refusals import number_malformed
from yanxiu_visits.competing import refusals
from yanxiu_visits.competing.assess_leader import other_post
from yanxiu_visits.competing.assess_round import ranked, wrong_result
from yanxiu_visits.competing.competition_store import put_competition, read_competition
from yanxiu_visits.competing.leading_groups import groups_of
from yanxiu_visits.competing.tables import competition
from yanxiu_visits.scope import OFFICERS
from yanxiu_visits.service import Service
from yanxiu_visits.supervising.refusals import no_such_rule
from yanxiu_visits.visiting.assess_note import assess_text

MOST_CATEGORIES = 20


async def open_competition(
    service: Service, district: str, command: OpenCompetition, deadline: Deadline
) -> Competition | Refused:
    """Open; the stage is one that takes turns by the law. Whether it is its turn, `get-rotation` tells."""
    refused = assess_text("name", command.name, most=100)
    if refused is None and not 1 <= len(set(command.categories)) == len(command.categories) <= MOST_CATEGORIES:
        refused = number_malformed("categories", len(command.categories), 1, MOST_CATEGORIES)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> Competition | Refused:
        term = await read_term(conn, district, command.term)
        if term is None:
            return general.term_unknown(command.term)
        turns = await turns_on(service, conn, district, term)
        if isinstance(turns, Refused):
            return turns
        if command.stage not in turns.stages:
            return general.not_one_of("stage", command.stage, list(turns.stages))
        same = (competition.c.term == term.id, competition.c.stage == command.stage)
        before = await read_competition(conn, district, same)
        if before is not None:
            return refusals.competition_exists(before.id)
        made = Competition(
            id=str(uuid_utils.uuid7()),
            name=command.name.strip(),
            year=term.starts_on.year,
            term=term.id,
            stage=command.stage,
            rounds=turns.rounds,
            categories=command.categories,
            clauses=turns.clauses,
            opened_at=service.clock.now(),
        )
        await put_competition(conn, district, made)
        return made

    return await once(service.databases, district, command, Competition, deadline, work)


async def turns_on(service: Service, conn: AsyncConnection, district: str, term: Term) -> Turns | Refused:
    """Return how the law of a term orders the competition."""
    law = service.laws.in_force(await read_district(conn, district), term.starts_on, field="term", field_work=False)
    if isinstance(law, Refused):
        return law
    if law.visits.turns is None:
        return no_such_rule(law.pack.jurisdiction, field="term", zh="校本研修比拼", en="a competition")
    return law.visits.turns(law.law())


async def enter_competition(
    service: Service, district: str, command: EnterCompetition, deadline: Deadline
) -> Competition | Refused:
    """Enter a school before the first round; a school enters itself.

    WRONG_LEADER with the clauses where another than its head leads, by the entry or by the register.
    """
    if command.caller.role not in OFFICERS and command.caller.school != command.school:
        return general.school_unknown(command.school)

    async def work(conn: AsyncConnection) -> Competition | Refused:
        found = await read_competition(conn, district, (competition.c.id == command.competition,))
        if found is None:
            return refusals.competition_unknown(command.competition)
        refused = await _unfit(service, conn, district, command, found)
        if refused is not None:
            return refused
        entry = CompetitionEntry(school=command.school, leader=command.leader, leader_post=command.leader_post)
        made = msgspec.structs.replace(found, entries=(*found.entries, entry))
        await put_competition(conn, district, made)
        return made

    return await once(service.databases, district, command, Competition, deadline, work)


async def _unfit(
    service: Service, conn: AsyncConnection, district: str, command: EnterCompetition, found: Competition
) -> Refused | None:
    """Return why the school cannot enter: of another stage, entered before, or not led as the law says."""
    term = await read_term(conn, district, found.term)
    if term is None:
        return general.term_unknown(found.term)
    turns = await turns_on(service, conn, district, term)
    if isinstance(turns, Refused):
        return turns
    today = service.clock.today()
    card = await read_school(conn, district, command.school, today)
    if card is None or card.stage not in turns.stages.get(found.stage, ()):
        return general.school_unknown(command.school)
    if found.held:
        return refusals.entry_over(found.held[0].round, found.held[0].held_on, turns.clauses[:1])
    if command.leader_post != turns.leader_post:
        return refusals.wrong_leader(command.leader_post, turns.leader_post, turns.clauses[:1])
    leader = (await read_people(conn, district, [command.leader])).get(command.leader)
    if leader is None or leader.school_on(today) != command.school:
        return general.person_unknown(command.leader, field="leader")
    groups = await groups_of(conn, district, command.school, today)
    post = other_post(groups, command.leader, turns.leader_post)
    if post is not None:
        return refusals.wrong_leader(post, turns.leader_post, turns.clauses[:1])
    again = any(one.school == command.school for one in found.entries)
    return refusals.entered_before(command.school) if again else None


async def record_round(
    service: Service, district: str, command: RecordRound, deadline: Deadline
) -> Competition | Refused:
    """Record the next round with its rank lists by category; all rounds lie in the term, each after the last one."""
    today = service.clock.today()
    if command.held_on > today:
        return general.day_in_future(command.held_on, today, field="held_on")

    async def work(conn: AsyncConnection) -> Competition | Refused:
        found = await read_competition(conn, district, (competition.c.id == command.competition,))
        if found is None:
            return refusals.competition_unknown(command.competition)
        term = await read_term(conn, district, found.term)
        begun = found.held[-1].held_on if found.held else None
        early = begun is not None and command.held_on <= begun
        if term is None or early or not term.starts_on <= command.held_on <= term.ends_on:
            return refusals.day_outside_rounds(command.held_on, found.term, begun, found.clauses[:1])
        wanted = next(iter(found.rounds[len(found.held) :]), None)
        if command.round != wanted:
            return refusals.round_out_of_order(command.round, wanted, found.clauses[:1])
        if not command.results:
            return refusals.results_missing(command.round, found.clauses[:1])
        wrong = wrong_result(command.results, {one.school for one in found.entries}, found.categories)
        if wrong is not None:
            return refusals.results_malformed(*wrong)
        held = RoundHeld(round=command.round, held_on=command.held_on, results=ranked(command.results))
        made = msgspec.structs.replace(found, held=(*found.held, held))
        await put_competition(conn, district, made)
        return made

    return await once(service.databases, district, command, Competition, deadline, work)
