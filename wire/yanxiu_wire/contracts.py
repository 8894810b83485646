"""Everything that each service answers and announces: its messages stand in one module for each area."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from yanxiu_wire import (
    announced_ratios,
    area,
    attendance,
    audit,
    award_endings,
    awards,
    blind_statement,
    books,
    calendar_year,
    competition,
    coverage,
    dead_letters,
    erasure,
    field_records,
    findings,
    forms,
    grants,
    jobs,
    leading_group,
    minima,
    organisation,
    personal,
    policy,
    programme,
    public_names,
    registry,
    regular_inspections,
    research_group,
    researcher,
    residency,
    roster_import,
    rotation_plan,
    rules,
    standings,
    studio,
    subjects,
    supervision,
    teacher,
    term,
    term_work,
    themes,
    transfer,
    visiting,
    visits,
    work_assessment,
    workflow,
)
from yanxiu_wire import credits as credit
from yanxiu_wire.endpoint import Endpoint, Event

AREAS: Mapping[str, tuple[ModuleType, ...]] = {
    registry.SERVICE: (
        registry,
        teacher,
        term,
        calendar_year,
        roster_import,
        area,
        researcher,
        research_group,
        leading_group,
        studio,
        public_names,
        blind_statement,
        grants,
        erasure,
        personal,
        audit,
    ),
    credit.SERVICE: (
        credit,
        attendance,
        books,
        jobs,
        standings,
        announced_ratios,
        workflow,
        transfer,
        policy,
        rules,
        dead_letters,
        erasure,
        personal,
        audit,
    ),
    visits.SERVICE: (
        visits,
        visiting,
        field_records,
        forms,
        findings,
        term_work,
        minima,
        coverage,
        work_assessment,
        organisation,
        programme,
        themes,
        subjects,
        rotation_plan,
        residency,
        supervision,
        regular_inspections,
        awards,
        award_endings,
        competition,
        dead_letters,
        erasure,
        personal,
        audit,
    ),
}


def endpoints_of(service: str) -> tuple[Endpoint[Any, Any], ...]:
    """Return every endpoint that the areas of a service define, in their order."""
    defined = [one for module in AREAS[service] for one in vars(module).values()]
    return tuple(dict.fromkeys(one for one in defined if isinstance(one, Endpoint) and one.service == service))


def events_of(service: str) -> tuple[Event[Any], ...]:
    """Return every event that the areas of a service define, in their order."""
    defined = [one for module in AREAS[service] for one in vars(module).values()]
    return tuple(dict.fromkeys(one for one in defined if isinstance(one, Event) and one.service == service))
