"""Which of many records a law finds worth something else: by columns first, one at a time what is left. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec
from yanxiu_footing.stored import canonical, thaw
from yanxiu_rulekit.decision import stands_alone
from yanxiu_wire.refusal import Refused

from yanxiu_credits.laws import InForce
from yanxiu_credits.policy.worth import Worth, worth_under

Governs = Callable[[date], InForce | Refused]
# Fewer under one law are judged one by one.
_FEW = 8


def changed_by(governs: Governs, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Worth]]:
    """Return the records that the law of their day finds worth something else than the books hold, in their order.

    Columns only say which records stay as they are; what does not is judged one at a time, with its explanation.
    """
    by_day = {on: governs(on) for on in {row["on"] for row in rows}}
    stays: set[str] = set()
    for law, own in _by_law(by_day, rows):
        stays |= _unchanged(law, own)
    for row in rows:
        if row["id"] not in stays:
            worth = worth_under(by_day[row["on"]], row)
            if differs(row, worth):
                yield row, worth


def differs(row: Mapping[str, Any], after: Worth) -> bool:
    """Whether a law finds a record worth something else than the books hold of it.

    A record worth nothing that the law would refuse stays what it is: nothing of it counts either way.
    """
    if row["status"] == "ZERO" and after.status in ("ZERO", "REJECTED"):
        return False
    held = (row["status"], row["micro_hours"], row["micro_credits"])
    came = (after.status, after.micro_hours, after.micro_credits)
    return held != came or kept(row["attributes"]) != kept(after.attributes)


@lru_cache(maxsize=8192)
def kept(attributes: str) -> str:
    """Return stored attributes in the one form by which they are compared: `10.0` and `10` are the same."""
    return canonical(thaw(attributes))


def _by_law(
    by_day: Mapping[date, InForce | Refused], rows: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[InForce, list[Mapping[str, Any]]]]:
    laws: dict[tuple[int, str], InForce] = {}
    groups: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    keys = {on: (id(law.pack), canonical(law.settings)) for on, law in by_day.items() if isinstance(law, InForce)}
    for on, key in keys.items():
        laws.setdefault(key, by_day[on])  # type: ignore[arg-type]  # only laws in force have a key
    for row in rows:
        if row["on"] in keys:
            groups.setdefault(keys[row["on"]], []).append(row)
    for key, own in groups.items():
        yield laws[key], own


def _unchanged(law: InForce, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the ids of records that columns show to be worth what the books hold.

    A record without a project is left to be judged by itself where the law may demand one.
    """
    alone = law.credit.project_demanded_by is stands_alone
    told = [row for row in rows if alone or row["project"] is not None]
    if len(told) < _FEW:
        return set()
    given = [(row["on"], msgspec.json.decode(row["facts"])) for row in told]
    found = law.pack.assess_columns(given, law.settings)
    said = [canonical(one) for one in found.attributes]
    same: set[str] = set()
    for place, row in enumerate(told):
        worth = (found.status_of(place), int(found.micro_hours[place]), int(found.micro_credits[place]))
        if worth != (row["status"], row["micro_hours"], row["micro_credits"]):
            continue
        code = int(found.attribute_code[place])
        if (said[code] if code >= 0 else "{}") == kept(row["attributes"]):
            same.add(row["id"])
    return same
