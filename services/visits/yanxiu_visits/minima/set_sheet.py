"""Set the columns of a district's own assessment sheet from a day on, and read its versions."""

from __future__ import annotations

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.calendar import read_every_term
from yanxiu_footing.refusals import refuse
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.work_assessment import (
    AssessmentSheet,
    AssessmentSheets,
    ListAssessmentSheets,
    SetAssessmentSheet,
)

from yanxiu_visits.minima.assess_sheet import assess_columns
from yanxiu_visits.minima.ground import read_ground
from yanxiu_visits.minima.list_assessments import measures_of
from yanxiu_visits.minima.sheet_store import add_sheet, read_sheets
from yanxiu_visits.recording.assess_work import FIGURES
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text

MOST_DECISION = 200


async def set_sheet(
    service: Service, district: str, command: SetAssessmentSheet, deadline: Deadline
) -> AssessmentSheet | Refused:
    """Set; NOT_ONE_OF for a column of what the law of its first term does not measure, VERSION_CHANGED."""
    refused = assess_text("decided_by", command.decided_by, most=MOST_DECISION)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> AssessmentSheet | Refused:
        before = await read_sheets(conn, district)
        newest = before[0].version if before else 0
        if newest != command.expected_version:
            return _changed(newest)
        measures = await _measures(service, conn, district, command.since)
        if isinstance(measures, Refused):
            return measures
        refused = assess_columns(command.columns, measures, FIGURES)
        if refused is not None:
            return refused
        made = AssessmentSheet(
            version=newest + 1,
            since=command.since,
            columns=command.columns,
            decided_by=command.decided_by.strip(),
            set_by=command.caller.subject,
            set_at=service.clock.now(),
        )
        return made if await add_sheet(conn, district, made) else _changed(made.version)

    return await once(service.databases, district, command, AssessmentSheet, deadline, work)


async def _measures(service: Service, conn: AsyncConnection, district: str, since: date) -> tuple[str, ...] | Refused:
    """What the law measures in the first term that the sheet is for, or in the last one that the calendar has."""
    terms = await read_every_term(conn, district)
    due = [one for one in terms if one.ends_on >= since] or terms[-1:]
    if not due:
        return _no_term(since)
    ground = await read_ground(service, conn, district, due[0].id, None)
    return ground if isinstance(ground, Refused) else measures_of([ground])


async def list_sheets(
    service: Service, district: str, _query: ListAssessmentSheets, _deadline: Deadline
) -> AssessmentSheets | Refused:
    """Return every version, newest first."""
    async with service.databases.read(district) as conn:
        return AssessmentSheets(items=tuple(await read_sheets(conn, district)))


def _changed(version: int) -> Refused:
    return refuse(
        "VERSION_CHANGED",
        field="expected_version",
        value=version,
        zh=f"考核表已是第{version}版。" if version else "尚未设定考核表。",
        en=f"The sheet is at version {version}." if version else "No sheet is set yet.",
        remedy=("请查看最新一版后再设定。", "Look at the newest version, then set it."),
    )


def _no_term(since: date) -> Refused:
    return refuse(
        "TERM_UNKNOWN",
        field="since",
        value=since,
        zh="校历中还没有学期，无从核对各列。",
        en="The calendar has no term yet, so that the columns cannot be checked.",
        remedy=("请先登记学期。", "Enter a term first."),
    )
