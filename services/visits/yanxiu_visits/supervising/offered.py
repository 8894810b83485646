"""The endpoints of supervision: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_footing.scope import roles
from yanxiu_wire import regular_inspections as wire_regular
from yanxiu_wire import supervision as wire

from yanxiu_visits import scope
from yanxiu_visits.supervising.appoint_team import appoint_team
from yanxiu_visits.supervising.commit_draw import commit_draw
from yanxiu_visits.supervising.get_standing import get_supervision_standing
from yanxiu_visits.supervising.read_supervision import (
    get_draws,
    get_inspections,
    list_draws,
    list_inspections,
    list_teams,
)
from yanxiu_visits.supervising.reveal_draw import reveal_draw
from yanxiu_visits.supervising.schedule_inspection import schedule_inspection
from yanxiu_visits.supervising.schedule_regular_inspections import schedule_regular_inspections
from yanxiu_visits.supervising.settle_inspection import cancel_inspection, report_inspection

INSPECTORS = scope.OFFICERS | roles("supervisor")
# A researcher, or a teacher, is in a team as its professional side: he reports what he held.
REPORTERS = INSPECTORS | roles("researcher", "teacher")
DRAWERS = scope.OFFICERS | roles("supervisor")

OFFERED: Table = {
    wire.APPOINT_TEAM: (appoint_team, scope.OFFICERS),
    wire.LIST_TEAMS: (list_teams, scope.EVERYWHERE, personal("items.members.person")),
    wire.COMMIT_DRAW: (commit_draw, DRAWERS),
    wire.REVEAL_DRAW: (reveal_draw, DRAWERS),
    wire.GET_DRAWS: (get_draws, scope.EVERYONE, PLAIN),
    wire.LIST_DRAWS: (list_draws, scope.EVERYONE, PLAIN),
    wire.SCHEDULE_INSPECTION: (schedule_inspection, INSPECTORS),
    wire_regular.SCHEDULE_REGULAR_INSPECTIONS: (schedule_regular_inspections, INSPECTORS),
    wire.REPORT_INSPECTION: (report_inspection, REPORTERS),
    wire.CANCEL_INSPECTION: (cancel_inspection, INSPECTORS),
    wire.GET_INSPECTIONS: (get_inspections, scope.EVERYONE, personal("items.supervisors")),
    wire.LIST_INSPECTIONS: (list_inspections, scope.EVERYONE, personal("items.supervisors")),
    wire.GET_SUPERVISION_STANDING: (get_supervision_standing, scope.EVERYWHERE, PLAIN),
}
