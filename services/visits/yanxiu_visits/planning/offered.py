"""The endpoints of planning: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_wire import residency, rotation_plan

from yanxiu_visits import scope
from yanxiu_visits.planning.adopt_plan import adopt_plan
from yanxiu_visits.planning.cancel_planning import cancel_planning
from yanxiu_visits.planning.draft_plan import draft_plan
from yanxiu_visits.planning.get_plan_contents import get_contents_of_plans, get_plan_contents
from yanxiu_visits.planning.get_plans import get_plans
from yanxiu_visits.planning.get_residencies import get_residencies
from yanxiu_visits.planning.list_plans import list_plans
from yanxiu_visits.planning.list_residencies import list_residencies
from yanxiu_visits.planning.redraft_plan import redraft_plan
from yanxiu_visits.planning.revise_plan import revise_plan
from yanxiu_visits.planning.start_planning import start_planning

OFFERED: Table = {
    rotation_plan.DRAFT_ROTATION_PLAN: (draft_plan, scope.PLANNERS),
    rotation_plan.REVISE_ROTATION_PLAN: (revise_plan, scope.PLANNERS),
    rotation_plan.REDRAFT_ROTATION_PLAN: (redraft_plan, scope.PLANNERS),
    rotation_plan.START_PLANNING: (start_planning, scope.PLANNERS),
    rotation_plan.CANCEL_PLANNING: (cancel_planning, scope.PLANNERS),
    rotation_plan.ADOPT_ROTATION_PLAN: (adopt_plan, scope.OFFICERS),
    rotation_plan.GET_ROTATION_PLANS: (get_plans, scope.PLAN_READERS, PLAIN),
    rotation_plan.GET_PLAN_CONTENTS: (get_plan_contents, scope.PLAN_READERS, personal("placed.person")),
    rotation_plan.GET_CONTENTS_OF_PLANS: (get_contents_of_plans, scope.PLAN_READERS, personal("items.placed.person")),
    rotation_plan.LIST_ROTATION_PLANS: (list_plans, scope.PLAN_READERS, PLAIN),
    residency.GET_RESIDENCIES: (get_residencies, scope.EVERYONE, personal("items.person")),
    residency.LIST_RESIDENCIES: (list_residencies, scope.EVERYONE, personal("items.person")),
}
