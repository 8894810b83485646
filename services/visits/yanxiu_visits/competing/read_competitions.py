"""Pages of competitions, and whether the stages take turns as the law orders."""

from __future__ import annotations

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_term
from yanxiu_footing.paging import bounded, cursor, few_enough, id_in
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.visitfacts import Contest, Contests, SchoolTerm
from yanxiu_wire.competition import (
    Competition,
    CompetitionPage,
    GetRotation,
    ListCompetitions,
    Rotation,
    StageTurns,
)
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits.ask_law import rulings
from yanxiu_visits.competing.competition_store import page_competitions
from yanxiu_visits.competing.tables import competition
from yanxiu_visits.service import Service
from yanxiu_visits.supervising.refusals import no_such_rule


async def list_competitions(
    service: Service, district: str, query: ListCompetitions, _deadline: Deadline
) -> CompetitionPage | Refused:
    """Return a page of competitions; they are public in the district."""
    refused = bounded(query.page) or few_enough("ids", query.ids)
    after = id_in(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    its = competition.c
    wanted = {its.year: query.year, its.stage: query.stage}
    where = [its.district == district, *(column == value for column, value in wanted.items() if value is not None)]
    where += [its.id.in_(query.ids)] if query.ids else []
    async with service.databases.read(district) as conn:
        rows, total = await page_competitions(conn, where, first=query.page.first + 1, after=after)
    items = tuple(rows[: query.page.first])
    return CompetitionPage(
        items=items,
        cursors=tuple(cursor(one.id) for one in items),
        has_next=len(rows) > query.page.first,
        total=total,
    )


async def get_rotation(service: Service, district: str, _query: GetRotation, _deadline: Deadline) -> Rotation | Refused:
    """Ask the law of today about all competitions so far; NO_SUCH_RULE where it orders none."""
    async with service.databases.read(district) as conn:
        district_now = await read_district(conn, district)
        law = service.laws.in_force(district_now, service.clock.today(), field="on", field_work=False)
        if isinstance(law, Refused):
            return law
        if law.visits.turns is None or law.visits.competition is None:
            return no_such_rule(law.pack.jurisdiction, field="on", zh="校本研修比拼", en="a competition")
        everyone, _ = await page_competitions(conn, [competition.c.district == district], first=None, after="")
        contests = tuple([await _contest(conn, district, one, service.clock.today()) for one in everyone])
    turns = law.visits.turns(law.law())
    return Rotation(
        first_year=turns.first_year,
        last_year=turns.last_year,
        stages=tuple(
            StageTurns(stage=stage, turns=sum(1 for one in contests if one.stage == stage)) for stage in turns.stages
        ),
        rulings=rulings(law.answers("competition", Contests(contests=contests, as_of=service.clock.today()))),
    )


async def _contest(conn: AsyncConnection, district: str, one: Competition, today: date) -> Contest:
    """Return a competition as the law's facts: the rounds held, the post of who leads, whether it is over.

    It is over with its last round, or with its term.
    """
    term = await read_term(conn, district, one.term)
    in_term = None
    if term is not None:
        first = int(term.school_year.partition("-")[0])
        in_term = SchoolTerm(year=first, number=term.number, start=term.starts_on, end=term.ends_on)
    return Contest(
        year=one.year,
        stage=one.stage,
        rounds=tuple(held.round for held in one.held),
        term=in_term,
        over=len(one.held) == len(one.rounds) or (term is not None and term.ends_on < today),
        leader_post=one.entries[0].leader_post if one.entries else None,
    )
