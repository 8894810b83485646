"""What the visits service asks of these opinions: groups, the leading group, whether professionals came to a school.

They place no researcher at a school for a time, so that nothing is planned and no term of field work is judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from yanxiu_rulekit import (
    Asked,
    Law,
    Leadership,
    SchoolGroups,
    SupervisionYear,
    VisitQuestion,
    VisitRules,
)

from yanxiu_putuo.words import STAGES


def asked_of_groups(groups: SchoolGroups, law: Law) -> Iterator[Asked]:
    """PUTUO-4-2a: groups for a project (workshops, topic and project groups) are a school's learning communities."""
    if _addressed(groups.school.stage, law):
        made = [{"kind": "项目组"} for one in groups.groups if one.kind == "project"]
        yield Asked(kind="communities", given={"communities": made}, of=groups.school.id)


def asked_of_leading_group(group: Leadership, law: Law) -> Iterator[Asked]:
    """PUTUO-6-1b: a school's leading group; members and those in charge are its management team."""
    if group.school is not None and _addressed(group.school.stage, law):
        team = [*group.members, *group.in_charge]
        given = {"head": group.head, "deputies": list(group.deputies), "team": team}
        yield Asked(kind="leading_group", given=given, of=group.school.id)


def asked_of_supervision(year: SupervisionYear, law: Law) -> Iterator[Asked]:
    """PUTUO-6-5b: an inspection of a school by the institute's team is a visit of professionals."""
    addressed = [one for one in year.schools if _addressed(year.stages.get(one), law)]
    visits = [{"school": one.school, "on": one.on} for one in year.events]
    name = f"{year.year}-{year.year + 1}"
    yield Asked(kind="professional_visits", given={"school_year": name, "schools": addressed, "visits": visits})


def _addressed(stage: str | None, law: Law) -> bool:
    """PUTUO-0-1: the schools that the notice was sent to; a stage that is not known is in order."""
    return stage is None or bool(law.addressed_stages[STAGES[stage]])


VISIT_RULES = VisitRules(
    groups=VisitQuestion(kinds=("communities",), asks=asked_of_groups),
    leading_group=VisitQuestion(kinds=("leading_group",), asks=asked_of_leading_group),
    supervision=VisitQuestion(kinds=("professional_visits",), asks=asked_of_supervision),
)
