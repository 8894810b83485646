"""Where teachers stand in a year or a cycle: every requirement of the law with its shortfall."""

from __future__ import annotations

from datetime import date

from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_wire.credits import GetStandings, Standings
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.paging import few_enough
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.standings.judge import judge_all, read_lines
from yanxiu_credits.standings.periods import period_and_law
from yanxiu_credits.standings.view import standing_view
from yanxiu_credits.store.facts import Person, read_district, read_people


async def get_standings(
    service: Service, district: str, query: GetStandings, _deadline: Deadline
) -> Standings | Refused:
    """Return each teacher's standing in the period that contains `on`; None for a teacher unknown or out of scope.

    Three statements in all, for any number of teachers. Refuses with PERIOD_UNKNOWN, LAW_NOT_IN_FORCE or
    LAW_UNUSABLE.
    """
    too_many = few_enough("teachers", query.teachers)
    if too_many is not None:
        return too_many
    today = service.clock.today()
    async with service.databases.read(district) as conn:
        chosen = period_and_law(service.laws, await read_district(conn, district), query.kind, query.on or today, today)
        if isinstance(chosen, Refused):
            return chosen
        period, law = chosen
        people = await read_people(conn, district, query.teachers)
        seen = _in_scope(query, people, min(period.end, today), today)
        lines = await read_lines(conn, district, seen, period)
    try:
        judged = judge_all(law, period, lines, [people[one] for one in seen], min(period.end, today))
    except RuleNotInForce:
        return refusals.law_not_in_force(period.end)
    made = {teacher: standing_view(law, one, teacher) for teacher, one in judged.items()}
    return Standings(items=tuple(made.get(teacher) for teacher in query.teachers))


def _in_scope(query: GetStandings, people: dict[str, Person], day: date, today: date) -> list[str]:
    scope = scope_of(query.caller)
    return [one.id for one in people.values() if scope.covers(one.id, one.school_on(today), one.school_on(day))]
