"""Where teachers stand in a year or a cycle: every requirement of the law with its shortfall."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from yanxiu_footing.paging import few_enough
from yanxiu_footing.registry_facts import Person, read_people
from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_wire.credits import GetStandings, Standings
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.scope import Scope, scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.standings.instants import known_until, past
from yanxiu_credits.standings.judge import judge_all, read_lines, today_of
from yanxiu_credits.standings.known import district_known, people_known
from yanxiu_credits.standings.periods import period_and_law
from yanxiu_credits.standings.view import standing_view
from yanxiu_credits.workflow.recognise import newest_of
from yanxiu_credits.workflow.results import as_recognised


async def get_standings(
    service: Service, district: str, query: GetStandings, _deadline: Deadline
) -> Standings | Refused:
    """Return each teacher's standing in the period that contains `on`; None for a teacher unknown or out of scope.

    With `as_known_at`, whatever was recorded later is not seen: entries, reversals, facts, bindings; "today" is then
    that day. Who may see is judged by what is known now. `recognition_stale` marks a teacher whose recognition of the
    period stands and is not what is judged. Few statements, whatever the number of teachers. Refuses
    with PERIOD_UNKNOWN, LAW_NOT_IN_FORCE, LAW_UNUSABLE or INSTANT_IN_FUTURE.
    """
    refused = few_enough("teachers", query.teachers) or past(service.clock, query.as_known_at)
    if refused is not None:
        return refused
    known_us, today = known_until(query.as_known_at), today_of(service, query.as_known_at)
    async with service.databases.read(district) as conn:
        bound = await district_known(conn, district, known_us)
        chosen = period_and_law(service.laws, bound, query.kind, query.on or today, today)
        if isinstance(chosen, Refused):
            return chosen
        period, law = chosen
        allowed = in_scope(
            scope_of(query.caller), await read_people(conn, district, query.teachers), period.end, service.clock.today()
        )
        people = await people_known(conn, district, allowed, known_us)
        lines = await read_lines(conn, district, list(people), law, period, known_us=known_us)
        try:
            judged = judge_all(law, period, lines, people.values(), today)
        except RuleNotInForce:
            return refusals.law_not_in_force(period.end)
        # Of a past instant nothing is told of what was recognised: only what stands now can be settled.
        recognised = (
            await newest_of(conn, district, period, as_recognised(law, judged)) if query.as_known_at is None else {}
        )
    made = {name: standing_view(law, one, lines.get(name, ()), people[name], today) for name, one in judged.items()}
    for name in (one.teacher for one in recognised.values() if one.differs):
        made[name] = msgspec.structs.replace(made[name], recognition_stale=True)
    return Standings(items=tuple(made.get(teacher) for teacher in query.teachers))


def in_scope(scope: Scope, people: Mapping[str, Person], end: date, today: date) -> list[str]:
    """Return the teachers in scope: by the school of today, or that of a period's last day where it has come."""
    day = min(end, today)
    return [one.id for one in people.values() if scope.covers(one.id, one.school_on(today), one.school_on(day))]
