"""Batched reads of areas, researchers and groups, for one caller in one request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any

from yanxiu_wire import area as wire_area
from yanxiu_wire import leading_group as wire_leading
from yanxiu_wire import research_group as wire_group
from yanxiu_wire import researcher as wire_researcher
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline

from yanxiu_gateway.ahead import Following
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.errors import granted
from yanxiu_gateway.execution.gathering import Gathered

BATCH = 500


class PeopleReads:
    """What the fields about areas, researchers and groups ask of the registry; `count` bounds the rows of a request."""

    def __init__(self, backend: Backend, caller: Caller, deadline: Deadline, count: Callable[[int], None]) -> None:
        self._backend = backend
        self._caller = caller
        self._deadline = deadline
        self._loaders: dict[tuple[str, date | None], Gathered[str, Any]] = {}
        self.count = count

    def area(self, area: str, as_of: date | None) -> Awaitable[wire_area.Area | None]:
        """An area as of a date (default today)."""
        return self.areas_by_id(as_of).load(area)

    def areas_by_id(self, as_of: date | None) -> Gathered[str, wire_area.Area | None]:
        """Areas as of a date."""

        key = ("area", as_of)
        if key not in self._loaders:
            query = wire_area.GetAreas(caller=self._caller, ids=(), as_of=as_of)
            self._loaders[key] = Following(self._backend.get_areas, query, self._deadline, into="ids", size=BATCH)
        return self._loaders[key]

    async def areas(self, as_of: date | None) -> Sequence[wire_area.Area | None]:
        """The areas that there are on a day."""
        query = wire_area.ListAreas(caller=self._caller, as_of=as_of)
        return granted(await self._backend.list_areas(query, deadline=self._deadline)).items

    async def researcher(self, researcher: str, as_of: date | None) -> wire_researcher.Researcher | None:
        """A researcher by the teacher's id."""

        async def ask(ids: list[str]) -> Sequence[wire_researcher.Researcher | None]:
            query = wire_researcher.GetResearchers(caller=self._caller, ids=tuple(ids), as_of=as_of)
            return granted(await self._backend.get_researchers(query, deadline=self._deadline)).items

        return await self._loader("researcher", as_of, ask).load(researcher)

    async def researchers(self, **asked: Any) -> wire_researcher.ResearcherPage:
        """A page of researchers."""
        query = wire_researcher.ListResearchers(caller=self._caller, **asked)
        self.count(query.page.first)
        return granted(await self._backend.list_researchers(query, deadline=self._deadline))

    async def research_group(self, group: str, as_of: date | None) -> wire_group.ResearchGroup | None:
        """A research group."""

        async def ask(ids: list[str]) -> Sequence[wire_group.ResearchGroup | None]:
            query = wire_group.GetResearchGroups(caller=self._caller, ids=tuple(ids), as_of=as_of)
            return granted(await self._backend.get_research_groups(query, deadline=self._deadline)).items

        return await self._loader("research group", as_of, ask).load(group)

    async def research_groups(self, **asked: Any) -> wire_group.ResearchGroupPage:
        """A page of research groups."""
        query = wire_group.ListResearchGroups(caller=self._caller, **asked)
        self.count(query.page.first)
        return granted(await self._backend.list_research_groups(query, deadline=self._deadline))

    async def leading_group(self, group: str, as_of: date | None) -> wire_leading.LeadingGroup | None:
        """A leading group."""

        async def ask(ids: list[str]) -> Sequence[wire_leading.LeadingGroup | None]:
            query = wire_leading.GetLeadingGroups(caller=self._caller, ids=tuple(ids), as_of=as_of)
            return granted(await self._backend.get_leading_groups(query, deadline=self._deadline)).items

        return await self._loader("leading group", as_of, ask).load(group)

    async def leading_groups(self, **asked: Any) -> wire_leading.LeadingGroupPage:
        """A page of leading groups."""
        query = wire_leading.ListLeadingGroups(caller=self._caller, **asked)
        self.count(query.page.first)
        return granted(await self._backend.list_leading_groups(query, deadline=self._deadline))

    def _loader(self, noun: str, as_of: date | None, ask: Any) -> Gathered[str, Any]:
        if (noun, as_of) not in self._loaders:
            self._loaders[noun, as_of] = Gathered(ask, BATCH)
        return self._loaders[noun, as_of]
