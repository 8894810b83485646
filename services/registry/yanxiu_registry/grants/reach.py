"""Which grants a caller sees: all of the district, or those of his school and of the teachers who work there."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from yanxiu_wire.caller import Caller

from yanxiu_registry.grants.tables import role_grant
from yanxiu_registry.scope import SCHOOL_BOUND
from yanxiu_registry.store.dated import in_force, live
from yanxiu_registry.tables import employment


def visible(caller: Caller, district: str, day: date) -> list[sa.ColumnElement[bool]]:
    """Conditions on the grants that the caller sees."""
    if caller.role not in SCHOOL_BOUND:
        return []
    school, its = caller.school or "", role_grant.c
    there = sa.select(employment.c.teacher).where(
        live(employment, district), in_force(employment, day), employment.c.school == school
    )
    return [sa.or_(its.school == school, sa.and_(its.role == "teacher", its.teacher.in_(there)))]
