"""Enter or correct a term."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.term import SetTerm, Term

from yanxiu_registry.announce import announce_term
from yanxiu_registry.assess_term import term_faults, term_of
from yanxiu_registry.context import Registry
from yanxiu_registry.refusals import refused
from yanxiu_registry.store.terms import all_terms, save_term


async def set_term(registry: Registry, district: str, command: SetTerm, deadline: Deadline) -> Term | Refused:
    """The term; refused: VALUE_INVALID, DATE_OUT_OF_ORDER, TERM_OVERLAP."""

    async def work(conn: AsyncConnection) -> Term | Refused:
        terms = await all_terms(conn, district)
        new = term_of(command, terms)
        if faults := term_faults(new, terms):
            return refused(*faults)
        await save_term(conn, district, new, registry.stamp(command.caller))
        await announce_term(conn, district, new)
        return new

    return await once(registry.dbs, district, command, Term, deadline, work)
