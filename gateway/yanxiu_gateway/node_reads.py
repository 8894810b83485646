"""Reads by id of what is only listed: a list narrowed to ids, so that what it does not show does not exist."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from yanxiu_wire import (
    award_endings,
    awards,
    books,
    competition,
    erasure,
    grants,
    programme,
    rules,
    studio,
    supervision,
    term,
    workflow,
)  # fmt: skip
from yanxiu_wire import credits as wire_credits
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page
from yanxiu_wire.refusal import Refused

from yanxiu_gateway.backend import Backend
from yanxiu_gateway.errors import granted
from yanxiu_gateway.execution.gathering import Gathered

BATCH = 200


class NodeReads:
    """The reads of one caller in one request; equal questions are asked once."""

    def __init__(self, backend: Backend, caller: Caller, deadline: Deadline, _count: Callable[[int], None]) -> None:
        self._backend = backend
        self._caller = caller
        self._deadline = deadline
        self._kinds: dict[Any, Gathered[Any, Any]] = {}

    async def integrity_entry(self, entry: str) -> books.IntegrityEntry | None:
        """A finding of fraud."""
        return await self._listed(self._backend.list_integrity, books.ListIntegrity, entry)

    async def lock(self, lock: str) -> books.PeriodLock | None:
        """A locked period."""
        return await self._listed(self._backend.list_locks, books.ListLocks, lock)

    async def entry(self, entry: str) -> wire_credits.LedgerEntry | None:
        """A row of the ledger."""
        return await self._listed(self._backend.list_entries, wire_credits.ListEntries, entry)

    async def notice(self, notice: str) -> Any:
        """What a teacher was told."""
        return await self._listed(self._backend.list_notices, workflow.ListNotices, notice)

    async def competition(self, one: str) -> competition.Competition | None:
        """A competition."""
        return await self._listed(self._backend.list_competitions, competition.ListCompetitions, one)

    async def team(self, team: str) -> supervision.SupervisionTeam | None:
        """A supervision team."""
        return await self._listed(self._backend.list_teams, supervision.ListTeams, team)

    async def award_objection(self, objection: str) -> awards.AwardObjection | None:
        """An objection to a published nomination."""
        ask = self._backend.list_award_objections
        return await self._listed(ask, award_endings.ListAwardObjections, objection)

    async def clause(self, clause: str) -> Any:
        """A clause of any installed pack."""

        async def ask(ids: list[str]) -> Sequence[Any]:
            query = rules.GetClauses(caller=self._caller, ids=tuple(ids))
            found = granted(await self._backend.get_clauses(query, deadline=self._deadline)).items
            return [one for one in found if one is not None]

        return await self._by_id("clause", ask, lambda row: row.clause.id).load(clause)

    async def grant(self, grant: str) -> grants.Grant | None:
        """A grant: one's own, or one that the caller may list."""

        async def ask(ids: list[str]) -> Sequence[grants.Grant]:
            # Both at once, for that is one message. Who may see others' the registry's policies say, and its trail
            # with which of them: whom they keep out is shown his own.
            query = grants.ListGrants(caller=self._caller, ids=tuple(ids), page=Page(first=len(ids)))
            own, listed = await asyncio.gather(
                self._backend.get_own_grants(grants.GetOwnGrants(caller=self._caller), deadline=self._deadline),
                self._backend.list_grants(query, deadline=self._deadline),
            )
            others = () if isinstance(listed, Refused) else listed.items
            return (*granted(own).items, *others)

        return await self._by_id("grant", ask).load(grant)

    async def erasure(self, one: str) -> erasure.Erasure | None:
        """The erasure of a person; there are few, and each is asked for by itself, all in one message."""

        async def ask(ids: list[str]) -> Sequence[erasure.Erasure]:
            queries = [erasure.ListErasures(caller=self._caller, erasure=name) for name in ids]
            asked = (self._backend.list_erasures(query, deadline=self._deadline) for query in queries)
            return [row for reply in await asyncio.gather(*asked) for row in granted(reply).items]

        return await self._by_id("erasure", ask).load(one)

    async def delegation(self, delegation: str) -> Any:
        """A delegation."""

        async def ask(ids: list[str]) -> Sequence[Any]:
            query = workflow.ListDelegations(caller=self._caller, ids=tuple(ids))
            return granted(await self._backend.list_delegations(query, deadline=self._deadline)).items

        return await self._by_id("delegation", ask).load(delegation)

    async def studio(self, one: str, as_of: Any) -> studio.Studio | None:
        """A studio as of a day."""

        async def ask(ids: list[str]) -> Sequence[Any]:
            query = studio.ListStudios(caller=self._caller, ids=tuple(ids), as_of=as_of)
            return granted(await self._backend.list_studios(query, deadline=self._deadline)).items

        return await self._by_id(("studio", as_of), ask).load(one)

    async def term(self, one: str) -> term.Term | None:
        """A term, by the id that it has within the district."""

        async def ask(_ids: list[str]) -> Sequence[term.Term]:
            query = term.ListTerms(caller=self._caller)
            return granted(await self._backend.list_terms(query, deadline=self._deadline)).items

        return await self._by_id("term", ask).load(one)

    async def reviewer(self, one: str) -> awards.AwardReviewer | None:
        """A reviewer of a year, by `year/person`."""

        async def ask(ids: list[str]) -> Sequence[awards.AwardReviewer]:
            years = sorted({int(name.partition("/")[0]) for name in ids})
            query = awards.ListReviewers(caller=self._caller, years=tuple(years))
            return granted(await self._backend.list_reviewers(query, deadline=self._deadline)).items

        year, slash, _ = one.partition("/")
        if not (slash and len(year) <= len("2024") and year.isascii() and year.isdigit()):
            return None
        return await self._by_id("reviewer", ask, lambda row: f"{row.year}/{row.id}").load(one)

    async def programme_entry(self, one: str) -> programme.ProgrammeEntry | None:
        """A version of an entry of the programme, by `id/version`."""

        async def ask(ids: list[str]) -> Sequence[programme.ProgrammeEntry]:
            query = programme.ListProgrammeEntries(
                caller=self._caller, ids=tuple(ids), history=True, page=Page(first=len(ids))
            )
            return granted(await self._backend.list_programme_entries(query, deadline=self._deadline)).items

        return await self._by_id("programme entry", ask, lambda row: f"{row.id}/{row.version}").load(one)

    async def objection(self, one: str) -> Any:
        """An objection to a public list, as the process shows it that it was raised in."""

        async def ask(ids: list[str]) -> Sequence[Any]:
            query = workflow.ListProcesses(caller=self._caller, objections=tuple(ids), page=Page(first=len(ids)))
            found = granted(await self._backend.list_processes(query, deadline=self._deadline)).items
            return [raised for row in found for raised in row.objections]

        return await self._by_id("objection", ask).load(one)

    async def _listed(self, ask: Callable[..., Awaitable[Any]], query: Callable[..., Any], one: str) -> Any:
        async def asked(ids: list[str]) -> Sequence[Any]:
            narrowed = query(caller=self._caller, ids=tuple(ids), page=Page(first=len(ids)))
            return granted(await ask(narrowed, deadline=self._deadline)).items

        return await self._by_id(query, asked).load(one)

    def _by_id(
        self, kind: Any, ask: Callable[[list[str]], Awaitable[Sequence[Any]]], name: Callable[[Any], str] | None = None
    ) -> Gathered[str, Any]:
        """Reads of a kind: of the rows that come, each asked for by its id, None for one that did not come."""

        async def found(ids: list[str]) -> Sequence[Any]:
            rows = {(name(row) if name is not None else row.id): row for row in await ask(ids)}
            return [rows.get(one) for one in ids]

        if kind not in self._kinds:
            self._kinds[kind] = Gathered(found, BATCH)
        return self._kinds[kind]
