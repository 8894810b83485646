"""Enter a training project for approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.registry_facts import read_district
from yanxiu_footing.stored import simple
from yanxiu_rulekit.errors import FactsRefused
from yanxiu_wire.credits import Project, ProposeProject
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.assess import assess_project
from yanxiu_credits.fact_refusals import fact_malformed, project_incomplete
from yanxiu_credits.law_facts import choices, read_project, read_values
from yanxiu_credits.laws import InForce
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger_state import is_closed
from yanxiu_credits.store.projects import add_project

MOST_TEXT = 200


async def ledger_broken(conn: AsyncConnection, district: str) -> Refused | None:
    """Return the refusal of a district whose ledger does not verify, whichever process found that out."""
    return refusals.ledger_broken(district) if await is_closed(conn, district) else None


async def propose_project(
    service: Service, district: str, command: ProposeProject, deadline: Deadline
) -> Project | Refused:
    """Enter a project in the state `proposed`; its facts must be ones the district's law lets a project fix.

    Refuses with TEXT_MALFORMED, DATE_OUT_OF_ORDER, FACT_MALFORMED, LAW_NOT_IN_FORCE, LAW_UNUSABLE, LEDGER_BROKEN, or
    what the law refuses of the project's own facts, with its clauses.
    """

    async def work(conn: AsyncConnection) -> Project | Refused:
        wrong = _form(command) or await ledger_broken(conn, district)
        if wrong is not None:
            return wrong
        today = service.clock.today()
        day, field = (command.starts_on, "starts_on") if command.starts_on else (today, "")
        law = service.laws.in_force(await read_district(conn, district), day, field=field)
        if isinstance(law, Refused):
            return law
        facts = read_values(law.pack, command.facts)
        wrong = project_facts_refused(law, facts, day)
        if wrong is not None:
            return wrong
        project = Project(
            id=str(uuid_utils.uuid7()),
            title=command.title.strip(),
            organiser=command.organiser.strip(),
            facts=simple(facts),
            state="proposed",
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            proposed_on=today,
            school=command.caller.school,
        )
        await add_project(conn, district, project, proposed_by=command.caller.subject)
        return project

    return await once(service.databases, district, command, Project, deadline, work)


def project_facts_refused(law: InForce, facts: Mapping[str, Any], on: date) -> Refused | None:
    """Return the refusal of a fact that this law does not let a project fix, or of a value that it does not admit."""
    try:
        read_project(law.pack, facts)
    except FactsRefused as wrong:
        allowed = tuple(sorted(law.credit.project_facts))
        return fact_malformed(
            f"facts.{wrong.field}", wrong.value, wrong.problem, allowed, choices(law.pack, wrong.field)
        )
    return assess_project(facts, on, law)


def lacking(law: InForce, project: str, facts: Mapping[str, Any]) -> Refused | None:
    """Return the refusal of a project that does not state yet what no record under it may state."""
    missing = law.credit.project_lacks(facts)
    return project_incomplete(project, missing) if missing else None


def _form(command: ProposeProject) -> Refused | None:
    for field, text, zh in (("title", command.title, "项目名称"), ("organiser", command.organiser, "主办单位")):
        if not text.strip() or len(text) > MOST_TEXT:
            return refusals.text_malformed(field, text, MOST_TEXT, named_zh=zh)
    if command.starts_on and command.ends_on and command.ends_on < command.starts_on:
        return refusals.dates_out_of_order(command.starts_on, command.ends_on)
    return None
