"""Reads of terms against their minima, of coverage and of assessments, for one caller in one request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yanxiu_wire import coverage as wire_coverage
from yanxiu_wire import minima as wire
from yanxiu_wire import organisation as wire_organisation
from yanxiu_wire import work_assessment as wire_assessment
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline

from yanxiu_gateway.backend import Backend
from yanxiu_gateway.errors import granted


class MinimaReads:
    """What the fields about minima ask of the visits service; `count` bounds the rows of a request."""

    def __init__(self, backend: Backend, caller: Caller, deadline: Deadline, count: Callable[[int], None]) -> None:
        self._backend = backend
        self._caller = caller
        self._deadline = deadline
        self._count = count

    async def term(self, **asked: Any) -> wire.TermMinima:
        """A researcher's term."""
        query = wire.GetTermMinima(caller=self._caller, **asked)
        return granted(await self._backend.get_term_minima(query, deadline=self._deadline))

    async def terms(self, **asked: Any) -> wire.TermMinimaPage:
        """A page of the terms of researchers."""
        query = wire.ListTermMinima(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_term_minima(query, deadline=self._deadline))

    async def coverage(self, **asked: Any) -> wire_coverage.CoveragePage:
        """A page of the map of coverage."""
        query = wire_coverage.ListCoverage(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_coverage(query, deadline=self._deadline))

    async def assessments(self, **asked: Any) -> wire_assessment.WorkAssessmentPage:
        """A page of what assessments rest on."""
        query = wire_assessment.ListWorkAssessments(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_work_assessments(query, deadline=self._deadline))

    async def organisations(self, **asked: Any) -> wire_organisation.SchoolOrganisationPage:
        """A page of how schools are organised."""
        query = wire_organisation.ListSchoolOrganisations(caller=self._caller, **asked)
        self._count(query.page.first)
        return granted(await self._backend.list_school_organisations(query, deadline=self._deadline))

    async def sheets(self) -> tuple[wire_assessment.AssessmentSheet, ...]:
        """The versions of the district's assessment sheet, newest first."""
        query = wire_assessment.ListAssessmentSheets(caller=self._caller)
        return granted(await self._backend.list_assessment_sheets(query, deadline=self._deadline)).items
