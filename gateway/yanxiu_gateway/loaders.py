"""Batched reads of one request: what many parents need is asked of a service once for each level, never per parent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from yanxiu_wire import announced_ratios as wire_announced
from yanxiu_wire import attendance as wire_attendance
from yanxiu_wire import credits as wire_credits
from yanxiu_wire import public_names, registry
from yanxiu_wire import standings as wire_standings
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import term as wire_term
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page
from yanxiu_wire.record_parts import PartPage, RecordColumns, RecordTable, pages_of, rows_at_once

from yanxiu_gateway.ahead import Following
from yanxiu_gateway.award_reads import AwardReads
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.edges import PageInColumns, pages_in_columns
from yanxiu_gateway.errors import RequestRefused, granted, limit_exceeded
from yanxiu_gateway.execution.gathering import Gathered
from yanxiu_gateway.field_reads import FieldReads
from yanxiu_gateway.minima_reads import MinimaReads
from yanxiu_gateway.node_reads import NodeReads
from yanxiu_gateway.people_reads import PeopleReads
from yanxiu_gateway.policy_reads import PolicyReads
from yanxiu_gateway.programme_reads import ProgrammeReads
from yanxiu_gateway.rule_reads import RuleReads
from yanxiu_gateway.supervision_reads import SupervisionReads
from yanxiu_gateway.transfer_reads import TransferReads
from yanxiu_gateway.visit_plan_reads import VisitPlanReads
from yanxiu_gateway.when_asked import Asks, WhenAsked
from yanxiu_gateway.workflow_reads import WorkflowReads

GET_BATCH = 500
ROWS_BATCH = 1_000
EXPLAINED_BATCH = 50
SESSIONS_BATCH = 100
# A plan answers so many rows in a fifth of a second; what a request may cost is bounded before it begins.
MOST_ROWS = 20_000
NOTHING: Mapping[str, Any] = {}
ALL = "all"
RecordsPage = wire_credits.RecordPage | PartPage | PageInColumns


class Loaders(Asks):
    """The reads of one caller in one request; equal questions are asked once.

    Batches are cut so that a reply stays well below the bus's message size; `MOST_ROWS` bounds what one request may
    draw through all its lists together.
    """

    workflow = WhenAsked(WorkflowReads)
    people = WhenAsked(PeopleReads)
    visit_plans = WhenAsked(VisitPlanReads)
    minima = WhenAsked(MinimaReads)
    programme = WhenAsked(ProgrammeReads)
    field = WhenAsked(FieldReads)
    awards = WhenAsked(AwardReads)
    supervision = WhenAsked(SupervisionReads)
    rules = WhenAsked(RuleReads)
    policy = WhenAsked(PolicyReads)
    transfers = WhenAsked(TransferReads)
    nodes = WhenAsked(NodeReads)

    def __init__(self, backend: Backend, caller: Caller, deadline: Deadline) -> None:
        super().__init__(backend, caller, deadline)
        self._loaders: dict[Hashable, Any] = {}
        self._rows = 0
        self._foreseen = 0

    # ---- registry ----------------------------------------------------------------------------------------------

    async def district(self) -> registry.District | None:
        """The caller's own district."""

        async def ask(keys: list[str]) -> Sequence[registry.District]:
            query = registry.GetDistrict(caller=self._caller)
            return [granted(await self._backend.get_district(query, deadline=self._deadline))] * len(keys)

        return await self._loader("district", ask).load("own")

    async def districts(self, page: Page) -> registry.DistrictPage:
        """A page of the platform's districts, for the operator."""
        self.count(page.first)

        async def ask(keys: list[str]) -> Sequence[registry.DistrictPage]:
            query = registry.ListDistricts(caller=self._caller, page=page)
            return [granted(await self._backend.list_districts(query, deadline=self._deadline))] * len(keys)

        return await self._loader(("districts", page), ask).load("all")

    def school(self, school: str, as_of: date | None) -> Awaitable[registry.School | None]:
        """A school as of a date (default today), None where it does not exist for this caller."""
        return self.schools_by_id(as_of).load(school)

    def schools_by_id(self, as_of: date | None) -> Gathered[str, registry.School | None]:
        """Schools as of a date."""

        def made() -> Following:
            query = registry.GetSchools(caller=self._caller, ids=(), as_of=as_of)
            return Following(self._backend.get_schools, query, self._deadline, into="ids", size=GET_BATCH)

        return self._following(("school", as_of), made)

    def schools(self, **asked: Any) -> Gathered[str, registry.SchoolPage]:
        """A page of the district's schools, of which `ALL` is the key; not counted here."""

        def made() -> Following:
            query = registry.ListSchools(caller=self._caller, **asked)
            return Following(self._backend.list_schools, query, self._deadline)

        return self._following(("schools", *asked.items()), made)

    def teacher(self, teacher: str, as_of: date | None) -> Awaitable[wire_teacher.Teacher | None]:
        """A teacher as of a date, the national id masked."""
        return self.teachers_by_id(as_of).load(teacher)

    def teachers_by_id(self, as_of: date | None) -> Gathered[str, wire_teacher.Teacher | None]:
        """Teachers as of a date."""

        def made() -> Following:
            query = wire_teacher.GetTeachers(caller=self._caller, ids=(), as_of=as_of)
            return Following(self._backend.get_teachers, query, self._deadline, into="ids", size=GET_BATCH)

        return self._following(("teacher", as_of), made)

    async def revealed(self, teacher: str, as_of: date | None, reason: str) -> wire_teacher.Teacher | None:
        """A teacher with the plain national id, which the registry grants by role and audits with the reason."""

        async def ask(ids: list[str]) -> Sequence[wire_teacher.Teacher | None]:
            query = wire_teacher.GetTeachers(
                caller=self._caller, ids=tuple(ids), as_of=as_of, reveal=True, reason=reason
            )
            return granted(await self._backend.get_teachers(query, deadline=self._deadline)).items

        return await self._loader(("revealed", as_of, reason), ask, GET_BATCH).load(teacher)

    async def public_name(self, teacher: str, on: date) -> str | None:
        """The name of a teacher on a public list that this request is shown, `on` being the day of the list."""

        async def ask(ids: list[str]) -> Sequence[str | None]:
            query = public_names.GetPublicNames(caller=self._caller, teachers=tuple(ids), on=on)
            return granted(await self._backend.get_public_names(query, deadline=self._deadline)).items

        return await self._loader(("public name", on), ask, GET_BATCH).load(teacher)

    def teacher_pages(
        self,
        page: Page,
        as_of: date | None,
        chosen: Mapping[str, Any] = NOTHING,
        *,
        whole: bool = False,
        fields: tuple[str, ...] = (),
    ) -> Gathered[str | None, wire_teacher.TeacherPage]:
        """Pages of schools' teachers, or the one of the `whole` scope, of which None is the key; not counted here."""

        def made() -> Following:
            query = wire_teacher.ListTeachers(caller=self._caller, page=page, as_of=as_of, fields=fields, **chosen)
            ask, size = self._backend.list_teachers, _parents(page)
            return Following(ask, query, self._deadline, into="schools", told="pages", rows="pages.items", size=size)

        return self._following(("teachers", whole, page, as_of, fields, *chosen.items()), made)

    async def terms(self, as_of: date | None) -> tuple[wire_term.Term, ...]:
        """The district's terms, or those that had begun by a day."""

        async def ask(keys: list[str]) -> Sequence[tuple[wire_term.Term, ...]]:
            query = wire_term.ListTerms(caller=self._caller, as_of=as_of)
            return [granted(await self._backend.list_terms(query, deadline=self._deadline)).items] * len(keys)

        return await self._loader(("terms", as_of), ask).load("all")

    # ---- credits -----------------------------------------------------------------------------------------------

    def project(self, project: str) -> Awaitable[wire_credits.Project | None]:
        """A training project."""
        return self.projects_by_id().load(project)

    def projects_by_id(self) -> Gathered[str, wire_credits.Project | None]:
        """Training projects."""

        async def ask(ids: list[str]) -> Sequence[wire_credits.Project | None]:
            query = wire_credits.GetProjects(caller=self._caller, ids=tuple(ids))
            return granted(await self._backend.get_projects(query, deadline=self._deadline)).items

        return self._loader("project", ask, GET_BATCH)

    async def projects(
        self, page: Page, state: wire_credits.ProjectState | None, search: str | None, *, oldest_first: bool = False
    ) -> wire_credits.ProjectPage:
        """A page of projects."""
        self.count(page.first)

        async def ask(keys: list[str]) -> Sequence[wire_credits.ProjectPage]:
            query = wire_credits.ListProjects(
                caller=self._caller, page=page, state=state, search=search, oldest_first=oldest_first
            )
            return [granted(await self._backend.list_projects(query, deadline=self._deadline))] * len(keys)

        return await self._loader(("projects", page, state, search, oldest_first), ask).load("all")

    def record(
        self, record: str, *, explain: bool = False, known: datetime | None = None
    ) -> Awaitable[wire_credits.Record | None]:
        """A training record, or what was `known` of it."""
        return self.records_by_id(explain=explain, known=known).load(record)

    def records_by_id(
        self, *, explain: bool = False, known: datetime | None = None
    ) -> Gathered[str, wire_credits.Record | None]:
        """Training records; explained ones are long and come in smaller batches."""

        async def ask(ids: list[str]) -> Sequence[wire_credits.Record | None]:
            query = wire_credits.GetRecords(caller=self._caller, ids=tuple(ids), explain=explain, as_known_at=known)
            return granted(await self._backend.get_records(query, deadline=self._deadline)).items

        size = EXPLAINED_BATCH if explain else GET_BATCH
        return self._loader(("record", explain, known), ask, size)

    async def records(
        self,
        teacher: str | None,
        page: Page,
        since: date | None,
        until: date | None,
        known: datetime | None = None,
        chosen: Mapping[str, Any] = NOTHING,
    ) -> RecordsPage:
        """A page of a teacher's records, or of all in the caller's scope when no teacher is named."""
        self.count(page.first)
        return await self.record_pages(page, since, until, known, whole=teacher is None, chosen=chosen).load(teacher)

    def record_pages(
        self,
        page: Page,
        since: date | None,
        until: date | None,
        known: datetime | None,
        *,
        whole: bool = False,
        fields: tuple[str, ...] = (),
        chosen: Mapping[str, Any] = NOTHING,
    ) -> Gathered[str | None, RecordsPage]:
        """Pages of teachers' records, or the one of the `whole` scope, of which None is the key; not counted here.

        `fields` (`record_parts`) ask for a part of each record, and so for many more rows at once.
        """

        async def ask(teachers: list[str | None]) -> Sequence[RecordsPage]:
            named = tuple(name for name in teachers if name is not None)
            days = {"since": since, "until": until, "as_known_at": known}
            query = wire_credits.ListRecords(
                caller=self._caller, teachers=named, page=page, fields=fields, columns=bool(fields), **days, **chosen
            )
            reply = granted(await self._backend.list_records(query, deadline=self._deadline))
            if isinstance(reply, RecordColumns):
                return pages_in_columns(reply)
            return pages_of(reply, wire_credits.Record) if isinstance(reply, RecordTable) else reply.pages

        size = _parents(page, rows_at_once(fields) if fields else ROWS_BATCH)
        key = ("records", whole, page, since, until, known, fields, *chosen.items())
        return self._loader(key, ask, size)

    def totals(
        self, since: date | None, until: date | None, known: datetime | None = None
    ) -> Gathered[str, wire_credits.Total | None]:
        """The sums of teachers' ledger entries between two dates."""

        async def ask(teachers: list[str]) -> Sequence[wire_credits.Total | None]:
            query = wire_credits.GetTotals(
                caller=self._caller, teachers=tuple(teachers), since=since, until=until, as_known_at=known
            )
            return granted(await self._backend.get_totals(query, deadline=self._deadline)).items

        return self._loader(("total", since, until, known), ask, ROWS_BATCH)

    def standing(
        self, teacher: str, kind: str, on: date | None, known: datetime | None = None
    ) -> Awaitable[wire_credits.Standing | None]:
        """A teacher's standing in the period of that kind which contains `on`, now or as it was `known`."""
        return self.standings(kind, on, known).load(teacher)

    def standings(
        self, kind: str, on: date | None, known: datetime | None = None
    ) -> Gathered[str, wire_credits.Standing | None]:
        """Teachers' standings."""

        async def ask(teachers: list[str]) -> Sequence[wire_credits.Standing | None]:
            query = wire_credits.GetStandings(
                caller=self._caller, teachers=tuple(teachers), kind=kind, on=on, as_known_at=known
            )
            return granted(await self._backend.get_standings(query, deadline=self._deadline)).items

        return self._loader(("standing", kind, on, known), ask, EXPLAINED_BATCH)

    async def shortfalls(self, query: wire_standings.ListShortfalls) -> wire_standings.ShortfallPage:
        """A page of those who fall short."""
        self.count(query.page.first)
        return granted(await self._backend.list_shortfalls(query, deadline=self._deadline))

    async def school_ratios(self, query: wire_standings.ListSchoolRatios) -> wire_standings.SchoolRatioPage:
        """A page of the schools' ratios."""
        self.count(query.page.first)
        return granted(await self._backend.list_school_ratios(query, deadline=self._deadline))

    async def announced_ratios(self, query: wire_announced.ListAnnouncedRatios) -> wire_announced.AnnouncedRatioPage:
        """A page of what was announced of them."""
        self.count(query.page.first)
        return granted(await self._backend.list_announced_ratios(query, deadline=self._deadline))

    async def entries(
        self, page: Page, teacher: str | None, known: datetime | None = None, *, newest: bool = False
    ) -> wire_credits.EntryPage:
        """A page of the ledger."""
        self.count(page.first)
        asked = {"teacher": teacher, "as_known_at": known, "newest_first": newest}

        async def ask(keys: list[str]) -> Sequence[wire_credits.EntryPage]:
            query = wire_credits.ListEntries(caller=self._caller, page=page, **asked)
            return [granted(await self._backend.list_entries(query, deadline=self._deadline))] * len(keys)

        return await self._loader(("entries", page, *asked.values()), ask).load("all")

    # ---- attendance --------------------------------------------------------------------------------------------

    async def session(self, session: str) -> wire_attendance.Session | None:
        """A session of a training."""

        async def ask(ids: list[str]) -> Sequence[wire_attendance.Session | None]:
            query = wire_attendance.GetSessions(caller=self._caller, ids=tuple(ids))
            return granted(await self._backend.get_sessions(query, deadline=self._deadline)).items

        return await self._loader("session", ask, GET_BATCH).load(session)

    async def sessions(self, query: wire_attendance.ListSessions) -> wire_attendance.SessionPage:
        """A page of sessions."""
        self.count(query.page.first)
        return granted(await self._backend.list_sessions(query, deadline=self._deadline))

    async def attendance(self, session: str, page: Page, in_doubt: bool | None) -> wire_attendance.AttendancePage:
        """A page of a session's attendance."""
        self.count(page.first)

        async def ask(sessions: list[str]) -> Sequence[wire_attendance.AttendancePage]:
            query = wire_attendance.ListAttendance(
                caller=self._caller, sessions=tuple(sessions), page=page, open=in_doubt
            )
            return granted(await self._backend.list_attendance(query, deadline=self._deadline)).pages

        size = min(_parents(page), SESSIONS_BATCH)
        return await self._loader(("attendance", page, in_doubt), ask, size).load(session)

    # ---- within ------------------------------------------------------------------------------------------------

    def _loader(
        self, key: Hashable, ask: Callable[[list[Any]], Awaitable[Sequence[Any]]], size: int | None = None
    ) -> Gathered[Any, Any]:
        return self._following(key, lambda: Gathered(ask, size))

    def _following(self, key: Hashable, made: Callable[[], Gathered[Any, Any]]) -> Gathered[Any, Any]:
        if key not in self._loaders:
            self._loaders[key] = made()
        return self._loaders[key]

    def foresee(self, rows: int) -> bool:
        """Whether so many rows of a list may be asked for before its field counts them: with all others they fit."""
        self._foreseen += rows
        return self._rows + self._foreseen <= MOST_ROWS

    def end(self) -> None:
        """The answer is given: nothing is asked any more, and what was read is let go."""
        for reads in self._loaders.values():
            reads.end()
        self._loaders.clear()

    def count(self, rows: int) -> None:
        """Count rows of a list that is about to be asked for; raises `RequestRefused` above `MOST_ROWS`."""
        self._rows += rows
        if self._rows > MOST_ROWS:
            raise limit_exceeded("rows", self._rows, MOST_ROWS)

    def counted(self, rows: int, parents: int) -> Exception | None:
        """Count so many rows for each parent; what is wrong when they are too many for one request."""
        try:
            self.count(rows * parents)
        except RequestRefused as refused:
            return refused
        return None


def _parents(page: Page, rows: int = ROWS_BATCH) -> int:
    """How many parents' pages are asked for in one message, and no more than a service looks for at once."""
    return min(max(1, rows // page.first), ROWS_BATCH)
