"""The endpoints of a term's page, drafts and differences: the use cases that answer, the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import personal
from yanxiu_footing.scope import roles
from yanxiu_wire import term_work as wire

from yanxiu_visits import scope
from yanxiu_visits.reporting.draft_figures import draft_figures
from yanxiu_visits.reporting.get_differences import get_differences
from yanxiu_visits.reporting.get_term_work import get_term_work

OFFERED: Table = {
    wire.GET_TERM_WORK: (get_term_work, scope.EVERYWHERE | roles("researcher"), personal()),
    wire.DRAFT_FIGURES: (draft_figures, scope.RECORDERS, personal()),
    wire.GET_DIFFERENCES: (get_differences, scope.READERS, personal()),
}
