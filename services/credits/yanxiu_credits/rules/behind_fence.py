"""Whose process answers what is asked about a law: the own law's the district's, any other pack a process of its own.

The law of others is asked about as nobody's, so that their packs come near no district's data, and what one of them
does wrong is felt by those alone who ask about it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.structs import replace
from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN
from yanxiu_footing.fence.fence import Fence
from yanxiu_footing.fence.installed import installed_names
from yanxiu_footing.paging import few_enough
from yanxiu_wire import rules as wire
from yanxiu_wire.caller import PLATFORM, Caller
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, RulePackFailed
from yanxiu_wire.refusal import Refused

from yanxiu_credits.rules.chosen import own_district
from yanxiu_credits.rules.get_clause import likely_first, named_after
from yanxiu_credits.rules.offered import OF_NO_DISTRICT
from yanxiu_credits.service import Service

# So long before the deadline those packs are given up that have not answered, for the others to be told of.
_BEFORE_DEADLINE = 0.5
# A process is started for each pack that is asked about for the first time; more at once would only be slower.
_AT_ONCE = 3
_NOBODY = Caller(subject="the-law-is-public", role="platform-operator", district=PLATFORM)


def reading_table(fence: Fence, table: Table) -> Table:
    """Return the table's endpoints about the law with use cases that ask the process of each pack."""
    asked: Mapping[Endpoint[Any, Any], Callable[[_Reader, Any], Any]] = {
        wire.LIST_RULE_PACKS: _list,
        wire.GET_RULE_PACKS: _get,
        wire.GET_CLAUSE: _clause,
        wire.GET_CLAUSES: _clauses,
        wire.LIST_EXAMPLES: _examples,
        wire.COMPARE_RULE_PACKS: _compare,
        wire.TRY_DECISION: _try,
    }

    def behind(ask: Callable[[_Reader, Any], Any]) -> Any:
        async def use_case(service: Service, district: str, query: Any, deadline: Deadline) -> Any:
            known = await own_district(service, district)
            own = frozenset(one.pack for one in known.bindings) if known is not None else frozenset[str]()
            return await ask(_Reader(fence, district, own, installed_names(), deadline), query)

        return use_case

    return {endpoint: (behind(asked[endpoint]), table[endpoint][1], PLAIN) for endpoint in OF_NO_DISTRICT}


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who asks: a district with the packs that it is bound to, among those installed."""

    fence: Fence
    district: str
    own: frozenset[str]
    installed: frozenset[str]
    deadline: Deadline

    def foreign(self, *jurisdictions: str | None) -> tuple[str, ...]:
        """Those that are installed and are not the district's law; without a name the own law is meant."""
        return tuple(sorted({one for one in jurisdictions if one in self.installed and one not in self.own} - {None}))  # type: ignore[arg-type]

    async def raw(self, endpoint: Endpoint[Any, Any], query: Any, jurisdiction: str | None) -> msgspec.Raw:
        """The encoded answer about one law."""
        apart = self.foreign(jurisdiction)
        if apart:
            query = replace(query, caller=_NOBODY)
        return await self.beside(endpoint, query, PLATFORM if apart else self.district, apart)

    async def beside(
        self, endpoint: Endpoint[Any, Any], query: Any, district: str, apart: tuple[str, ...]
    ) -> msgspec.Raw:
        """The encoded answer of the process in which these packs may be loaded, and the district's own."""
        body = encode(query)
        return msgspec.Raw(
            await self.fence.ask(district, endpoint.verb, body, self.deadline, reading=True, apart=apart)
        )

    async def ask(self, endpoint: Endpoint[Any, Any], query: Any, jurisdiction: str | None) -> Any:
        """The answer about one law."""
        return decode(endpoint.reply, await self.raw(endpoint, query, jurisdiction))

    async def each(
        self, endpoint: Endpoint[Any, Any], queries: Sequence[tuple[str, Any]]
    ) -> list[Any | RulePackFailed]:
        """The answers about several laws, each the failure of the pack where there is none."""
        soon = _Reader(
            self.fence, self.district, self.own, self.installed,
            Deadline(self.deadline.at_ms - int(_BEFORE_DEADLINE * 1000)),
        )  # fmt: skip
        places = asyncio.Semaphore(_AT_ONCE)

        async def one(jurisdiction: str, query: Any) -> Any:
            async with places:
                try:
                    return await soon.ask(endpoint, query, jurisdiction)
                except RulePackFailed as failed:
                    return failed
                except DeadlineExceeded:
                    return RulePackFailed(endpoint.service, PLATFORM, jurisdiction, "hangs")

        return await asyncio.gather(*(one(*each) for each in queries))


