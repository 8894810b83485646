"""Batched reads of award years and nominations, and what a reviewer is to review."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from strawberry.dataloader import DataLoader
from yanxiu_wire import award_endings as endings
from yanxiu_wire import awards as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline

from yanxiu_gateway.backend import Backend
from yanxiu_gateway.errors import granted

BATCH = 200


class AwardReads:
    """The reads of one caller in one request; equal questions are asked once."""

    def __init__(self, backend: Backend, caller: Caller, deadline: Deadline, count: Callable[[int], None]) -> None:
        self._backend = backend
        self._caller = caller
        self._deadline = deadline
        self._count = count
        self._years: DataLoader[int, Any] = DataLoader(load_fn=self._ask_years, max_batch_size=BATCH)
        self._nominations: DataLoader[str, Any] = DataLoader(load_fn=self._ask_nominations, max_batch_size=BATCH)

    async def year(self, year: int) -> wire.AwardYear | None:
        """An award year, None where it is not open."""
        return await self._years.load(year)

    async def nomination(self, nomination: str) -> wire.Nomination | None:
        """A nomination, None where it does not exist for this caller."""
        return await self._nominations.load(nomination)

    async def nominations(self, **asked: Any) -> wire.NominationPage:
        """A page of nominations."""
        query = wire.ListNominations(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_nominations(query, deadline=self._deadline))

    async def objections(self, **asked: Any) -> endings.AwardObjectionPage:
        """A page of objections."""
        query = endings.ListAwardObjections(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_award_objections(query, deadline=self._deadline))

    async def reviewers(self, year: int) -> Sequence[wire.AwardReviewer]:
        """The reviewers of a year whom the caller may see."""
        query = wire.ListReviewers(caller=self._caller, years=(year,))
        return granted(await self._backend.list_reviewers(query, deadline=self._deadline)).items

    async def review_items(self, year: int, category: str | None) -> wire.ReviewItems:
        """What the caller is to review."""
        query = wire.ListReviewItems(caller=self._caller, year=year, category=category)
        return granted(await self._backend.list_review_items(query, deadline=self._deadline))

    async def _ask_years(self, years: list[int]) -> Sequence[wire.AwardYear | None]:
        query = wire.GetAwardYears(caller=self._caller, years=tuple(years))
        return granted(await self._backend.get_award_years(query, deadline=self._deadline)).items

    async def _ask_nominations(self, ids: list[str]) -> Sequence[wire.Nomination | None]:
        query = wire.GetNominations(caller=self._caller, ids=tuple(ids))
        return granted(await self._backend.get_nominations(query, deadline=self._deadline)).items
