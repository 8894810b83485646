"""Batched reads of transfers, with and without the explanations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yanxiu_wire import transfer as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page

from yanxiu_gateway.backend import Backend
from yanxiu_gateway.errors import granted
from yanxiu_gateway.execution.gathering import Gathered

BATCH = 20


class TransferReads:
    """The reads of one caller in one request; equal questions are asked once."""

    def __init__(self, backend: Backend, caller: Caller, deadline: Deadline, count: Callable[[int], None]) -> None:
        self._backend = backend
        self._caller = caller
        self._deadline = deadline
        self._count = count
        self._transfers = {explain: self._gathered(explain=explain) for explain in (False, True)}

    async def transfer(self, transfer: str, *, explain: bool = False) -> wire.Transfer | None:
        """A transfer with its records."""
        return await self._transfers[explain].load(transfer)

    async def page(self, page: Page, teacher: str | None, review: bool | None) -> wire.TransferPage:
        """A page of transfers."""
        self._count(page.first)
        query = wire.ListTransfers(caller=self._caller, page=page, teacher=teacher, review=review)
        return granted(await self._backend.list_transfers(query, deadline=self._deadline))

    def _gathered(self, *, explain: bool) -> Gathered[str, wire.Transfer | None]:
        async def ask(ids: list[str]) -> Sequence[wire.Transfer | None]:
            query = wire.GetTransfers(caller=self._caller, ids=tuple(ids), explain=explain)
            return granted(await self._backend.get_transfers(query, deadline=self._deadline)).items

        return Gathered(ask, BATCH, prefixes=True)
