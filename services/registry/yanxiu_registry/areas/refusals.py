"""The expected refusals about areas."""

from __future__ import annotations

from datetime import date

from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.areas.facts import AreaFacts
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.refusals import item, out_of_order


def area_unknown(field: str, value: str) -> RefusalItem:
    """There is no such area."""
    return item(
        "AREA_UNKNOWN",
        field,
        value,
        ("没有此片区", "请从片区名录中选择"),
        ("there is no such area", "choose an area of the register"),
    )


def area_in_use(field: str, day: date, first: date, last: date) -> RefusalItem:
    """The area would not be there on days on which schools or groups belong to it."""
    until = "" if last == date.max else str(last)
    return item(
        "AREA_IN_USE",
        field,
        day,
        (
            f"自 {first} 起至{until or '今后'}有学校或教研组属于此片区",
            "请先把它们改归其他片区，或换一个日期",
        ),
        (
            f"schools or groups belong to the area from {first} {f'to {until}' if until else 'on'}",
            "put them into another area first, or choose another day",
        ),
    )


def area_faults(
    field: str, value: str, area: Entry[AreaFacts] | None, since: date, since_field: str = "since"
) -> list[RefusalItem]:
    """Why something cannot belong to the area from a day on: it is not there, not yet there, or about to end."""
    if area is None:
        return [area_unknown(field, value)]
    if since < area.begins_on:
        return [out_of_order(since_field, since, area.begins_on, "片区起始日", "the area's first day")]
    if area.ends_on is not None:
        return [
            item(
                "AREA_ENDED",
                field,
                value,
                (f"此片区于 {area.ends_on} 撤销", "请选择仍在的片区"),
                (f"the area ends on {area.ends_on}", "choose an area that goes on"),
            )
        ]
    return []
