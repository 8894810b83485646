"""The endpoints of visits: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import personal
from yanxiu_wire import visiting as wire

from yanxiu_visits import scope
from yanxiu_visits.visiting.arrive_at_school import arrive_at_school
from yanxiu_visits.visiting.cancel_visit import cancel_visit
from yanxiu_visits.visiting.get_visits import get_visits
from yanxiu_visits.visiting.leave_school import leave_school
from yanxiu_visits.visiting.list_visits import list_visits
from yanxiu_visits.visiting.plan_visit import plan_visit
from yanxiu_visits.visiting.prepare_visit import prepare_visit

OFFERED: Table = {
    wire.PLAN_VISIT: (plan_visit, scope.RECORDERS),
    wire.PREPARE_VISIT: (prepare_visit, scope.RECORDERS),
    wire.ARRIVE_AT_SCHOOL: (arrive_at_school, scope.RECORDERS),
    wire.LEAVE_SCHOOL: (leave_school, scope.RECORDERS),
    wire.CANCEL_VISIT: (cancel_visit, scope.RECORDERS),
    wire.GET_VISITS: (get_visits, scope.READERS, personal("items.researcher")),
    wire.LIST_VISITS: (list_visits, scope.READERS, personal("items.researcher")),
}
