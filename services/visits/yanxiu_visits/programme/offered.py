"""The endpoints of what schools set up and reach: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_wire import programme as wire
from yanxiu_wire import subjects, themes
from yanxiu_wire.organisation import LIST_SCHOOL_ORGANISATIONS

from yanxiu_visits import scope
from yanxiu_visits.programme.correct_entry import correct_entry, withdraw_entry
from yanxiu_visits.programme.declare_themes import declare_themes, file_themes
from yanxiu_visits.programme.get_programme import get_programme, list_batches
from yanxiu_visits.programme.get_research_days import get_research_days
from yanxiu_visits.programme.get_year_plans import get_year_plans
from yanxiu_visits.programme.list_entries import list_entries
from yanxiu_visits.programme.list_organisations import list_organisations
from yanxiu_visits.programme.list_themes import list_themes
from yanxiu_visits.programme.record_entry import record_entry
from yanxiu_visits.programme.set_subjects import list_subjects, set_subjects

# What a school may record of itself, `check_entry.may_record` says.
ENTERERS = scope.RECORDERS | scope.SCHOOL_ROLES

OFFERED: Table = {
    LIST_SCHOOL_ORGANISATIONS: (list_organisations, scope.EVERYWHERE | scope.SCHOOL_ROLES, PLAIN),
    wire.RECORD_PROGRAMME_ENTRY: (record_entry, ENTERERS),
    wire.CORRECT_PROGRAMME_ENTRY: (correct_entry, ENTERERS),
    wire.WITHDRAW_PROGRAMME_ENTRY: (withdraw_entry, ENTERERS),
    wire.LIST_PROGRAMME_ENTRIES: (list_entries, scope.READERS, personal()),
    wire.LIST_BASE_SCHOOL_BATCHES: (list_batches, scope.EVERYONE, PLAIN),
    wire.GET_BASE_SCHOOL_PROGRAMME: (get_programme, scope.READERS, personal()),
    wire.GET_SCHOOL_YEAR_PLANS: (get_year_plans, scope.EVERYWHERE | scope.SCHOOL_ROLES, PLAIN),
    subjects.SET_DISTRICT_SUBJECTS: (set_subjects, scope.OFFICERS),
    subjects.LIST_DISTRICT_SUBJECTS: (list_subjects, scope.EVERYONE, PLAIN),
    subjects.GET_RESEARCH_DAYS: (get_research_days, scope.EVERYWHERE, personal("off_day.researcher")),
    themes.DECLARE_THEMES: (declare_themes, scope.OFFICERS | scope.SCHOOL_ROLES),
    themes.FILE_THEMES: (file_themes, scope.OFFICERS | scope.SCHOOL_ROLES),
    themes.LIST_SCHOOL_THEMES: (list_themes, scope.EVERYWHERE | scope.SCHOOL_ROLES, PLAIN),
}
