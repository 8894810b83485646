"""Batched reads of visits, records of work, forms and findings, for one caller in one request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from strawberry.dataloader import DataLoader
from yanxiu_wire import field_records as wire_records
from yanxiu_wire import findings as wire_findings
from yanxiu_wire import forms as wire_forms
from yanxiu_wire import term_work as wire_work
from yanxiu_wire import visiting as wire_visits
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page
from yanxiu_wire.noting import About, ListNotes, Notes

from yanxiu_gateway.backend import Backend
from yanxiu_gateway.errors import granted
from yanxiu_gateway.execution.gathering import Gathered

BATCH = 200
FINDINGS_BATCH = 500
DIFFERENCES_BATCH = 20


class FieldReads:
    """What the fields about field work ask of the visits service; `count` bounds the rows of a request."""

    def __init__(self, backend: Backend, caller: Caller, deadline: Deadline, count: Callable[[int], None]) -> None:
        self._backend = backend
        self._caller = caller
        self._deadline = deadline
        self._count = count
        self._visits: DataLoader[str, Any] = DataLoader(load_fn=self._ask_visits, max_batch_size=BATCH)
        self._records: DataLoader[str, Any] = DataLoader(load_fn=self._ask_records, max_batch_size=BATCH)
        self._findings: DataLoader[str, Any] = DataLoader(load_fn=self._ask_findings, max_batch_size=BATCH)
        self._forms: DataLoader[str, Any] = DataLoader(load_fn=self._ask_forms, max_batch_size=BATCH)
        self._found: dict[Page, Gathered[str, wire_findings.FindingPage]] = {}
        self._differences: DataLoader[str, Any] = DataLoader(
            load_fn=self._ask_differences, max_batch_size=DIFFERENCES_BATCH
        )

    async def visit(self, visit: str) -> wire_visits.Visit | None:
        """A visit."""
        return await self._visits.load(visit)

    async def record(self, record: str) -> wire_records.FieldRecord | None:
        """A record of work."""
        return await self._records.load(record)

    async def finding(self, finding: str) -> wire_findings.VisitFinding | None:
        """A finding."""
        return await self._findings.load(finding)

    async def form(self, form: str) -> wire_forms.Form | None:
        """A published version of a form."""
        return await self._forms.load(form)

    async def differences(self, record: str) -> wire_work.Difference | None:
        """What a submitted summary or report would say otherwise now."""
        return await self._differences.load(record)

    async def visits(self, **asked: Any) -> wire_visits.VisitPage:
        """A page of visits."""
        query = wire_visits.ListVisits(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_visits(query, deadline=self._deadline))

    async def records(self, **asked: Any) -> wire_records.FieldRecordPage:
        """A page of records of work."""
        query = wire_records.ListFieldRecords(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_field_records(query, deadline=self._deadline))

    async def findings(self, **asked: Any) -> wire_findings.FindingPage:
        """A page of findings."""
        query = wire_findings.ListFindings(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_findings(query, deadline=self._deadline))

    async def findings_of(self, source: str, page: Page) -> wire_findings.FindingPage:
        """A page of what was found on a visit or an inspection."""
        self._count(page.first)

        async def ask(sources: list[str]) -> Sequence[wire_findings.FindingPage]:
            query = wire_findings.ListFindingsBySource(caller=self._caller, sources=tuple(sources), page=page)
            return granted(await self._backend.list_findings_by_source(query, deadline=self._deadline)).pages

        if page not in self._found:
            self._found[page] = Gathered(ask, max(1, FINDINGS_BATCH // page.first), prefixes=True)
        return await self._found[page].load(source)

    async def forms(self, name: str | None, *, drafts: bool) -> wire_forms.Forms:
        """The district's forms."""
        query = wire_forms.ListForms(caller=self._caller, name=name, drafts=drafts)
        return granted(await self._backend.list_forms(query, deadline=self._deadline))

    async def notes(self, about: About, plain: str) -> Notes:
        """The notes of one visit, record or finding."""
        query = ListNotes(caller=self._caller, about=about, id=plain)
        return granted(await self._backend.list_notes(query, deadline=self._deadline))

    async def term_work(self, researcher: str, term: str) -> wire_work.TermWork:
        """A researcher's term."""
        query = wire_work.GetTermWork(caller=self._caller, researcher=researcher, term=term)
        return granted(await self._backend.get_term_work(query, deadline=self._deadline))

    async def draft(self, **asked: Any) -> wire_work.Draft:
        """The figures of a month or a term, from the records as they are now."""
        query = wire_work.DraftFigures(caller=self._caller, **asked)
        return granted(await self._backend.draft_figures(query, deadline=self._deadline))

    async def _ask_visits(self, ids: list[str]) -> Sequence[Any]:
        query = wire_visits.GetVisits(caller=self._caller, ids=tuple(ids))
        return granted(await self._backend.get_visits(query, deadline=self._deadline)).items

    async def _ask_records(self, ids: list[str]) -> Sequence[Any]:
        query = wire_records.GetFieldRecords(caller=self._caller, ids=tuple(ids))
        return granted(await self._backend.get_field_records(query, deadline=self._deadline)).items

    async def _ask_findings(self, ids: list[str]) -> Sequence[Any]:
        query = wire_findings.GetFindings(caller=self._caller, ids=tuple(ids))
        return granted(await self._backend.get_findings(query, deadline=self._deadline)).items

    async def _ask_forms(self, ids: list[str]) -> Sequence[Any]:
        query = wire_forms.GetForms(caller=self._caller, ids=tuple(ids))
        return granted(await self._backend.get_forms(query, deadline=self._deadline)).items

    async def _ask_differences(self, ids: list[str]) -> Sequence[Any]:
        query = wire_work.GetDifferences(caller=self._caller, ids=tuple(ids))
        return granted(await self._backend.get_differences(query, deadline=self._deadline)).items
