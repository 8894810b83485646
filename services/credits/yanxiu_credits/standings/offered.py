"""What the area of standings answers: endpoints, use cases and who may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_wire import announced_ratios as wire_announced
from yanxiu_wire import standings as wire

from yanxiu_credits import scope
from yanxiu_credits.get_standings import get_standings
from yanxiu_credits.standings.announce_school_ratios import announce_school_ratios
from yanxiu_credits.standings.list_announced_ratios import list_announced_ratios
from yanxiu_credits.standings.list_school_ratios import list_school_ratios
from yanxiu_credits.standings.list_shortfalls import list_shortfalls
from yanxiu_credits.standings.summarise_shortfalls import summarise_shortfalls

# Lists of others are for those who answer for others: a teacher has the own standing.
LISTERS = scope.EVERYWHERE | scope.SCHOOL_ROLES

OFFERED: Table = {
    wire.GET_STANDINGS: (get_standings, scope.READERS, personal(own=True)),
    wire.LIST_SHORTFALLS: (list_shortfalls, LISTERS, personal("items.teacher")),
    wire.SUMMARISE_SHORTFALLS: (summarise_shortfalls, LISTERS, PLAIN),
    wire.LIST_SCHOOL_RATIOS: (list_school_ratios, LISTERS, PLAIN),
    wire_announced.ANNOUNCE_SCHOOL_RATIOS: (announce_school_ratios, scope.OFFICERS),
    wire_announced.LIST_ANNOUNCED_RATIOS: (list_announced_ratios, LISTERS, PLAIN),
}
