"""The endpoints of competitions: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_wire import competition as wire

from yanxiu_visits import scope
from yanxiu_visits.competing.read_competitions import get_rotation, list_competitions
from yanxiu_visits.competing.run_competition import enter_competition, open_competition, record_round

OFFERED: Table = {
    wire.OPEN_COMPETITION: (open_competition, scope.OFFICERS),
    wire.ENTER_COMPETITION: (enter_competition, scope.OFFICERS | scope.SCHOOL_ROLES),
    wire.RECORD_ROUND: (record_round, scope.OFFICERS),
    wire.LIST_COMPETITIONS: (list_competitions, scope.EVERYONE, personal()),
    wire.GET_ROTATION: (get_rotation, scope.EVERYONE, PLAIN),
}
