"""Set a district's subjects from a day on: the research day of each, and which are minor."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.subjects import (
    DistrictSubjects,
    DistrictSubjectsVersions,
    ListDistrictSubjects,
    SetDistrictSubjects,
)

from yanxiu_visits import refusals as general
from yanxiu_visits.programme import refusals
from yanxiu_visits.programme.subject_store import add_subjects, read_versions
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text

MOST_SUBJECTS, MOST_TEXT, DAYS_A_WEEK = 100, 200, 7


async def set_subjects(
    service: Service, district: str, command: SetDistrictSubjects, deadline: Deadline
) -> DistrictSubjects | Refused:
    """Set; SUBJECTS_MALFORMED for a subject twice or a weekday that no week has, VERSION_CHANGED."""
    refused = _malformed(command)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> DistrictSubjects | Refused:
        before = await read_versions(conn, district)
        newest = before[0].version if before else 0
        if newest != command.expected_version:
            return refusals.subjects_changed(newest)
        made = DistrictSubjects(
            version=newest + 1,
            since=command.since,
            subjects=tuple(msgspec.structs.replace(one, subject=one.subject.strip()) for one in command.subjects),
            decided_by=command.decided_by.strip(),
            set_by=command.caller.subject,
            set_at=service.clock.now(),
        )
        return made if await add_subjects(conn, district, made) else refusals.subjects_changed(made.version)

    return await once(service.databases, district, command, DistrictSubjects, deadline, work)


async def list_subjects(
    service: Service, district: str, _query: ListDistrictSubjects, _deadline: Deadline
) -> DistrictSubjectsVersions | Refused:
    """Return every version, newest first; they are public in the district."""
    async with service.databases.read(district) as conn:
        return DistrictSubjectsVersions(items=tuple(await read_versions(conn, district)))


def _malformed(command: SetDistrictSubjects) -> Refused | None:
    refused = assess_text("decided_by", command.decided_by, most=MOST_TEXT)
    if refused is None and len(command.subjects) > MOST_SUBJECTS:
        refused = general.out_of_bounds("subjects", len(command.subjects), 0, MOST_SUBJECTS)
    seen: set[str] = set()
    for at, one in enumerate(command.subjects):
        field = f"subjects[{at}]"
        refused = refused or assess_text(f"{field}.subject", one.subject, most=MOST_TEXT)
        if refused is None and one.subject.strip() in seen:
            refused = refusals.subjects_malformed(f"{field}.subject", one.subject)
        if refused is None and one.weekday is not None and not 1 <= one.weekday <= DAYS_A_WEEK:
            refused = refusals.subjects_malformed(f"{field}.weekday", one.weekday)
        seen.add(one.subject.strip())
    return refused
