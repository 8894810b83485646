"""A process as it stands in a transaction: its row, law, signatures, objections and projects, read together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.laws import Bound
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.workflow import Moment, Workflow
from yanxiu_wire.caller import Caller
from yanxiu_wire.refusal import Refused

from yanxiu_credits.service import Service
from yanxiu_credits.workflow import refusals as no
from yanxiu_credits.workflow import refusals_of_people as people
from yanxiu_credits.workflow.acting import actor_of, reaches
from yanxiu_credits.workflow.assess_step import Actor, Situation
from yanxiu_credits.workflow.foreseen import Foreseen
from yanxiu_credits.workflow.publicity_store import Raised, Round, newest_rounds, objections_of
from yanxiu_credits.workflow.signing import Stored
from yanxiu_credits.workflow.store import Row, projects_of, read_process, signatures_of
from yanxiu_credits.workflow.windows import moment_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A process with all that a step depends on; `actor` is who asks, in the role in which he acts.

    `foreseen` are standings that were judged before the transaction, where somebody did.
    """

    row: Row
    workflow: Workflow
    law: Bound
    moment: Moment
    chain: tuple[Stored, ...]
    objections: tuple[Raised, ...]
    round: Round | None
    projects: tuple[str, ...]
    actor: Actor
    caller: Caller
    today: date
    foreseen: Foreseen | None = None

    @property
    def situation(self) -> Situation:
        """What the judging of a step sees of it."""
        return Situation(
            state=self.row.state,
            version=self.row.version,
            school=self.row.school or None,
            signatures=tuple(one.signed for one in self.chain),
            open_objections=sum(one.state == "open" for one in self.objections),
        )


async def load(
    conn: AsyncConnection, service: Service, district: str, caller: Caller, process: str, on_behalf_of: str | None
) -> Running | Refused:
    """Read a process for somebody who wants to act on it.

    Refuses with PROCESS_UNKNOWN (out of scope too), DELEGATION_* or LAW_UNUSABLE.
    """
    today = service.clock.today()
    actor = await actor_of(conn, district, caller, on_behalf_of, today)
    if isinstance(actor, Refused):
        return actor
    row = await read_process(conn, district, process)
    if row is None or not reaches(actor, row):
        return no.process_unknown(process)
    if not actor.covers(row.workflow):
        return people.delegation_narrower(actor, row.workflow)
    (found,) = await gather(conn, service, district, [row], caller, actor)
    return found


async def gather(
    conn: AsyncConnection, service: Service, district: str, rows: list[Row], caller: Caller, actor: Actor
) -> list[Running | Refused]:
    """Read what several processes' steps depend on, in a fixed number of statements and one more for each period."""
    ids, bound = [row.id for row in rows], await read_district(conn, district)
    chains = await signatures_of(conn, district, ids)
    objections = await objections_of(conn, district, ids)
    rounds = await newest_rounds(conn, district, ids)
    projects = await projects_of(conn, district, ids)
    laws = {day: service.laws.bound(bound, day) for day in {row.law_on for row in rows}}
    moments: dict[tuple[str, date], Moment] = {}
    found: list[Running | Refused] = []
    for row in rows:
        law = laws[row.law_on]
        if isinstance(law, Refused):
            found.append(law)
            continue
        workflow = law.pack.workflows.get(row.workflow)
        if workflow is None or row.state not in {name for name, _, _ in workflow.states}:
            found.append(no.workflow_unknown(row.workflow, law.pack.workflows))
            continue
        key = (row.period, row.entered)
        if key not in moments:
            moments[key] = await moment_of(conn, district, row.its_period, row.entered)
        found.append(
            Running(
                row=row,
                workflow=workflow,
                law=law,
                moment=moments[key],
                chain=chains.get(row.id, ()),
                objections=tuple(objections.get(row.id, ())),
                round=rounds.get(row.id),
                projects=projects.get(row.id, ()),
                actor=actor,
                caller=caller,
                today=service.clock.today(),
            )
        )
    return found
