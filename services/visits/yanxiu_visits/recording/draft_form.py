"""Draft a form, or its next version."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.forms import DraftForm, Form
from yanxiu_wire.refusal import Refused

from yanxiu_visits.recording.assess_form import assess_fields, is_name
from yanxiu_visits.recording.form_store import put_draft
from yanxiu_visits.recording.refusals import field_malformed
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text


async def draft_form(service: Service, district: str, command: DraftForm, deadline: Deadline) -> Form | Refused:
    """Store the draft whole; nobody fills it in before it is published."""
    wrong = assess_fields(command.fields)
    if not is_name(command.name):
        said = "表格代号须为小写英文字母开头，如lesson。", "A form's name such as lesson is needed."
        wrong = (field_malformed("name", command.name, *said), *wrong)
    if wrong:
        return Refused(errors=wrong)
    refused = assess_text("title", command.title, most=200)
    if refused is not None:
        return refused
    draft = Form(
        id=f"{command.name}.0", name=command.name, title=command.title, version=0, fields=command.fields
    )  # fmt: skip

    async def work(conn: AsyncConnection) -> Form:
        await put_draft(conn, district, draft)
        return draft

    return await once(service.databases, district, command, Form, deadline, work)
