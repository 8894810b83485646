"""Publish a draft as its form's next version."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.forms import Form, PublishForm
from yanxiu_wire.refusal import Refused

from yanxiu_visits.recording.form_store import add_version, read_draft, read_versions
from yanxiu_visits.recording.refusals import draft_missing
from yanxiu_visits.service import Service


async def publish_form(service: Service, district: str, command: PublishForm, deadline: Deadline) -> Form | Refused:
    """Publish; from now on this version never changes, and answers on earlier ones stay what they are."""

    async def work(conn: AsyncConnection) -> Form | Refused:
        draft = await read_draft(conn, district, command.name)
        versions = await read_versions(conn, district, command.name)
        newest = versions[-1] if versions else None
        if draft is None or (newest and (newest.title, newest.fields) == (draft.title, draft.fields)):
            return draft_missing(command.name)
        version = newest.version + 1 if newest else 1
        published = msgspec.structs.replace(
            draft,
            id=f"{draft.name}.{version}",
            version=version,
            published_on=service.clock.today(),
            published_by=command.caller.subject,
        )
        await add_version(conn, district, published)
        return msgspec.structs.replace(published, current=True)

    return await once(service.databases, district, command, Form, deadline, work)
