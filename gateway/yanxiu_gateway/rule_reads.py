"""Batched reads of the law: packs with the parts that are asked for, clauses, examples, comparisons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from itertools import chain
from typing import Any

from strawberry.dataloader import DataLoader
from yanxiu_wire import rules as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline

from yanxiu_gateway.backend import Backend
from yanxiu_gateway.errors import granted

# Packs of one message: with all its clauses and parameters, a large one takes a hundred kilobytes.
BATCH = 5

_Key = tuple[str | None, date | None, wire.Part | None]


class RuleReads:
    """The reads of one caller in one request; equal questions are asked once."""

    def __init__(self, backend: Backend, caller: Caller, deadline: Deadline, count: Callable[[int], None]) -> None:
        self._backend = backend
        self._caller = caller
        self._deadline = deadline
        self._count = count
        self._packs: DataLoader[_Key, wire.RulePack | None] = DataLoader(load_fn=self._ask_packs)
        self._listed: DataLoader[date | None, wire.RulePacks] = DataLoader(load_fn=self._list)

    async def pack(self, jurisdiction: str | None, on: date | None) -> wire.RulePack | None:
        """A pack without its parts; without a jurisdiction the one that governs the caller's district."""
        return await self._packs.load((jurisdiction, on, None))

    async def part(self, pack: wire.RulePack, part: wire.Part) -> wire.RulePack | None:
        """The same pack with one of its parts; what is asked of several packs at a time goes in one message."""
        return await self._packs.load((pack.jurisdiction, pack.on, part))

    async def packs(self, on: date | None) -> Sequence[wire.RulePack | None]:
        """Every installed pack, without its parts."""
        return (await self._listed.load(on)).items

    async def broken(self) -> Sequence[wire.PackBroken]:
        """The installed packs that cannot be read."""
        return (await self._listed.load(None)).broken

    async def _list(self, days: list[date | None]) -> Sequence[wire.RulePacks]:
        queries = [wire.ListRulePacks(caller=self._caller, on=on) for on in days]
        asked = (self._backend.list_rule_packs(query, deadline=self._deadline) for query in queries)
        return [granted(one) for one in await asyncio.gather(*asked)]

    async def clause(self, clause: str, on: date | None) -> wire.ClauseFound:
        """A clause with what rests on it."""
        query = wire.GetClause(caller=self._caller, id=clause, on=on)
        return granted(await self._backend.get_clause(query, deadline=self._deadline))

    async def examples(self, **asked: Any) -> wire.ExamplePage:
        """A page of a pack's examples."""
        query = wire.ListExamples(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_examples(query, deadline=self._deadline))

    async def compared(self, first: wire.PackAsked, second: wire.PackAsked) -> wire.RulePacksCompared:
        """Two laws side by side."""
        query = wire.CompareRulePacks(caller=self._caller, first=first, second=second)
        return granted(await self._backend.compare_rule_packs(query, deadline=self._deadline))

    async def _ask_packs(self, keys: list[_Key]) -> Sequence[wire.RulePack | None]:
        """Ask for every pack once, with all the parts that any of them needs."""
        parts: dict[wire.Part, None] = {part: None for _, _, part in keys if part is not None}
        packs = list(dict.fromkeys((jurisdiction, on) for jurisdiction, on, _ in keys))

        async def ask(some: list[tuple[str | None, date | None]]) -> Sequence[wire.RulePack | None]:
            asked = tuple(wire.PackAsked(jurisdiction=jurisdiction, on=on) for jurisdiction, on in some)
            query = wire.GetRulePacks(caller=self._caller, asked=asked, parts=tuple(parts))
            return granted(await self._backend.get_rule_packs(query, deadline=self._deadline)).items

        # As many at a time as an answer holds, and all at once.
        replies = await asyncio.gather(*(ask(packs[at : at + BATCH]) for at in range(0, len(packs), BATCH)))
        found = dict(zip(packs, chain.from_iterable(replies), strict=True))
        return [found[jurisdiction, on] for jurisdiction, on, _ in keys]
