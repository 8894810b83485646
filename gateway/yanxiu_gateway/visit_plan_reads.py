"""Batched reads of rotation plans and residencies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from strawberry.dataloader import DataLoader
from yanxiu_wire import residency as wire_residency
from yanxiu_wire import rotation_plan as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_gateway.backend import Backend
from yanxiu_gateway.errors import granted
from yanxiu_gateway.execution.gathering import Gathered

BATCH = 500
CONTENTS_BATCH = 50


class VisitPlanReads:
    """The reads of one caller in one request; equal questions are asked once."""

    def __init__(self, backend: Backend, caller: Caller, deadline: Deadline, count: Callable[[int], None]) -> None:
        self._backend = backend
        self._caller = caller
        self._deadline = deadline
        self._count = count
        self._plans: DataLoader[str, Any] = DataLoader(load_fn=self._ask_plans, max_batch_size=BATCH)
        self._contents: Gathered[str, Any] = Gathered(self._ask_contents, CONTENTS_BATCH, prefixes=True)
        self._residencies: DataLoader[str, Any] = DataLoader(load_fn=self._ask_residencies, max_batch_size=BATCH)

    async def plan(self, plan: str) -> wire.RotationPlan | None:
        """A plan, None where it does not exist for this caller."""
        return await self._plans.load(plan)

    async def contents(self, plan: str) -> wire.PlanContents:
        """What a plan holds; the service answers with as many at a time as a message holds."""
        return granted(await self._contents.load(plan))

    async def residency(self, residency: str) -> wire_residency.Residency | None:
        """A residency, None where it does not exist for this caller."""
        return await self._residencies.load(residency)

    async def plans(self, **asked: Any) -> wire.RotationPlanPage:
        """A page of plans."""
        query = wire.ListRotationPlans(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_rotation_plans(query, deadline=self._deadline))

    async def residencies(self, **asked: Any) -> wire_residency.ResidencyPage:
        """A page of residencies."""
        query = wire_residency.ListResidencies(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_residencies(query, deadline=self._deadline))

    async def _ask_plans(self, ids: list[str]) -> Sequence[wire.RotationPlan | None]:
        query = wire.GetRotationPlans(caller=self._caller, ids=tuple(ids))
        return granted(await self._backend.get_rotation_plans(query, deadline=self._deadline)).items

    async def _ask_contents(self, plans: list[str]) -> Sequence[wire.PlanContents | Refused]:
        query = wire.GetContentsOfPlans(caller=self._caller, plans=tuple(plans))
        return granted(await self._backend.get_contents_of_plans(query, deadline=self._deadline)).items

    async def _ask_residencies(self, ids: list[str]) -> Sequence[wire_residency.Residency | None]:
        query = wire_residency.GetResidencies(caller=self._caller, ids=tuple(ids))
        return granted(await self._backend.get_residencies(query, deadline=self._deadline)).items
