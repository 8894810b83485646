"""Stages of schools, and whether a teacher is at work: words that lists are narrowed by."""

from __future__ import annotations

from enum import Enum

import strawberry

value = strawberry.enum_value


@strawberry.enum(name="Stage", description="学段。Stage of schooling.")
class Stage(Enum):
    """Stages; the values are the wire's."""

    KINDERGARTEN = value("kindergarten", description="幼儿园。Kindergarten.")
    PRIMARY = value("primary", description="小学。Primary school.")
    JUNIOR = value("junior", description="初中。Junior secondary school.")
    SENIOR = value("senior", description="普通高中。Senior secondary school.")
    NINE_YEAR = value("nine-year", description="九年一贯制。Primary and junior together.")
    COMPLETE = value("complete", description="完全中学。Junior and senior together.")
    SPECIAL = value("special", description="特殊教育。Special education.")
    VOCATIONAL = value("vocational", description="职业高中。Vocational school.")


@strawberry.enum(name="TeacherStatus", description="在岗情况。Whether a teacher is at work.")
class TeacherStatus(Enum):
    """Whether at work."""

    ACTIVE = value("active", description="在岗。At work.")
    ON_LEAVE = value("on-leave", description="离岗未离职。On leave.")
    LEFT = value("left", description="已离开。Has left.")
