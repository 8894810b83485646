"""scheduleRegularInspections: the regular inspections of a school year for many schools, each row by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import regular_inspections as wire

from yanxiu_gateway.names import graphql_path
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_school
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, UserError, UserErrorRow, carried_out, item_of
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.supervision import Inspection

Row = strawberry.Parent[Any]
_NAMES = {"team": "teamId", "school": "schoolId", "supervisors": "supervisorIds"}


school_of = named_school("school")


def errors_of(root: Row) -> Any:
    """Why a row was not entered, with the input's own field."""
    where = f"input.rows[{root.row}]."
    return [UserErrorRow(one, where + graphql_path(one.field, _NAMES).removeprefix("input.")) for one in root.errors]


@strawberry.type(name="InspectionRowRefused", description="未安排的一行及原因。A row that was not entered, and why.")
class InspectionRowRefused:
    """A row."""

    row: int = strawberry.field(description="第几行，从 0 起。Its place in the list, from 0.")
    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    errors: list[UserError] = strawberry.field(resolver=errors_of, description="原因。Why.")


@strawberry.type(name="RegularInspections", description="逐行的结果。What came of each row.")
class RegularInspections:
    """Rows entered and refused."""

    entered: list[Inspection] = strawberry.field(description="已安排的督导。What was entered.")
    refused: list[InspectionRowRefused] = strawberry.field(description="未安排的各行。Rows that were not.")


@strawberry.type(
    name="ScheduleRegularInspectionsPayload", description="批量安排定期督导的结果。What entering many came to."
)
class ScheduleRegularInspectionsPayload(Payload):
    """Rows or errors of the whole."""

    inspections: RegularInspections | None = strawberry.field(resolver=item_of, description="逐行的结果。The rows.")


@strawberry.input(name="RegularInspectionInput", description="一所学校的定期督导。The regular inspection of a school.")
class RegularInspectionInput:
    """A row."""

    school_id: strawberry.ID = strawberry.field(description="学校编号。The school's id.")
    due_on: date = strawberry.field(description="安排在哪天。The day.")
    supervisor_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="实施督导的人，默认同上。Who holds it; those of the whole by default."
    )


@strawberry.input(name="ScheduleRegularInspectionsInput", description="scheduleRegularInspections 的输入。Its input.")
class ScheduleRegularInspectionsInput:
    """Rows."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    school_year: str = strawberry.field(description="学年，如2024-2025。The school year.")
    team_id: strawberry.ID = strawberry.field(description="团队编号。The team's id.")
    supervisor_ids: list[strawberry.ID] = strawberry.field(
        description="团队中实施督导的人，各行未另列时。Who of the team holds them, where a row names nobody."
    )
    rows: list[RegularInspectionInput] = strawberry.field(description="各校，至多1000行。The schools, 1000 at most.")


async def schedule_regular_inspections(
    info: Info,
    given: Annotated[
        ScheduleRegularInspectionsInput, strawberry.argument(name="input", description="输入。The input.")
    ],
) -> Any:
    """Enter many."""
    rows = tuple(
        wire.RegularInspection(
            school=plain_id("School", one.school_id), due_on=one.due_on, supervisors=_people(one.supervisor_ids)
        )
        for one in given.rows
    )
    command = wire.ScheduleRegularInspections(
        caller=info.context.caller,
        key=given.idempotency_key,
        school_year=given.school_year,
        team=plain_id("SupervisionTeam", given.team_id),
        supervisors=_people(given.supervisor_ids),
        rows=rows,
    )
    return await carried_out(info, info.context.backend.schedule_regular_inspections, command, _NAMES)


def _people(ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(plain_id("Teacher", one) for one in ids)


@strawberry.type(description="批量安排定期督导。Entering regular inspections of many schools.")
class RegularInspectionMutations:
    """Root fields."""

    schedule_regular_inspections: ScheduleRegularInspectionsPayload | None = strawberry.mutation(
        resolver=schedule_regular_inspections,
        description="一次安排多校的定期督导：逐行办理，已安排的不重复。"
        "Enter the regular inspections of many schools: row by row, none twice.",
    )
