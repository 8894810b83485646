"""The table of the service: each endpoint with its use case and the roles that may call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from yanxiu_durable import DistrictUnknown
from yanxiu_footing.authority.permit import NOBODY, Permit
from yanxiu_footing.authority.policies import permits_of
from yanxiu_wire import calendar_year as calendar
from yanxiu_wire import public_names, roster_import
from yanxiu_wire import registry as wire
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import term as wire_term
from yanxiu_wire.caller import Caller, Role
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.rpc import Handler

from yanxiu_registry.apply_roster import apply_roster
from yanxiu_registry.areas.offered import OFFERED as AREAS
from yanxiu_registry.bind_rule_pack import bind_rule_pack
from yanxiu_registry.cancel_rule_pack_binding import cancel_rule_pack_binding
from yanxiu_registry.check_roster import check_roster
from yanxiu_registry.context import Registry
from yanxiu_registry.correct_district import correct_district
from yanxiu_registry.correct_employment import correct_employment
from yanxiu_registry.correct_school import correct_school
from yanxiu_registry.correct_teacher import correct_teacher
from yanxiu_registry.create_district import create_district
from yanxiu_registry.create_school import create_school
from yanxiu_registry.create_teacher import create_teacher
from yanxiu_registry.employ_teacher import employ_teacher
from yanxiu_registry.get_district import get_district
from yanxiu_registry.get_public_names import get_public_names
from yanxiu_registry.get_schools import get_schools
from yanxiu_registry.get_teachers import get_teachers
from yanxiu_registry.grants.offered import OFFERED as GRANTS
from yanxiu_registry.groups.offered import OFFERED as GROUPS
from yanxiu_registry.list_calendar_years import list_calendar_years
from yanxiu_registry.list_districts import list_districts
from yanxiu_registry.list_schools import list_schools
from yanxiu_registry.list_teachers import list_teachers
from yanxiu_registry.list_terms import list_terms
from yanxiu_registry.offering import UseCase
from yanxiu_registry.refusals import district_unknown, forbidden
from yanxiu_registry.republish import republish
from yanxiu_registry.researchers.offered import OFFERED as RESEARCHERS
from yanxiu_registry.scope import (
    DISTRICT_OFFICER,
    EVERYONE,
    OFFICERS,
    OPERATOR,
    READERS,
    ROSTER_WRITERS,
    TEACHER_WRITERS,
)
from yanxiu_registry.set_calendar_days import set_calendar_days
from yanxiu_registry.set_term import set_term
from yanxiu_registry.stage_roster import stage_roster
from yanxiu_registry.studios.offered import OFFERED as STUDIOS
from yanxiu_registry.undo_roster import undo_roster


@dataclass(frozen=True)
class Entry:
    """Who may call an endpoint, and what answers it."""

    use_case: UseCase
    roles: frozenset[Role]


TABLE: Mapping[Endpoint[Any, Any], Entry] = {
    wire.CREATE_DISTRICT: Entry(create_district, OPERATOR),
    wire.CORRECT_DISTRICT: Entry(correct_district, OPERATOR | DISTRICT_OFFICER),
    wire.LIST_DISTRICTS: Entry(list_districts, OPERATOR),
    wire.BIND_RULE_PACK: Entry(bind_rule_pack, OPERATOR),
    wire.CANCEL_RULE_PACK_BINDING: Entry(cancel_rule_pack_binding, OPERATOR),
    wire.GET_DISTRICT: Entry(get_district, EVERYONE),
    wire.CREATE_SCHOOL: Entry(create_school, OFFICERS),
    wire.CORRECT_SCHOOL: Entry(correct_school, OFFICERS),
    wire.GET_SCHOOLS: Entry(get_schools, READERS),
    wire.LIST_SCHOOLS: Entry(list_schools, READERS),
    wire_teacher.CREATE_TEACHER: Entry(create_teacher, TEACHER_WRITERS),
    wire_teacher.CORRECT_TEACHER: Entry(correct_teacher, TEACHER_WRITERS),
    wire_teacher.EMPLOY_TEACHER: Entry(employ_teacher, TEACHER_WRITERS),
    wire_teacher.CORRECT_EMPLOYMENT: Entry(correct_employment, DISTRICT_OFFICER),
    wire_teacher.GET_TEACHERS: Entry(get_teachers, READERS),
    wire_teacher.LIST_TEACHERS: Entry(list_teachers, READERS),
    public_names.GET_PUBLIC_NAMES: Entry(get_public_names, READERS),
    wire_term.SET_TERM: Entry(set_term, OFFICERS),
    wire_term.LIST_TERMS: Entry(list_terms, EVERYONE),
    calendar.SET_CALENDAR_DAYS: Entry(set_calendar_days, OFFICERS),
    calendar.LIST_CALENDAR_YEARS: Entry(list_calendar_years, EVERYONE),
    roster_import.STAGE_ROSTER: Entry(stage_roster, ROSTER_WRITERS),
    roster_import.CHECK_ROSTER: Entry(check_roster, ROSTER_WRITERS),
    roster_import.APPLY_ROSTER: Entry(apply_roster, ROSTER_WRITERS),
    roster_import.UNDO_ROSTER: Entry(undo_roster, ROSTER_WRITERS),
    wire.REPUBLISH: Entry(republish, OPERATOR),
    **{
        endpoint: Entry(*offered)
        for endpoint, offered in {**AREAS, **RESEARCHERS, **GROUPS, **STUDIOS, **GRANTS}.items()
    },
}


def _of_district(caller: Caller, district: str) -> bool:
    """Whether the caller's grant reaches the district at all; what it may do there, the roles say."""
    return caller.role in OPERATOR or caller.district == district


def handler(
    registry: Registry, endpoint: Endpoint[Any, Any], entry: Entry, permit: Permit, committed: Callable[[], None]
) -> Handler:
    """The use case behind the two checks every endpoint has: the caller's district, then what the policies permit.

    A district that is not the caller's answers as one that does not exist. `committed` is called after a command.
    """

    async def handle(district: str, request: Any, deadline: Deadline) -> Any:
        if not _of_district(request.caller, district):
            return district_unknown(district)
        if request.caller.role not in permit.roles:
            return forbidden(request.caller, permit.roles, permit.policies)
        try:
            answer = await entry.use_case(registry, district, request, deadline)
        except DistrictUnknown:
            return district_unknown(district)
        if endpoint.writes:
            committed()
        return answer

    return handle


def handlers(registry: Registry, committed: Callable[[], None]) -> dict[Endpoint[Any, Any], Handler]:
    """The whole table as handlers; who may call them, the policies say, which a test holds equal to the table."""
    permits = permits_of(wire.SERVICE)
    return {
        endpoint: handler(registry, endpoint, entry, permits.get(endpoint, NOBODY), committed)
        for endpoint, entry in TABLE.items()
    }
