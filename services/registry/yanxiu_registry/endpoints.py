"""The table of the service: each endpoint with its use case and the roles that may call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from yanxiu_footing import answering
from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_footing.audit.offered import AUDITORS, offered
from yanxiu_footing.authority.policies import permits_of
from yanxiu_footing.lasting import Declared, LastingAnswers, always
from yanxiu_footing.persons.get_person import ASKERS
from yanxiu_wire import audit, blind_statement, public_names, roster_import
from yanxiu_wire import calendar_year as calendar
from yanxiu_wire import personal as wire_personal
from yanxiu_wire import registry as wire
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import term as wire_term
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.following import with_follow_ups
from yanxiu_wire.rpc import Handler

from yanxiu_registry.apply_roster import apply_roster
from yanxiu_registry.areas.offered import OFFERED as AREAS
from yanxiu_registry.bind_rule_pack import bind_rule_pack
from yanxiu_registry.cancel_rule_pack_binding import cancel_rule_pack_binding
from yanxiu_registry.check_roster import check_roster
from yanxiu_registry.check_statement import check_statement
from yanxiu_registry.context import Registry
from yanxiu_registry.correct_district import correct_district
from yanxiu_registry.correct_employment import correct_employment
from yanxiu_registry.correct_school import correct_school
from yanxiu_registry.correct_teacher import correct_teacher
from yanxiu_registry.create_district import create_district
from yanxiu_registry.create_school import create_school
from yanxiu_registry.create_teacher import create_teacher
from yanxiu_registry.employ_teacher import employ_teacher
from yanxiu_registry.erasing.offered import OFFERED as ERASING
from yanxiu_registry.get_district import get_district
from yanxiu_registry.get_person import get_person
from yanxiu_registry.get_public_names import get_public_names
from yanxiu_registry.get_schools import get_schools
from yanxiu_registry.get_teachers import get_teachers
from yanxiu_registry.grants.offered import OFFERED as GRANTS
from yanxiu_registry.groups.offered import OFFERED as GROUPS
from yanxiu_registry.list_audit import list_audit
from yanxiu_registry.list_calendar_years import list_calendar_years
from yanxiu_registry.list_districts import list_districts
from yanxiu_registry.list_schools import list_schools
from yanxiu_registry.list_teachers import list_teachers
from yanxiu_registry.list_terms import list_terms
from yanxiu_registry.republish import republish
from yanxiu_registry.researchers.offered import OFFERED as RESEARCHERS
from yanxiu_registry.scope import (
    DISTRICT_OFFICER,
    EVERYONE,
    OFFICERS,
    OPERATOR,
    READERS,
    ROSTER_WRITERS,
    SCHOOL_BOUND,
    TEACHER_WRITERS,
)
from yanxiu_registry.set_calendar_days import set_calendar_days
from yanxiu_registry.set_term import set_term
from yanxiu_registry.stage_roster import stage_roster
from yanxiu_registry.studios.offered import OFFERED as STUDIOS
from yanxiu_registry.undo_roster import undo_roster

TABLE: Table = {
    wire.CREATE_DISTRICT: (create_district, OPERATOR),
    wire.CORRECT_DISTRICT: (correct_district, OPERATOR | DISTRICT_OFFICER),
    wire.LIST_DISTRICTS: (list_districts, OPERATOR, PLAIN),
    wire.BIND_RULE_PACK: (bind_rule_pack, OPERATOR),
    wire.CANCEL_RULE_PACK_BINDING: (cancel_rule_pack_binding, OPERATOR),
    wire.GET_DISTRICT: (get_district, EVERYONE, PLAIN),
    wire.CREATE_SCHOOL: (create_school, OFFICERS),
    wire.CORRECT_SCHOOL: (correct_school, OFFICERS),
    wire.GET_SCHOOLS: (get_schools, READERS, PLAIN),
    wire.LIST_SCHOOLS: (list_schools, READERS, PLAIN),
    wire_teacher.CREATE_TEACHER: (create_teacher, TEACHER_WRITERS),
    wire_teacher.CORRECT_TEACHER: (correct_teacher, TEACHER_WRITERS),
    wire_teacher.EMPLOY_TEACHER: (employ_teacher, TEACHER_WRITERS),
    wire_teacher.CORRECT_EMPLOYMENT: (correct_employment, DISTRICT_OFFICER),
    wire_teacher.GET_TEACHERS: (get_teachers, READERS, personal(own=True)),
    wire_teacher.LIST_TEACHERS: (list_teachers, READERS, personal("pages.items.id", own=True)),
    public_names.GET_PUBLIC_NAMES: (get_public_names, READERS, personal()),
    wire_personal.GET_PERSON_OF_REGISTRY: (get_person, ASKERS, personal(before=True, own=True)),
    blind_statement.CHECK_STATEMENT: (check_statement, OFFICERS | SCHOOL_BOUND, personal()),
    wire_term.SET_TERM: (set_term, OFFICERS),
    wire_term.LIST_TERMS: (list_terms, EVERYONE, PLAIN),
    calendar.SET_CALENDAR_DAYS: (set_calendar_days, OFFICERS),
    calendar.LIST_CALENDAR_YEARS: (list_calendar_years, EVERYONE, PLAIN),
    roster_import.STAGE_ROSTER: (stage_roster, ROSTER_WRITERS),
    roster_import.CHECK_ROSTER: (check_roster, ROSTER_WRITERS, personal()),
    roster_import.APPLY_ROSTER: (apply_roster, ROSTER_WRITERS),
    roster_import.UNDO_ROSTER: (undo_roster, ROSTER_WRITERS),
    wire.REPUBLISH: (republish, OPERATOR),
    **AREAS,
    **RESEARCHERS,
    **GROUPS,
    **STUDIOS,
    **ERASING,
    **GRANTS,
    **offered(wire.SERVICE),
    audit.LIST_REGISTRY_AUDIT: (list_audit, AUDITORS, personal(before=True)),
}


# What depends on the question and its whole caller, the district's data and the day alone; a national id in clear has
# a line of its own.
LASTING: Declared = {
    wire.GET_DISTRICT: always,
    wire.GET_SCHOOLS: always,
    wire.LIST_SCHOOLS: always,
    wire_teacher.GET_TEACHERS: lambda query: not query.reveal,
    wire_teacher.LIST_TEACHERS: always,
}


def handlers(registry: Registry, committed: Callable[[], None]) -> Mapping[Endpoint[Any, Any], Handler]:
    """The whole table as handlers; who may call them, the policies say, which a test holds equal to the table."""
    found = with_follow_ups(
        answering.handlers(
            registry,
            TABLE,
            committed=committed,
            of_no_district={wire.LIST_DISTRICTS},
            opening={wire.CREATE_DISTRICT},
            permits=permits_of(wire.SERVICE),
        )
    )
    return LastingAnswers(registry.dbs, registry.today).over(found, LASTING)
