"""Tasks and jobs that are followed live: a step taken by one is another's task at once, a job tells how it goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yanxiu_gateway.budgets import Allowed
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_wire.jobs import START_JOB, StartJob

from tests.services.credits.standings.live import gate
from tests.services.credits.workflow.conftest import Town
from tests.services.credits.workflow.test_delegation import delegate

TASKS = "subscription { tasksChanged(first: 20) { totalCount edges { node { workflow step { name } } } } }"
JOB = "subscription($t: ID!) { jobChanged(id: $t) { state done total } }"


async def test_a_plan_declared_is_a_task_of_who_reviews_it_at_once(
    town: Town, nats_server: Any, tmp_path: Path
) -> None:
    async with gate(nats_server.url, tmp_path / "keys") as door, door.socket(door.token(town.institute)) as mine:
        await mine.subscribe("", TASKS)
        assert "review" not in steps(await told(mine))
        await town.declare(await town.school_project())
        assert "review" in steps(await told(mine))


async def test_who_acts_for_somebody_of_another_school_hears_of_it_at_once(
    town: Town, nats_server: Any, tmp_path: Path
) -> None:
    await delegate(town, town.institute, town.other_leader.subject)
    async with gate(nats_server.url, tmp_path / "keys") as door, door.socket(door.token(town.other_leader)) as his:
        await his.subscribe("", TASKS)
        before = steps(await told(his)).count("review")
        await town.declare(await town.school_project())
        assert steps(await told(his)).count("review") == before + 1


async def test_a_follower_pays_for_each_look_until_his_budget_is_used_up(
    town: Town, nats_server: Any, tmp_path: Path
) -> None:
    # The twenty tasks cost 61: enough for the question, not for a look after it.
    once = Allowed(operation=75, caller=75, district=10_000)
    async with (
        gate(nats_server.url, tmp_path / "keys", allowed=once) as door,
        door.socket(door.token(town.institute)) as mine,
    ):
        await mine.subscribe("", TASKS)
        await told(mine)
        await town.declare(await town.school_project())
        message = await mine.next(30)
        assert message["payload"]["errors"][0]["extensions"]["code"] == "BUDGET_EXCEEDED", message
        assert (await mine.next(30))["type"] == "complete"


async def test_who_follows_a_job_hears_when_it_is_done(town: Town, nats_server: Any, tmp_path: Path) -> None:
    started = await town.call(START_JOB, StartJob(caller=town.department, key=town.key(), kind="verify"))
    async with gate(nats_server.url, tmp_path / "keys") as door, door.socket(door.token(town.department)) as mine:
        await mine.subscribe(global_id("Job", started.id), JOB)
        last = await told(mine)
        while last["jobChanged"]["state"] == "RUNNING":
            last = await told(mine)
        assert last["jobChanged"]["state"] == "DONE"
        assert last["jobChanged"]["done"] == last["jobChanged"]["total"] > 0


def steps(data: dict[str, Any]) -> list[str]:
    return [one["node"]["step"]["name"] for one in data["tasksChanged"]["edges"]]


async def told(watcher: Any) -> dict[str, Any]:
    message = await watcher.next(30)
    assert message["type"] == "next", message
    assert "errors" not in message["payload"], message
    return message["payload"]["data"]
