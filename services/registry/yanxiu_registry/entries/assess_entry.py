"""Pure: whether an entry may be corrected from a day on as asked, and the entry that comes of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.assess_text import text_fault
from yanxiu_registry.entries.entry import Entry, F
from yanxiu_registry.history import amend, begin_on
from yanxiu_registry.refusals import item, out_of_order, too_late, value_invalid


class Bounds(msgspec.Struct, frozen=True):
    """How messages call an entry's first and last day."""

    begins: str = "begins_on"
    ends: str = "ends_on"


BOUNDS = Bounds()
_FIRST = ("起始日", "its first day")
_LAST = ("结束日", "its last day")


def rebounded(
    entry: Entry[F], values: Mapping[str, Any], bounds: Bounds = BOUNDS, prefix: str = "changes."
) -> tuple[Entry[F], list[RefusalItem]]:
    """The entry with the first and last day that the values give it; its facts begin with it still."""
    begins, ends = values.get(bounds.begins, entry.begins_on), values.get(bounds.ends, entry.ends_on)
    if ends is not None and ends < begins:
        if bounds.ends in values:
            return entry, [out_of_order(f"{prefix}{bounds.ends}", ends, begins, *_FIRST)]
        return entry, [too_late(f"{prefix}{bounds.begins}", begins, ends, *_LAST)]
    facts = begin_on(entry.facts, begins) if begins != entry.begins_on else entry.facts
    return msgspec.structs.replace(entry, begins_on=begins, ends_on=ends, facts=facts), []


def changed_from(entry: Entry[F], since: date, change: Callable[[F], F]) -> tuple[Entry[F], list[RefusalItem]]:
    """The entry with its facts changed from a day on, which lies in its time; earlier days keep what they had."""
    if since < entry.begins_on:
        return entry, [out_of_order("since", since, entry.begins_on, *_FIRST)]
    if entry.ends_on is not None and since > entry.ends_on:
        return entry, [too_late("since", since, entry.ends_on, *_LAST)]
    return msgspec.structs.replace(entry, facts=amend(entry.facts, since, change)), []


def text_list_faults(field: str, texts: Sequence[str], most: int, least: int = 0) -> list[RefusalItem]:
    """The faults of a list of texts: too few or too many of them, a bad one, one named twice."""
    faults = list_faults(field, texts, most, least)
    faults += [fault for place, text in enumerate(texts) if (fault := text_fault(f"{field}[{place}]", text))]
    return faults


def list_faults(field: str, values: Sequence[Hashable], most: int, least: int = 0) -> list[RefusalItem]:
    """The faults of a list as such: too few or too many values, one named twice."""
    faults: list[RefusalItem] = []
    if not least <= len(values) <= most:
        faults.append(value_invalid(field, len(values), f"{least} 至 {most} 项", f"{least} to {most} of them"))
    faults += [_twice(f"{field}[{place}]", value) for place, value in _repeated(values)]
    return faults


def _repeated(values: Sequence[Hashable]) -> Iterable[tuple[int, Hashable]]:
    seen: set[Hashable] = set()
    for place, value in enumerate(values):
        if value in seen:
            yield place, value
        seen.add(value)


def _twice(field: str, value: Hashable) -> RefusalItem:
    return item(
        "NAMED_TWICE",
        field,
        value,
        ("同一项出现两次", "每一项只写一次"),
        ("it is named twice", "name each one once"),
    )
