"""Batched reads of previews of a draft law: themselves, their schools, their teachers, their records."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from yanxiu_wire import policy as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page

from yanxiu_gateway.backend import Backend
from yanxiu_gateway.errors import granted
from yanxiu_gateway.execution.gathering import Gathered

PREVIEWS_BATCH = 200
# The sums of a preview's schools take some fifty kilobytes, a line with its causes one at most.
SCHOOLS_BATCH = 10
LINES_BATCH = 500


class PolicyReads:
    """The reads of one caller in one request; equal questions are asked once."""

    def __init__(self, backend: Backend, caller: Caller, deadline: Deadline, count: Callable[[int], None]) -> None:
        self._backend = backend
        self._caller = caller
        self._deadline = deadline
        self._count = count
        self._previews: Gathered[str, wire.Preview | None] = Gathered(self._ask_previews, PREVIEWS_BATCH)
        self._schools: Gathered[str, wire.PreviewSchools] = Gathered(self._ask_schools, SCHOOLS_BATCH)
        self._pages: dict[Hashable, Gathered[str, Any]] = {}

    async def preview(self, preview: str) -> wire.Preview | None:
        """A preview, None where it does not exist for this caller."""
        return await self._previews.load(preview)

    async def previews(self, page: Page) -> wire.PreviewPage:
        """A page of the district's previews."""
        self._count(page.first)
        query = wire.ListPreviews(caller=self._caller, page=page)
        return granted(await self._backend.list_previews(query, deadline=self._deadline))

    async def schools(self, preview: str) -> Sequence[wire.PreviewSchool]:
        """The sums of a preview by school."""
        return granted(await self._schools.load(preview)).items

    async def lines(
        self, preview: str, page: Page, effects: tuple[wire.Effect, ...], school: str | None
    ) -> wire.PreviewLinePage:
        """A page of a preview's teachers."""
        self._count(page.first)

        async def ask(previews: list[str]) -> Sequence[Any]:
            query = wire.GetPreviewLines(
                caller=self._caller, previews=tuple(previews), page=page, effects=effects, school=school
            )
            return granted(await self._backend.get_preview_lines(query, deadline=self._deadline)).pages

        return granted(await self._paged(("lines", page, effects, school), ask, page).load(preview))

    async def records(self, preview: str, page: Page, teacher: str | None) -> wire.PreviewedRecordPage:
        """A page of the records that a preview changes."""
        self._count(page.first)

        async def ask(previews: list[str]) -> Sequence[Any]:
            query = wire.GetPreviewedRecords(caller=self._caller, previews=tuple(previews), page=page, teacher=teacher)
            return granted(await self._backend.get_previewed_records(query, deadline=self._deadline)).pages

        return granted(await self._paged(("records", page, teacher), ask, page).load(preview))

    def _paged(self, key: Hashable, ask: Any, page: Page) -> Gathered[str, Any]:
        if key not in self._pages:
            self._pages[key] = Gathered(ask, max(1, LINES_BATCH // page.first))
        return self._pages[key]

    async def _ask_previews(self, ids: list[str]) -> Sequence[wire.Preview | None]:
        query = wire.GetPreviews(caller=self._caller, ids=tuple(ids))
        return granted(await self._backend.get_previews(query, deadline=self._deadline)).items

    async def _ask_schools(self, previews: list[str]) -> Sequence[Any]:
        query = wire.SummarisePreviews(caller=self._caller, previews=tuple(previews))
        return granted(await self._backend.summarise_previews(query, deadline=self._deadline)).items
