"""What several processes make public, a page of each."""

from __future__ import annotations

from yanxiu_footing.paging import bounded, few_enough, key_of
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import GetPublicLists, PublicLists

from yanxiu_credits.service import Service
from yanxiu_credits.workflow import refusals as no
from yanxiu_credits.workflow.list_public_lines import lists_of


async def get_public_lists(
    service: Service, district: str, query: GetPublicLists, _deadline: Deadline
) -> PublicLists | Refused:
    """Return a page of the newest public list of each process, as `list-public-lines` does of one.

    PROCESS_UNKNOWN stands for a process that the caller may not see. The processes themselves are read at once; a list
    is read by its own statements, for each is paged by itself.
    """
    refused = bounded(query.page) or few_enough("processes", query.processes)
    if refused is not None:
        return refused
    key = key_of(query.page.after, 1) if query.page.after is not None else [None]
    if isinstance(key, Refused):
        return key
    found = await lists_of(service, district, query.caller, query.processes, first=query.page.first, after=key[0])
    return PublicLists(pages=tuple(found.get(one) or no.process_unknown(one) for one in query.processes))
