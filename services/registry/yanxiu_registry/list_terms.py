"""Answer the district's terms."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.term import ListTerms, Terms

from yanxiu_registry.context import Registry
from yanxiu_registry.store.terms import all_terms


async def list_terms(registry: Registry, district: str, query: ListTerms, deadline: Deadline) -> Terms | Refused:
    """The terms, oldest first; as of a day, those that had begun by then, so that the last one is the day's own.

    A term is corrected in place: what is answered is the calendar as it now stands.
    """
    deadline.check()
    async with registry.dbs.read(district) as conn:
        terms = await all_terms(conn, district)
    return Terms(items=tuple(one for one in terms if query.as_of is None or one.starts_on <= query.as_of))
