"""A plan that is followed live: it is told as a draft, while the planner works, and when it has ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yanxiu_wire import rotation_plan as wire

from tests.conftest import NatsServer
from tests.services.credits.standings.live import gate
from tests.services.visits.planning.test_plans import contents, draft, ground

__all__ = ["ground"]

FOLLOWED = "subscription($t: ID!) { rotationPlanChanged(id: $t) { state score gap progress { step best bound } } }"


async def test_who_follows_a_plan_hears_of_every_state_until_it_is_planned(
    ground: Any, quick_nats: NatsServer, tmp_path: Path
) -> None:
    plan = await draft(ground)
    async with gate(quick_nats.url, tmp_path / "keys") as door, door.socket(door.token(ground.officer)) as mine:
        await mine.subscribe(plan.id, FOLLOWED)
        assert (await told(mine))["state"] == "DRAFT"
        start = wire.StartPlanning(caller=ground.officer, key=ground.key(), plan=plan.id)
        await ground.call(wire.START_PLANNING, start)
        states: list[str] = []
        while not states or states[-1] in ("DRAFT", "PLANNING"):
            last = await told(mine)
            states.append(last["state"])
        assert states[-1] == "PLANNED"
        assert last["gap"] == 0
        assert last["score"] == sum(part.points for part in (await contents(ground, plan.id)).parts)
        researcher = door.token(ground.researcher("r1"))
        async with door.socket(researcher) as other:
            await other.subscribe(plan.id, FOLLOWED)
            assert "errors" in (await other.next())["payload"]


async def told(watcher: Any) -> dict[str, Any]:
    message = await watcher.next(60)
    assert message["type"] == "next", message
    assert "errors" not in message["payload"], message
    return message["payload"]["data"]["rotationPlanChanged"]
