"""Areas, researchers and groups of the synthetic districts, answered like the registry."""

from __future__ import annotations

from typing import Any

import msgspec
from yanxiu_wire import area as wire_area
from yanxiu_wire import leading_group as wire_leading
from yanxiu_wire import research_group as wire_group
from yanxiu_wire import researcher as wire_researcher

from tests.gateway.land import DAY, Land

GROUPS = 3


def page_of(kind: Any, rows: list[Any]) -> Any:
    return kind(items=tuple(rows), cursors=tuple(one.id for one in rows), has_next=False, total=len(rows))


class PeopleWorld:
    """One area, a researcher for each school, some groups for each school, a leading group for each."""

    # ---- areas ---------------------------------------------------------------------------------------------------

    def _area(self, land: Land) -> wire_area.Area:
        return wire_area.Area(id=f"{land.district.id}-area", name="城东片区", begins_on=DAY)

    def create_area(self, land: Land, command: Any) -> Any:
        return msgspec.structs.replace(self._area(land), id="new", name=command.name)

    def correct_area(self, land: Land, command: Any) -> Any:
        return msgspec.structs.replace(self._area(land), version=2, **command.changes)

    def get_areas(self, land: Land, query: Any) -> Any:
        area = self._area(land)
        return wire_area.Areas(items=tuple(area if one == area.id else None for one in query.ids))

    def list_areas(self, land: Land, _query: Any) -> Any:
        return wire_area.Areas(items=(self._area(land),))

    # ---- researchers ---------------------------------------------------------------------------------------------

    def _researchers(self, land: Land) -> dict[str, wire_researcher.Researcher]:
        schools = list(land.schools)
        first = {home: one for one in reversed(land.teachers.values()) if (home := one.school)}
        return {
            first[home].id: wire_researcher.Researcher(
                id=first[home].id,
                subjects=("数学",),
                stages=("primary", "junior"),
                areas=(self._area(land).id,),
                conflicts=(wire_researcher.ConflictOfInterest(school=schools[place - 1], kind="亲属在校"),),
                absences=(wire_researcher.Absence(since=DAY, kind="产假"),),
                begins_on=DAY,
            )
            for place, home in enumerate(schools)
        }

    def enrol_researcher(self, _land: Land, command: Any) -> Any:
        given = {name: getattr(command, name) for name in ("subjects", "stages", "areas", "capacity", "conflicts")}
        return wire_researcher.Researcher(id=command.teacher, begins_on=command.begins_on, **given)

    def _changed(self, land: Land, command: Any, **changes: Any) -> Any:
        return msgspec.structs.replace(self._researchers(land)[command.researcher], version=2, **changes)

    def correct_researcher(self, land: Land, command: Any) -> Any:
        kinds = {field.name: field.type for field in msgspec.structs.fields(wire_researcher.Researcher)}
        return self._changed(land, command, **{k: msgspec.convert(v, kinds[k]) for k, v in command.changes.items()})

    def end_researcher(self, land: Land, command: Any) -> Any:
        return self._changed(land, command, ends_on=command.ends_on)

    def record_absence(self, land: Land, command: Any) -> Any:
        absence = wire_researcher.Absence(since=command.since, until=command.until, kind=command.kind)
        return self._changed(land, command, absences=(absence,))

    def correct_absence(self, land: Land, command: Any) -> Any:
        return self._changed(land, command, absences=() if command.take_back else None)

    def get_researchers(self, land: Land, query: Any) -> Any:
        known = self._researchers(land)
        return wire_researcher.Researchers(items=tuple(known.get(one) for one in query.ids))

    def list_researchers(self, land: Land, _query: Any) -> Any:
        return page_of(wire_researcher.ResearcherPage, list(self._researchers(land).values()))

    # ---- groups --------------------------------------------------------------------------------------------------

    def _groups(self, land: Land) -> dict[str, wire_group.ResearchGroup]:
        at = {home: [one.id for one in land.teachers.values() if one.school == home] for home in land.schools}
        made = [
            wire_group.ResearchGroup(
                id=f"{home}-group-{number}",
                kind="学科教研组",
                name=f"虚构教研组{number}",
                school=home,
                leader=at[home][0],
                members=tuple(at[home][1:]),
                formed_on=DAY,
            )
            for home in land.schools
            for number in range(GROUPS)
        ]
        return {one.id: one for one in made}

    def form_research_group(self, _land: Land, command: Any) -> Any:
        names = ("kind", "name", "subject", "school", "area", "leader", "members", "formed_on", "filed_on")
        return wire_group.ResearchGroup(id="new", **{name: getattr(command, name) for name in names})

    def correct_research_group(self, land: Land, command: Any) -> Any:
        changes = {name: tuple(one) if name == "members" else one for name, one in command.changes.items()}
        return msgspec.structs.replace(self._groups(land)[command.group], version=2, **changes)

    def file_research_group(self, land: Land, command: Any) -> Any:
        return msgspec.structs.replace(self._groups(land)[command.group], filed_on=command.filed_on)

    def archive_research_group(self, land: Land, command: Any) -> Any:
        return msgspec.structs.replace(self._groups(land)[command.group], archived_on=command.archived_on)

    def get_research_groups(self, land: Land, query: Any) -> Any:
        known = self._groups(land)
        return wire_group.ResearchGroups(items=tuple(known.get(one) for one in query.ids))

    def list_research_groups(self, land: Land, query: Any) -> Any:
        rows = [one for one in self._groups(land).values() if query.school in (None, one.school)]
        return page_of(wire_group.ResearchGroupPage, rows)

    def _leading(self, land: Land) -> dict[str, wire_leading.LeadingGroup]:
        head = wire_leading.LeadingMember(part="head", post="校长", teacher=next(iter(land.teachers)))
        vice = wire_leading.LeadingMember(part="in-charge", post="副校长")
        made = [
            wire_leading.LeadingGroup(
                id=f"{home}-leading", kind="行动小组", school=home, members=(head, vice), begins_on=DAY
            )
            for home in land.schools
        ]
        return {one.id: one for one in made}

    def set_up_leading_group(self, _land: Land, command: Any) -> Any:
        names = ("kind", "school", "members", "remark", "begins_on")
        return wire_leading.LeadingGroup(id="new", **{name: getattr(command, name) for name in names})

    def correct_leading_group(self, land: Land, command: Any) -> Any:
        changes = dict(command.changes)
        if "members" in changes:
            changes["members"] = msgspec.convert(changes["members"], tuple[wire_leading.LeadingMember, ...])
        return msgspec.structs.replace(self._leading(land)[command.group], version=2, **changes)

    def get_leading_groups(self, land: Land, query: Any) -> Any:
        known = self._leading(land)
        return wire_leading.LeadingGroups(items=tuple(known.get(one) for one in query.ids))

    def list_leading_groups(self, land: Land, _query: Any) -> Any:
        return page_of(wire_leading.LeadingGroupPage, list(self._leading(land).values()))