async def _list(reader: _Reader, query: wire.ListRulePacks) -> wire.RulePacks:
    names = sorted(reader.installed)
    asked = [
        (one, wire.GetRulePacks(caller=query.caller, asked=(wire.PackAsked(jurisdiction=one, on=query.on),)))
        for one in names
    ]
    found = dict(zip(names, await reader.each(wire.GET_RULE_PACKS, asked), strict=True))
    packs = {name: one.items[0] for name, one in found.items() if isinstance(one, wire.RulePacks)}
    return wire.RulePacks(
        items=tuple(one for one in packs.values() if one is not None),
        broken=tuple(
            wire.PackBroken(jurisdiction=name, problem=one.problem if isinstance(one, RulePackFailed) else "refused")
            for name, one in found.items()
            if packs.get(name) is None
        ),
    )


async def _get(reader: _Reader, query: wire.GetRulePacks) -> Any:
    apart = {one: reader.foreign(one.jurisdiction) for one in query.asked}
    if len(set(apart.values())) <= 1:
        return await reader.raw(wire.GET_RULE_PACKS, query, query.asked[0].jurisdiction if query.asked else None)
    replies = await asyncio.gather(
        *(reader.ask(wire.GET_RULE_PACKS, replace(query, asked=(one,)), one.jurisdiction) for one in query.asked)
    )
    refused = next((one for one in replies if isinstance(one, Refused)), None)
    return refused or wire.RulePacks(items=tuple(one.items[0] for one in replies))


async def _clause(reader: _Reader, query: wire.GetClause) -> Any:
    """Ask the packs after which the clause is named; only when it is none of theirs, all others."""
    names = likely_first(query.id, reader.installed)
    likely = [one for one in names if named_after(query.id, one)]
    answers: list[Any] = []
    for some in (likely, [one for one in names if one not in likely]):
        answers += await reader.each(wire.GET_CLAUSE, [(one, replace(query, jurisdiction=one)) for one in some])
        found = next((one for one in answers if isinstance(one, wire.ClauseFound)), None)
        if found is not None:
            return found
        failed = next((one for one in answers if isinstance(one, RulePackFailed)), None)
        if failed is not None and some is likely:
            raise failed
    refused = [one for one in answers if isinstance(one, Refused)]
    return refused[0] if refused else await reader.raw(wire.GET_CLAUSE, query, None)


async def _clauses(reader: _Reader, query: wire.GetClauses) -> wire.Clauses | Refused:
    """Ask the packs after which clauses are named for theirs; all others for what is left, and do without who fails."""
    if refused := few_enough("ids", query.ids):
        return refused
    found: dict[str, wire.RuleClause] = {}
    for likely in (True, False):
        missing = [one for one in dict.fromkeys(query.ids) if one not in found]
        named = {
            name: [one for one in missing if named_after(one, name) is likely] for name in sorted(reader.installed)
        }
        asked = [(name, replace(query, ids=tuple(ids))) for name, ids in named.items() if ids]
        for (_, its), answer in zip(asked, await reader.each(wire.GET_CLAUSES, asked), strict=True):
            if likely and isinstance(answer, RulePackFailed):
                raise answer
            if isinstance(answer, wire.Clauses):
                found |= {one: clause for one, clause in zip(its.ids, answer.items, strict=True) if clause is not None}
    return wire.Clauses(items=tuple(found.get(one) for one in query.ids))


async def _examples(reader: _Reader, query: wire.ListExamples) -> Any:
    return await reader.raw(wire.LIST_EXAMPLES, query, query.jurisdiction)


async def _compare(reader: _Reader, query: wire.CompareRulePacks) -> Any:
    apart = reader.foreign(query.first.jurisdiction, query.second.jurisdiction)
    return await reader.beside(wire.COMPARE_RULE_PACKS, query, reader.district, apart)


async def _try(reader: _Reader, query: wire.TryDecision) -> Any:
    return await reader.raw(wire.TRY_DECISION, query, query.law.jurisdiction)
