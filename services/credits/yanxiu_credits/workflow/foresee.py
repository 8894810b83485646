"""Judge a process's teachers before the transaction that takes its step, so that nobody waits for the judging."""

from __future__ import annotations

from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_wire.refusal import Refused

from yanxiu_credits.service import Service
from yanxiu_credits.standings.known import last_fact
from yanxiu_credits.standings.rows import law_digest
from yanxiu_credits.store.ledger import last_seq
from yanxiu_credits.workflow.foreseen import Foreseen
from yanxiu_credits.workflow.judge_many import judge_many
from yanxiu_credits.workflow.results import judging, teachers_of
from yanxiu_credits.workflow.store import read_processes
from yanxiu_credits.workflow.tables import process

_JUDGED_BY = ("recognise", "open_publicity")


async def foresee(service: Service, district: str, process_id: str, step_name: str) -> Foreseen | None:
    """Return the standings that the step will need, as of one state of the database; None where it needs none.

    Whatever would refuse the step refuses it in the transaction: here it only means that nothing is foreseen.
    """
    today = service.clock.today()
    async with service.databases.read(district) as conn:
        row = (await read_processes(conn, process.c.district == district, [process_id])).get(process_id)
        bound = service.laws.bound(await read_district(conn, district), row.law_on) if row is not None else None
        if row is None or bound is None or isinstance(bound, Refused) or row.its_period is None:
            return None
        workflow, law, period = bound.pack.workflows.get(row.workflow), judging(bound), row.its_period
        step = workflow.step(step_name) if workflow is not None else None
        if step is None or step.effect not in _JUDGED_BY or isinstance(law, Refused):
            return None
        # Read first: what comes between this and the lines is judged again, never overlooked.
        seq, facts = await last_seq(conn, district), await last_fact(conn, district)
        teachers = await teachers_of(conn, district, row.school, min(period.end, today))
        try:
            standings = await judge_many(conn, service, district, law, period, teachers)
        except RuleNotInForce:
            return None
    return Foreseen(
        law=law_digest(law),
        period=period,
        today=today,
        seq=seq,
        facts=facts,
        asked=frozenset(teachers),
        standings=standings,
    )
