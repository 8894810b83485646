"""Which law is asked about: that of a jurisdiction, or the one that governs the caller's district on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yanxiu_footing.laws import Bound
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.pack import RulePack
from yanxiu_wire.caller import PLATFORM
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District
from yanxiu_wire.rules import PackAsked

from yanxiu_credits.laws import Laws
from yanxiu_credits.rules import refusals
from yanxiu_credits.service import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A pack on a day; `governs` where it is the law of the caller's district then, with that district's settings."""

    pack: RulePack
    on: date
    governs: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)


async def own_district(service: Service, district: str) -> District | None:
    """Return what is known of the caller's district; the platform's operator has none."""
    if district == PLATFORM:
        return None
    async with service.databases.read(district) as conn:
        return await read_district(conn, district)


def choose(laws: Laws, known: District | None, asked: PackAsked, today: date, *, name: str = "law") -> Chosen | Refused:
    """Return the law that is asked about; another district's settings are never part of it.

    Refuses with RULE_PACK_UNKNOWN, LAW_NOT_IN_FORCE or LAW_UNUSABLE; `name` is what the command calls `asked`.
    """
    on = asked.on or today
    bound = laws.bound(known, on, field=f"{name}.on")
    if asked.jurisdiction is None:
        return bound if isinstance(bound, Refused) else _governing(bound, on)
    pack = laws.pack_of(asked.jurisdiction)
    if pack is None:
        return refusals.pack_unknown(f"{name}.jurisdiction", asked.jurisdiction, laws.jurisdictions())
    if isinstance(bound, Bound) and bound.pack is pack:
        return _governing(bound, on)
    return Chosen(pack=pack, on=on)


def _governing(bound: Bound, on: date) -> Chosen:
    return Chosen(pack=bound.pack, on=on, governs=True, settings=bound.settings)
