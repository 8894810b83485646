"""Researchers as of a day: what they guide, where, with whom not, and when they are absent."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import researcher as wire

from yanxiu_gateway.schema.area import Area
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import (
    After,
    AsOf,
    Connection,
    Dated,
    First,
    Node,
    asked_page,
    dated,
    page_rows,
    plain_id,
    split_id,
)
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.stage import Stage
from yanxiu_gateway.schema.teacher import Teacher, school_of
from yanxiu_gateway.schema.words import wire_word

ResearcherRow = strawberry.Parent[Dated[wire.Researcher]]
ABSENCE_KIND = "缺勤的种类，如 产假、挂职。The kind of absence, such as 产假."
CONFLICT_KIND = "缘由的种类，如 亲属在校。The kind of reason, such as 亲属在校."
CAPACITY = "同一时期可联系几所学校，1 到 20。How many schools he can take at a time, between 1 and 20."
TOLD = "只告知区县两级管理人员、审计和本人。Told to the district's officers, auditors and himself alone."


@strawberry.type(
    name="ConflictOfInterest",
    description="不得安排到某所学校的回避关系。A school that a researcher may not be assigned to, and why.",
)
class ConflictOfInterest:
    """A conflict of interest."""

    school: School | None = strawberry.field(resolver=school_of, description="所涉学校。The school.")
    kind: str = strawberry.field(description=CONFLICT_KIND)


@strawberry.type(name="Absence", description="一段缺勤，首尾两天都算在内。An absence; both days included.")
class Absence:
    """An absence."""

    since: date = strawberry.field(description="自哪天起。First day.")
    until: date | None = strawberry.field(description="至哪天止，未定则为空。Last day; null while it goes on.")
    kind: str = strawberry.field(description=ABSENCE_KIND)


async def teacher_of(root: ResearcherRow, info: Info) -> Any:
    """The person, as far as the caller sees him as a teacher."""
    return dated(await info.context.loaders.teacher(root.id, root.as_of), root.as_of)


async def areas_of(root: ResearcherRow, info: Info) -> Any:
    """The areas, as of the same day."""
    people = info.context.loaders.people
    found = await asyncio.gather(*(people.area(one, root.as_of) for one in root.view.areas))
    return [dated(one, root.as_of) for one in found if one is not None]


def conflicts_of(root: ResearcherRow) -> Any:
    """The conflicts, which remember the day."""
    return [Dated(one, root.as_of) for one in root.view.conflicts]


@strawberry.type(
    name="Researcher",
    description="一位研训员在某一天的情况。A researcher (研训员) as of a day; a teacher of the register.",
)
class Researcher(Node):
    """A researcher."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A dated researcher is shown as this type."""
        return isinstance(obj, Dated) and isinstance(obj.view, wire.Researcher)

    teacher: Teacher | None = strawberry.field(
        resolver=teacher_of, description="其教师档案；不在可见范围时为空。The teacher; null when out of scope."
    )
    subjects: list[str] = strawberry.field(description="所负责的学科。The subjects guided.")
    stages: list[Stage] = strawberry.field(description="所负责的任教学段。The stages guided.")
    areas: list[Area] | None = strawberry.field(
        resolver=areas_of, description="所负责的片区，空列表为全区。The areas; an empty list is the whole district."
    )
    capacity: int = strawberry.field(description=CAPACITY)
    conflicts: list[ConflictOfInterest] = strawberry.field(
        resolver=conflicts_of, description=f"需回避的学校。{TOLD} The schools he may not be assigned to."
    )
    absences: list[Absence] = strawberry.field(
        description=f"历次及已知将来的缺勤。{TOLD} All absences, those to come too."
    )
    begins_on: date = strawberry.field(description="聘任第一天。First day as a researcher.")
    ends_on: date | None = strawberry.field(description="聘任最后一天，未定则为空。Last day; null while it goes on.")
    version: int = strawberry.field(description="版本号，每次改动加一。Grows by one with every change.")


def plain_researcher(text: str) -> str:
    """The register's id: a researcher goes by the teacher's, and is found by either."""
    return split_id(text)[1] if split_id(text)[0] in {"Researcher", "Teacher"} else text


ResearcherId = Annotated[
    strawberry.ID,
    strawberry.argument(name="id", description="研训员编号，或其教师编号。The researcher's id, or the teacher's."),
]
InSubject = Annotated[
    str | None, strawberry.argument(description="只要负责这个学科的。Only those who guide this subject.")
]
InStage = Annotated[
    Stage | None, strawberry.argument(description="只要负责这个学段的。Only those who guide this stage.")
]
InArea = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="只要负责这个片区的，含负责全区的。Only those of this area or of the whole district."
    ),
]


async def get_researcher(info: Info, researcher: ResearcherId, as_of: AsOf = None) -> Any:
    """One researcher; None for one who is none here."""
    return dated(await info.context.loaders.people.researcher(plain_researcher(researcher), as_of), as_of)


async def list_researchers(
    info: Info,
    first: First = 50,
    after: After = None,
    subject: InSubject = None,
    stage: InStage = None,
    area: InArea = None,
    as_of: AsOf = None,
) -> Any:
    """A page of the district's researchers."""
    page = await info.context.loaders.people.researchers(
        page=asked_page(first, after),
        as_of=as_of,
        subject=subject,
        stage=wire_word(stage),
        area=None if area is None else plain_id("Area", area),
    )
    return page_rows(page, after, as_of)


@strawberry.type(description="研训员的查询。What can be asked about researchers.")
class ResearcherQueries:
    """Root fields."""

    researcher: Researcher | None = strawberry.field(
        resolver=get_researcher,
        description="按编号取一位研训员；不存在时为空。One researcher by id; null when there is none.",
    )
    researchers: Connection[Researcher] | None = strawberry.field(
        resolver=list_researchers, description="当日在聘的研训员。Those who are researchers on the day."
    )
