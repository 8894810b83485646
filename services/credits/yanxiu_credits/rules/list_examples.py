"""A page of a pack's worked examples."""

from __future__ import annotations

from yanxiu_footing import paging
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rules import ExamplePage, ListExamples

from yanxiu_credits.rules import refusals
from yanxiu_credits.rules.examples import about, examples_of
from yanxiu_credits.service import Service


async def list_examples(
    service: Service, _district: str, query: ListExamples, _deadline: Deadline
) -> ExamplePage | Refused:
    """Return the page; none of a pack that is installed without its cases. Refuses with RULE_PACK_UNKNOWN."""
    pack = service.laws.pack_of(query.jurisdiction)
    if pack is None:
        return refusals.pack_unknown("jurisdiction", query.jurisdiction, service.laws.jurisdictions())
    after = paging.number(query.page.after)
    if isinstance(after, Refused):
        return after
    refused = paging.bounded(query.page)
    if refused is not None:
        return refused
    found = [
        one
        for one in (examples_of(pack) if query.clause is None else about(pack, query.clause))
        if query.kind in (None, one.kind)
    ]
    rows = found[after : after + query.page.first]
    return ExamplePage(
        items=tuple(rows),
        cursors=tuple(paging.cursor(after + place) for place in range(1, len(rows) + 1)),
        has_next=len(found) > after + len(rows),
        total=len(found),
    )
