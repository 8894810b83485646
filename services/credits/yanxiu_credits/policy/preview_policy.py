"""Try a draft law on the district's real data: enter a preview and the job that computes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.clock import to_us
from yanxiu_footing.registry_facts import read_district
from yanxiu_footing.stored import canonical
from yanxiu_rulekit import outcome
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.policy import Preview, PreviewPolicy
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District

from yanxiu_credits import refusals
from yanxiu_credits.jobs.cut import cut_by_school
from yanxiu_credits.jobs.enqueue import enqueue
from yanxiu_credits.laws import InForce, Laws
from yanxiu_credits.policy.draft import DraftLaws, drafted
from yanxiu_credits.policy.read_previews import read_previews
from yanxiu_credits.policy.snapshot import fingerprint
from yanxiu_credits.policy.tables import preview
from yanxiu_credits.service import Service
from yanxiu_credits.standings.periods import period_and_law
from yanxiu_credits.store.ledger import read_head

KIND = "preview"


class Drawn(msgspec.Struct, frozen=True):
    """A draft, ready to judge by: its laws, the district, and the period under the draft and under the present law."""

    laws: DraftLaws
    district: District
    period: outcome.Period
    law: InForce
    present: InForce


async def preview_policy(
    service: Service, district: str, command: PreviewPolicy, deadline: Deadline
) -> Preview | Refused:
    """Enter a preview; it is computed by a job in parts. Nothing but the preview itself is ever written.

    Refuses with LAW_NOT_IN_FORCE, LAW_UNUSABLE, DRAFT_UNKNOWN, DRAFT_VALUE_REFUSED, SETTING_REFUSED or PERIOD_UNKNOWN.
    """

    async def work(conn: AsyncConnection) -> Preview | Refused:
        known = await read_district(conn, district)
        drawn = draw(service.laws, known, command, service.clock.today())
        if isinstance(drawn, Refused):
            return drawn
        day = min(drawn.period.end, service.clock.today())
        parts = await cut_by_school(conn, district, day)
        preview_id = str(uuid_utils.uuid7())
        job = await enqueue(
            conn,
            service,
            district,
            KIND,
            [{"preview": preview_id, **part} for part in parts],
            command.caller,
            last={"preview": preview_id},
            about={"preview": preview_id, "period": drawn.period.label},
        )
        row = await _row(service, conn, district, command, drawn)
        await conn.execute(sa.insert(preview), {**row, "id": preview_id, "job": job})
        return (await read_previews(conn, district, [preview_id]))[preview_id]

    return await once(service.databases, district, command, Preview, deadline, work)


def draw(laws: Laws, known: District | None, asked: PreviewPolicy, today: date) -> Drawn | Refused:
    """Return the draft with the period that it judges; the law of a period is that of its last day, or of today."""
    if known is None:
        return refusals.law_not_in_force(asked.since)
    found = drafted(laws, known, asked)
    if isinstance(found, Refused):
        return found
    draft, _ = found
    chosen = period_and_law(draft, known, asked.kind, asked.on, today)
    before = period_and_law(laws, known, asked.kind, asked.on, today)
    for one in (chosen, before):
        if isinstance(one, Refused):
            return one
    period, law = chosen  # type: ignore[misc]  # refusals were returned above
    return Drawn(draft, known, period, law, before[1])  # type: ignore[index]  # likewise


async def _row(
    service: Service, conn: AsyncConnection, district: str, command: PreviewPolicy, drawn: Drawn
) -> Mapping[str, Any]:
    head_seq, head_hash = await read_head(conn, district)
    kept = {name: value for name, value in msgspec.to_builtins(command).items() if name not in ("caller", "key")}
    return {
        "district": district,
        "state": "running",
        "draft": canonical(kept),
        "law": canonical(drawn.laws.key),
        "since": command.since,
        "kind": drawn.period.kind,
        "label": drawn.period.label,
        "starts_on": drawn.period.start,
        "ends_on": drawn.period.end,
        "hours_unit": drawn.law.credit.hours_unit,
        "credits_unit": drawn.law.credit.credits_unit,
        "head_seq": head_seq,
        "head_hash": head_hash,
        "facts": await fingerprint(conn, district),
        "today": service.clock.today(),
        "asked_by": command.caller.subject,
        "created_us": to_us(service.clock.now()),
    }
