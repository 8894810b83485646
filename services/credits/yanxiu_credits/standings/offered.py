"""What the area of standings answers: endpoints, use cases and who may ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanxiu_wire import announced_ratios as wire_announced
from yanxiu_wire import standings as wire
from yanxiu_wire.caller import Role
from yanxiu_wire.endpoint import Endpoint

from yanxiu_credits import scope
from yanxiu_credits.get_standings import get_standings
from yanxiu_credits.standings.announce_school_ratios import announce_school_ratios
from yanxiu_credits.standings.list_announced_ratios import list_announced_ratios
from yanxiu_credits.standings.list_school_ratios import list_school_ratios
from yanxiu_credits.standings.list_shortfalls import list_shortfalls
from yanxiu_credits.standings.summarise_shortfalls import summarise_shortfalls

# Lists of others are for those who answer for others: a teacher has the own standing.
LISTERS = scope.EVERYWHERE | scope.SCHOOL_ROLES

OFFERED: Mapping[Endpoint[Any, Any], tuple[Any, frozenset[Role]]] = {
    wire.GET_STANDINGS: (get_standings, scope.READERS),
    wire.LIST_SHORTFALLS: (list_shortfalls, LISTERS),
    wire.SUMMARISE_SHORTFALLS: (summarise_shortfalls, LISTERS),
    wire.LIST_SCHOOL_RATIOS: (list_school_ratios, LISTERS),
    wire_announced.ANNOUNCE_SCHOOL_RATIOS: (announce_school_ratios, scope.OFFICERS),
    wire_announced.LIST_ANNOUNCED_RATIOS: (list_announced_ratios, LISTERS),
}
