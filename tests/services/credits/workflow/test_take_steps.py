"""One officer takes the same step for every school: a job whose parts are the schools, each whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

from yanxiu_wire import workflow as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.jobs import GET_JOBS, GetJobs, Job

from tests.services.credits.workflow.conftest import IN_YEAR, Town

Error = Callable[[Any, str], Any]
PATIENCE = 30.0


async def take_all(town: Town, caller: Caller, step: str = "recognise", **more: Any) -> Any:
    command = wire.TakeSteps(caller=caller, key=town.key(), workflow="recognition", step=step, **more)
    return await town.call(wire.TAKE_STEPS, command)


async def ended(town: Town, job: Job) -> Job:
    """Ask until the job has ended: its parts are woken over the bus and tell no caller."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = (await town.call(GET_JOBS, GetJobs(caller=town.department, ids=(job.id,)))).items[0]
            if found.state != "running":
                return found
            await asyncio.sleep(0.05)


async def both_submitted(town: Town) -> list[str]:
    """The recognition of 2024 of both schools, submitted on 10 March 2025."""
    await town.register("t1", facts={"hours": "80"})
    await town.register("t9", facts={"hours": "10"})
    town.clock.day = date(2025, 3, 3)
    made = []
    for leader in (town.leader, town.other_leader):
        opened = await town.open(leader, "recognition", on=IN_YEAR)
        made.append(await town.take(leader, opened, "publicise"))
    town.clock.day = date(2025, 3, 10)
    for leader, one in zip((town.leader, town.other_leader), made, strict=True):
        assert (await town.take(leader, one, "submit")).state == "submitted"
    return [one.id for one in made]


async def test_the_results_of_all_schools_are_recognised_by_one_command(town: Town) -> None:
    processes = await both_submitted(town)
    job = await ended(town, await take_all(town, town.institute, period="2024"))
    assert (job.state, job.total, job.done, job.problems) == ("done", 2, 2, ())
    for process in processes:
        shown = await town.show(process)
        assert (shown.state, shown.signatures[-1].subject) == ("recognised", "institute")
    entries = [row["teacher"] for row in await town.rows("ledger") if row["kind"] == "recognition"]
    assert sorted(entries) == ["t1", "t2", "t9"]
    again = await ended(town, await take_all(town, town.institute))
    assert again.total == 0


async def test_what_one_school_is_refused_stops_no_other(town: Town) -> None:
    first, second = await both_submitted(town)
    await town.register("t9", on=date(2024, 9, 1), facts={"hours": "70"})
    job = await ended(town, await take_all(town, town.institute))
    assert (job.state, job.done, job.failed) == ("failed", 1, 1)
    assert [one.reason.code for one in job.problems] == ["RESULT_CHANGED"]
    assert [(await town.show(one)).state for one in (first, second)] == ["recognised", "submitted"]


async def test_only_whose_step_it_is_takes_it_for_all(town: Town, error_of: Error) -> None:
    await both_submitted(town)
    for caller in (town.leader, town.department, town.teacher):
        error_of(await take_all(town, caller), "STEP_NOT_YOURS")
    error_of(await take_all(town, town.institute, "celebrate"), "STEP_UNKNOWN")
    # A leader's step is taken for the own school alone.
    elsewhere = await take_all(town, town.person("third", "school-leader", school="school-3"), "submit")
    assert elsewhere.total == 0
