"""How the supervisions of a school year stand against the law: who is missing, and why."""

from __future__ import annotations

from yanxiu_rulekit.visitfacts import Supervised, SupervisionYear
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.supervision import GetSupervisionStanding, Inspection, SupervisionDraw, SupervisionStanding

from yanxiu_visits.ask_law import named, rulings
from yanxiu_visits.service import Service
from yanxiu_visits.supervising import refusals
from yanxiu_visits.supervising.draw_store import revealed_in
from yanxiu_visits.supervising.ground import law_on, open_schools, read_law_year
from yanxiu_visits.supervising.inspection_store import reported_in


async def get_supervision_standing(
    service: Service, district: str, query: GetSupervisionStanding, _deadline: Deadline
) -> SupervisionStanding | Refused:
    """Ask the law of the year; the roster is every school open today, or on the year's last day once it is over.

    NO_SUCH_RULE where the law orders no supervision.
    """
    async with service.databases.read(district) as conn:
        year = await read_law_year(service, conn, district, query.school_year)
        if isinstance(year, Refused):
            return year
        on = year.day_of(service.clock.today())
        law = await law_on(service, conn, district, on, field="school_year")
        if isinstance(law, Refused):
            return law
        if law.visits.supervision is None:
            return refusals.no_such_rule(law.pack.jurisdiction, field="school_year", zh="督导", en="supervision")
        roster = await open_schools(conn, district, on)
        reported = await reported_in(conn, district, year.id)
        draws = await revealed_in(conn, district, year.id)
    facts = SupervisionYear(
        year=year.starts_on.year, schools=tuple(roster), events=tuple(map(_event, reported)), stages=roster
    )
    answers = law.answers("supervision", facts)
    of_all = [one for one in answers if not one.of]  # what one form lacks is told with that form
    return SupervisionStanding(
        school_year=year.id,
        roster_on=on,
        schools=len(roster),
        reported_regular=sum(1 for one in reported if one.kind == "regular"),
        reported_random=sum(1 for one in reported if one.kind == "random"),
        missing=named(of_all, "missing"),
        random_missing=named(of_all, "random_missing"),
        drawn_missing=_not_inspected(draws, reported),
        rulings=rulings(answers),
    )


def _not_inspected(draws: list[SupervisionDraw], reported: list[Inspection]) -> tuple[str, ...]:
    """The schools that a draw drew and whose inspection of that draw is not reported, each once."""
    done = {(one.draw, one.school) for one in reported}
    return tuple(dict.fromkeys(school for draw in draws for school in draw.drawn if (draw.id, school) not in done))


def _event(one: Inspection) -> Supervised:
    lines = frozenset(line.name for line in one.lines if line.remark.strip())
    return Supervised(school=one.school, on=one.held_on or one.due_on, kind=one.kind, lines=lines)
