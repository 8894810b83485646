"""What the terms of researchers are judged on: the term, its teaching days, the law, the schools, all field work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_term, read_working_days
from yanxiu_footing.registry_facts import read_district, read_schools
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import SchoolChanged
from yanxiu_wire.researcher import Researcher, ResearcherChanged
from yanxiu_wire.term import Term

from yanxiu_visits import refusals
from yanxiu_visits.laws import InForce
from yanxiu_visits.minima.field_store import FieldWork, read_field_work
from yanxiu_visits.planning.make_problem import card_of
from yanxiu_visits.reporting.collect import papers_since
from yanxiu_visits.service import Service
from yanxiu_visits.store.facts import read_researchers


class Ground(Struct, frozen=True, kw_only=True):
    """Everything on file that terms are judged on, as of a day of the term (a day after it counts as its last)."""

    term: Term
    as_of: date
    over: bool
    law: InForce
    teaching_days: tuple[date, ...]
    schools: Mapping[str, SchoolChanged]
    researchers: Mapping[str, ResearcherChanged]
    work: FieldWork

    def serving(self) -> dict[str, Researcher]:
        """Return those who are researchers on any day of the term, by id."""
        return {id_: card for id_ in sorted(self.researchers) if (card := self.card(id_)) is not None}

    def card(self, researcher: str) -> Researcher | None:
        """Return a researcher's card in the term, None for one who is none on any day of it."""
        changed = self.researchers.get(researcher)
        card = None if changed is None else card_of(changed, self.term.ends_on)
        if card is None or card.begins_on > self.term.ends_on:
            return None
        return card if card.ends_on is None or card.ends_on >= self.term.starts_on else None


async def read_ground(
    service: Service, conn: AsyncConnection, district: str, term: str, as_of: date | None, researcher: str | None = None
) -> Ground | Refused:
    """Return the ground of a term; TERM_UNKNOWN, or what `Laws.in_force` refuses of its first day."""
    found = await read_term(conn, district, term)
    if found is None:
        return refusals.term_unknown(term)
    law = service.laws.in_force(await read_district(conn, district), found.starts_on, field="term")
    if isinstance(law, Refused):
        return law
    seen = as_of or service.clock.today()
    return Ground(
        term=found,
        as_of=min(max(seen, found.starts_on), found.ends_on),
        over=seen > found.ends_on,
        law=law,
        teaching_days=await read_working_days(conn, district, found.starts_on, found.ends_on),
        schools=await read_schools(conn, district),
        researchers=await read_researchers(conn, district),
        work=await read_field_work(
            conn,
            district,
            found.id,
            (found.starts_on, found.ends_on),
            papers_since=papers_since(found, law),
            researcher=researcher,
        ),
    )
