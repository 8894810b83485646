"""The district's forms: the newest of each, every version of one, or versions by id."""

from __future__ import annotations

from yanxiu_footing.paging import few_enough
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.forms import Form, Forms, GetForms, ListForms
from yanxiu_wire.refusal import Refused

from yanxiu_visits.recording.form_store import read_drafts, read_forms, read_versions
from yanxiu_visits.scope import OFFICERS
from yanxiu_visits.service import Service


async def list_forms(service: Service, district: str, query: ListForms, _deadline: Deadline) -> Forms | Refused:
    """Return the newest version of each form, or all of one; drafts are for officers alone."""
    async with service.databases.read(district) as conn:
        versions = await read_versions(conn, district, query.name)
        drafts = await read_drafts(conn, district) if query.drafts and query.caller.role in OFFICERS else []
    kept = [one for one in versions if query.name is not None or one.current]
    return Forms(items=(*kept, *(one for one in drafts if query.name in (None, one.name))))


async def get_forms(service: Service, district: str, query: GetForms, _deadline: Deadline) -> Forms | Refused:
    """Return versions in the order asked for, None where unknown; drafts, too, are for officers alone."""
    refused = few_enough("ids", query.ids)
    if refused is not None:
        return refused
    async with service.databases.read(district) as conn:
        found: dict[str, Form] = dict(await read_forms(conn, district, query.ids))
        if query.caller.role in OFFICERS and not found.keys() >= set(query.ids):
            found |= {one.id: one for one in await read_drafts(conn, district)}
    return Forms(items=tuple(found.get(one) for one in query.ids))
