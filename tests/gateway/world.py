"""Two synthetic districts in memory, answering every endpoint: called in process, or served on a real bus."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from yanxiu_wire import calendar_year, public_names, registry, roster_import
from yanxiu_wire import credits as wire_credits
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import term as wire_term
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import ServiceUnavailable
from yanxiu_wire.message import Page
from yanxiu_wire.refusal import RefusalItem, Refused

from tests.gateway.land import EXPLANATION, RECORDS, Land, record, school, teacher
from tests.gateway.people_world import PeopleWorld


def refuse(code: str, field: str, value: Any = None, clauses: tuple[str, ...] = ()) -> Refused:
    return Refused(
        errors=(
            RefusalItem(
                code=code,
                field=field,
                value=value,
                clauses=clauses,
                message_zh=f"{field} 不对。",
                message_en=f"{field} is wrong.",
                remedy_zh="请更正。",
                remedy_en="Correct it.",
            ),
        )
    )


class World(PeopleWorld):
    """Answers like the services; `calls` tells what was asked of whom, `down` and `broken` make them fail."""

    def __init__(self) -> None:
        self.lands = {name: Land(name) for name in ("puer", "putuo")}
        self.calls: list[tuple[str, str, Any]] = []
        self.deadlines: list[Deadline] = []
        self.down: set[str] = set()
        self.broken: Exception | None = None
        self.answered: dict[tuple[str, str], Any] = {}

    async def call(
        self, endpoint: Endpoint[Any, Any], request: Any, *, district: str, deadline: Deadline | None = None
    ) -> Any:
        """As `Bus.call`, through the real encoding and back."""
        asked = decode(endpoint.request, encode(request))
        if endpoint.service in self.down:
            raise ServiceUnavailable(endpoint.service)
        return decode(endpoint.reply, encode(await self.handle(endpoint)(district, asked, deadline)))

    def handle(self, endpoint: Endpoint[Any, Any]) -> Callable[..., Any]:
        """The handler of an endpoint, as `Bus.serve` takes it."""
        method = getattr(self, endpoint.verb.replace("-", "_"))

        async def answer(district: str, request: Any, deadline: Deadline) -> Any:
            self.calls.append((f"{endpoint.service}.{endpoint.verb}", district, request))
            self.deadlines.append(deadline)
            if self.broken is not None:
                raise self.broken
            if not endpoint.writes:
                return self._read(method, district, request)
            return self._once(endpoint, method, district, request)

        return answer

    def _read(self, method: Callable[..., Any], district: str, request: Any) -> Any:
        if isinstance(request, registry.ListDistricts):
            return method(request)
        if district not in self.lands or request.caller.district != district:
            return refuse("DISTRICT_UNKNOWN", "district", district)
        return method(self.lands[district], request)

    def _once(self, endpoint: Endpoint[Any, Any], method: Callable[..., Any], district: str, request: Any) -> Any:
        known = self.answered.get((district, request.key))
        if known is not None:
            return msgspec.structs.replace(known, replayed=True) if hasattr(known, "replayed") else known
        if endpoint in (registry.CREATE_DISTRICT, registry.BIND_RULE_PACK):
            if request.caller.role != "platform-operator":
                return refuse("FORBIDDEN", "", None)
            reply = method(district, request)
        else:
            reply = self._read(method, district, request)
        if not isinstance(reply, Refused):
            self.answered[district, request.key] = reply
        return reply

    # ---- registry ----------------------------------------------------------------------------------------------

    def create_district(self, district: str, _command: Any) -> Any:
        self.lands[district] = Land(district)
        return self.lands[district].district

    def correct_district(self, land: Land, command: Any) -> Any:
        return msgspec.structs.replace(land.district, name_zh=command.name_zh)

    def list_districts(self, query: Any) -> Any:
        if query.caller.role != "platform-operator":
            return refuse("FORBIDDEN", "caller.role", query.caller.role)
        return _page(registry.DistrictPage, [land.district for land in self.lands.values()], query.page)

    def bind_rule_pack(self, district: str, command: Any) -> Any:
        if district not in self.lands:
            return refuse("DISTRICT_UNKNOWN", "district", district)
        if "no_such" in command.settings:
            return refuse("SETTING_INVALID", "settings.no_such", "1")
        bound = registry.PackBinding(pack=command.pack, since=command.since, settings=command.settings)
        return msgspec.structs.replace(self.lands[district].district, bindings=(bound,))

    def get_district(self, land: Land, _query: Any) -> Any:
        return land.district

    def create_school(self, land: Land, command: Any) -> Any:
        if any(one.code == command.code for one in land.schools.values()):
            return refuse("CODE_TAKEN", "code", command.code)
        made = msgspec.structs.replace(school("new", 1), code=command.code, name=command.name, stage=command.stage)
        land.schools[made.id] = made
        return made

    def correct_school(self, land: Land, command: Any) -> Any:
        if command.school not in land.schools:
            return refuse("SCHOOL_UNKNOWN", "school", command.school)
        if command.changes.get("name") == "":
            return refuse("EMPTY", "changes.name", "")
        return msgspec.structs.replace(land.schools[command.school], version=2, **command.changes)

    def get_schools(self, land: Land, query: Any) -> Any:
        return registry.Schools(items=tuple(land.schools.get(one) for one in query.ids))

    def list_schools(self, land: Land, query: Any) -> Any:
        return _page(registry.SchoolPage, list(land.schools.values()), query.page)

    def create_teacher(self, land: Land, command: Any) -> Any:
        if command.school not in land.schools:
            return refuse("SCHOOL_UNKNOWN", "school", command.school)
        made = msgspec.structs.replace(teacher("new", 1, command.school), staff_number=command.staff_number)
        land.teachers[made.id] = made
        return made

    def correct_teacher(self, land: Land, command: Any) -> Any:
        if command.teacher not in land.teachers:
            return refuse("TEACHER_UNKNOWN", "teacher", command.teacher)
        changes = {name: value for name, value in command.changes.items() if name == "name"}
        return msgspec.structs.replace(land.teachers[command.teacher], version=2, **changes)

    def employ_teacher(self, land: Land, command: Any) -> Any:
        if command.teacher not in land.teachers:
            return refuse("TEACHER_UNKNOWN", "teacher", command.teacher)
        if command.school not in land.schools:
            return refuse("SCHOOL_UNKNOWN", "school", command.school)
        return msgspec.structs.replace(land.teachers[command.teacher], school=command.school)

    def correct_employment(self, land: Land, command: Any) -> Any:
        if command.teacher not in land.teachers:
            return refuse("TEACHER_UNKNOWN", "teacher", command.teacher)
        if command.changes.get("school") not in land.schools:
            return refuse("SCHOOL_UNKNOWN", "changes.school", command.changes.get("school"))
        return msgspec.structs.replace(land.teachers[command.teacher], school=command.changes["school"])

    def get_teachers(self, land: Land, query: Any) -> Any:
        found = [land.teachers.get(one) for one in query.ids]
        if query.reveal:
            found = [one and msgspec.structs.replace(one, national_id="530000199001010011") for one in found]
        return wire_teacher.Teachers(items=tuple(found))

    def list_teachers(self, land: Land, query: Any) -> Any:
        pages = [
            _page(
                wire_teacher.TeacherPage,
                [one for one in land.teachers.values() if home in (None, one.school)],
                query.page,
            )
            for home in query.schools or (None,)
        ]
        return wire_teacher.TeacherPages(pages=tuple(pages))

    def get_public_names(self, land: Land, query: Any) -> Any:
        found = [land.teachers.get(one) for one in query.teachers]
        return public_names.PublicNames(items=tuple(one and one.name for one in found))

    def set_term(self, land: Land, command: Any) -> Any:
        if command.ends_on <= command.starts_on:
            return refuse("TERM_EMPTY", "ends_on", command.ends_on.isoformat())
        return msgspec.structs.replace(land.terms[0], number=command.number)

    def list_terms(self, land: Land, query: Any) -> Any:
        begun = (one for one in land.terms if query.as_of is None or one.starts_on <= query.as_of)
        return wire_term.Terms(items=tuple(begun))

    def set_calendar_days(self, _land: Land, command: Any) -> Any:
        if not command.notice:
            return refuse("VALUE_INVALID", "notice", "")
        given = {name: getattr(command, name) for name in ("year", "holidays", "workdays", "notice")}
        return calendar_year.CalendarYear(**given)

    def list_calendar_years(self, _land: Land, _query: Any) -> Any:
        year = calendar_year.CalendarYear(
            year=2025, holidays=(date(2025, 5, 1),), workdays=(date(2025, 4, 27),), notice="虚构通知"
        )
        return calendar_year.CalendarYears(items=(year,))

    def stage_roster(self, _land: Land, command: Any) -> Any:
        return roster_import.RosterStaged(roster=command.roster, rows=len(command.rows))

    def check_roster(self, _land: Land, query: Any) -> Any:
        if query.roster == "unknown":
            return refuse("ROSTER_UNKNOWN", "roster", "unknown")
        item = refuse("DATE_WRONG", "hired_on", "2024-13-01").errors[0]
        error = roster_import.RowError(row=3, column="入职日期", value="2024-13-01", item=item)
        return roster_import.RosterReport(
            roster=query.roster, rows=1, created=0, corrected=0, moved=0, unchanged=0, errors=(error,), error_count=1
        )

    def apply_roster(self, _land: Land, command: Any) -> Any:
        return roster_import.RosterReport(
            roster=command.roster, rows=1, created=1, corrected=0, moved=0, unchanged=0, applied=True
        )

    def undo_roster(self, _land: Land, command: Any) -> Any:
        return roster_import.RosterUndone(roster=command.roster, undone=1)

    # ---- credits -----------------------------------------------------------------------------------------------

    def propose_project(self, _land: Land, command: Any) -> Any:
        return wire_credits.Project(
            id="new-project", title=command.title, organiser=command.organiser, facts=command.facts, state="proposed"
        )

    def decide_project(self, land: Land, command: Any) -> Any:
        if command.project not in land.projects:
            return refuse("PROJECT_UNKNOWN", "project", command.project)
        state = "approved" if command.approve else "returned"
        return msgspec.structs.replace(land.projects[command.project], state=state, return_reason=command.reason)

    def get_projects(self, land: Land, query: Any) -> Any:
        return wire_credits.Projects(items=tuple(land.projects.get(one) for one in query.ids))

    def list_projects(self, land: Land, query: Any) -> Any:
        return _page(wire_credits.ProjectPage, list(land.projects.values()), query.page)

    def register_training(self, land: Land, command: Any) -> Any:
        if command.teacher not in land.teachers:
            return refuse("TEACHER_UNKNOWN", "teacher", command.teacher)
        if command.project is not None and command.project not in land.projects:
            return refuse("PROJECT_UNKNOWN", "project", command.project)
        if Decimal(command.facts.get("score", "0")) > 100:
            return refuse("FACT_OUT_OF_RANGE", "facts.score", command.facts["score"], ("PUER-11-3",))
        made = record(land.teachers[command.teacher], 99, facts=command.facts, explanation=EXPLANATION, on=command.on)
        return wire_credits.TrainingRegistered(record=made)

    def get_records(self, land: Land, query: Any) -> Any:
        found = [land.records.get(one) for one in query.ids]
        if query.explain:
            found = [one and msgspec.structs.replace(one, explanation=EXPLANATION) for one in found]
        return wire_credits.Records(items=tuple(found))

    def list_records(self, land: Land, query: Any) -> Any:
        pages = [
            _page(
                wire_credits.RecordPage,
                [one for one in land.records.values() if owner in (None, one.teacher)],
                query.page,
            )
            for owner in query.teachers or (None,)
        ]
        return wire_credits.RecordPages(pages=tuple(pages))

    def get_totals(self, land: Land, query: Any) -> Any:
        return wire_credits.Totals(
            items=tuple(
                wire_credits.Total(teacher=one, hours=Decimal("90"), credits=Decimal("109.5"), records=RECORDS)
                if one in land.teachers
                else None
                for one in query.teachers
            )
        )

    def get_standings(self, land: Land, query: Any) -> Any:
        if query.kind == "no-such-kind":
            return refuse("KIND_UNKNOWN", "kind", query.kind)
        return wire_credits.Standings(
            items=tuple(_standing(one, query.kind) if one in land.teachers else None for one in query.teachers)
        )

    def list_entries(self, land: Land, query: Any) -> Any:
        rows = [one for one in land.entries if query.teacher in (None, one.teacher)]
        return _page(wire_credits.EntryPage, rows, query.page)

    def verify_ledger(self, land: Land, _query: Any) -> Any:
        return wire_credits.LedgerVerified(entries=len(land.entries), head="ff")


def _page(kind: Any, rows: list[Any], page: Page) -> Any:
    start = int(page.after) if page.after and page.after.isdigit() else 0
    shown = rows[start : start + page.first]
    return kind(
        items=tuple(shown),
        cursors=tuple(str(start + n + 1) for n in range(len(shown))),
        has_next=start + page.first < len(rows),
        total=len(rows),
    )


def _standing(owner: str, kind: str) -> wire_credits.Standing:
    finding = wire_credits.Finding(
        clause="PUER-10-2",
        measure="hours",
        label_zh="全年学时",
        label_en="hours of the year",
        unit="学时",
        operator=">=",
        threshold=Decimal("72"),
        earned=Decimal("59.5"),
        shortfall=Decimal("12.5"),
        met=False,
        binding=True,
    )
    return wire_credits.Standing(
        teacher=owner,
        kind=kind,
        label="2024年度",
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 12, 31),
        verdict="FAIL",
        hours=Decimal("59.5"),
        credits=Decimal("59.5"),
        recognised_hours=Decimal(0),
        recognised_credits=Decimal(0),
        hours_unit="学时",
        credits_unit="学分",
        findings=(finding,),
        explanation=EXPLANATION,
    )
