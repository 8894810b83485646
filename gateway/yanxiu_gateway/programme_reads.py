"""Reads of the base-school programme and of research themes, for one caller in one request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yanxiu_wire import programme as wire
from yanxiu_wire import studio as wire_studio
from yanxiu_wire import subjects as wire_subjects
from yanxiu_wire import themes as wire_themes
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline

from yanxiu_gateway.backend import Backend
from yanxiu_gateway.errors import granted


class ProgrammeReads:
    """What the fields about base schools ask of the visits service; `count` bounds the rows of a request."""

    def __init__(self, backend: Backend, caller: Caller, deadline: Deadline, count: Callable[[int], None]) -> None:
        self._backend = backend
        self._caller = caller
        self._deadline = deadline
        self._count = count

    async def batches(self) -> tuple[wire.BaseSchoolBatch, ...]:
        """The district's batches, newest first."""
        query = wire.ListBaseSchoolBatches(caller=self._caller)
        return granted(await self._backend.list_base_school_batches(query, deadline=self._deadline)).items

    async def programme(self, **asked: Any) -> wire.BaseSchoolProgramme:
        """How far a batch is."""
        query = wire.GetBaseSchoolProgramme(caller=self._caller, **asked)
        return granted(await self._backend.get_base_school_programme(query, deadline=self._deadline))

    async def entries(self, **asked: Any) -> wire.ProgrammeEntryPage:
        """A page of entries."""
        query = wire.ListProgrammeEntries(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_programme_entries(query, deadline=self._deadline))

    async def themes(self, **asked: Any) -> wire_themes.SchoolThemesPage:
        """A page of schools' themes."""
        query = wire_themes.ListSchoolThemes(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_school_themes(query, deadline=self._deadline))

    async def year_plans(self, **asked: Any) -> wire.SchoolYearPlans:
        """The work plans of a school year."""
        query = wire.GetSchoolYearPlans(caller=self._caller, **asked)
        return granted(await self._backend.get_school_year_plans(query, deadline=self._deadline))

    async def subjects(self) -> tuple[wire_subjects.DistrictSubjects, ...]:
        """The versions of the district's subjects, newest first."""
        query = wire_subjects.ListDistrictSubjects(caller=self._caller)
        return granted(await self._backend.list_district_subjects(query, deadline=self._deadline)).items

    async def research_days(self, **asked: Any) -> wire_subjects.ResearchDaysHeld:
        """A term against the research days."""
        query = wire_subjects.GetResearchDays(caller=self._caller, **asked)
        return granted(await self._backend.get_research_days(query, deadline=self._deadline))

    async def studios(self, **asked: Any) -> tuple[wire_studio.Studio, ...]:
        """The studios that there are on a day, by name."""
        query = wire_studio.ListStudios(caller=self._caller, **asked)
        return granted(await self._backend.list_studios(query, deadline=self._deadline)).items
