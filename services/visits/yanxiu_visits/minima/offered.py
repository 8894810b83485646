"""The endpoints of minima: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_footing.scope import roles
from yanxiu_wire import minima as wire
from yanxiu_wire.coverage import LIST_COVERAGE
from yanxiu_wire.work_assessment import LIST_ASSESSMENT_SHEETS, LIST_WORK_ASSESSMENTS, SET_ASSESSMENT_SHEET

from yanxiu_visits import scope
from yanxiu_visits.minima.get_term_minima import get_term_minima
from yanxiu_visits.minima.list_assessments import list_assessments
from yanxiu_visits.minima.list_coverage import list_coverage
from yanxiu_visits.minima.list_term_minima import list_term_minima
from yanxiu_visits.minima.set_sheet import list_sheets, set_sheet

OFFERED: Table = {
    wire.GET_TERM_MINIMA: (get_term_minima, scope.EVERYWHERE | roles("researcher"), personal()),
    wire.LIST_TERM_MINIMA: (list_term_minima, scope.EVERYWHERE, personal("items.researcher")),
    LIST_COVERAGE: (list_coverage, scope.EVERYWHERE, personal()),
    LIST_WORK_ASSESSMENTS: (list_assessments, scope.EVERYWHERE, personal("items.researcher")),
    SET_ASSESSMENT_SHEET: (set_sheet, roles("district-officer")),
    LIST_ASSESSMENT_SHEETS: (list_sheets, scope.EVERYWHERE, PLAIN),
}
