"""Batched reads of supervision: draws and inspections by id, pages, and the standing of a school year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from strawberry.dataloader import DataLoader
from yanxiu_wire import supervision as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline

from yanxiu_gateway.backend import Backend
from yanxiu_gateway.errors import granted

BATCH = 200


class SupervisionReads:
    """The reads of one caller in one request; equal questions are asked once."""

    def __init__(self, backend: Backend, caller: Caller, deadline: Deadline, count: Callable[[int], None]) -> None:
        self._backend = backend
        self._caller = caller
        self._deadline = deadline
        self._count = count
        self._draws: DataLoader[str, Any] = DataLoader(load_fn=self._ask_draws, max_batch_size=BATCH)
        self._inspections: DataLoader[str, Any] = DataLoader(load_fn=self._ask_inspections, max_batch_size=BATCH)

    async def draw(self, draw: str) -> wire.SupervisionDraw | None:
        """A draw, None where there is none."""
        return await self._draws.load(draw)

    async def inspection(self, inspection: str) -> wire.Inspection | None:
        """An inspection, None where it does not exist for this caller."""
        return await self._inspections.load(inspection)

    async def teams(self, **asked: Any) -> wire.SupervisionTeamPage:
        """A page of teams."""
        query = wire.ListTeams(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_teams(query, deadline=self._deadline))

    async def draws(self, **asked: Any) -> wire.SupervisionDrawPage:
        """A page of draws."""
        query = wire.ListDraws(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_draws(query, deadline=self._deadline))

    async def inspections(self, **asked: Any) -> wire.InspectionPage:
        """A page of inspections."""
        query = wire.ListInspections(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_inspections(query, deadline=self._deadline))

    async def standing(self, school_year: str) -> wire.SupervisionStanding:
        """How a school year's supervisions stand."""
        query = wire.GetSupervisionStanding(caller=self._caller, school_year=school_year)
        return granted(await self._backend.get_supervision_standing(query, deadline=self._deadline))

    async def _ask_draws(self, ids: list[str]) -> Sequence[wire.SupervisionDraw | None]:
        query = wire.GetDraws(caller=self._caller, ids=tuple(ids))
        return granted(await self._backend.get_draws(query, deadline=self._deadline)).items

    async def _ask_inspections(self, ids: list[str]) -> Sequence[wire.Inspection | None]:
        query = wire.GetInspections(caller=self._caller, ids=tuple(ids))
        return granted(await self._backend.get_inspections(query, deadline=self._deadline)).items
