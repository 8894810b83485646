"""The events that this gateway listens to; its credential on NATS hears these and no others."""

from __future__ import annotations

from yanxiu_wire.award_endings import AWARD_OBJECTION_CHANGED, AWARD_YEAR_CHANGED
from yanxiu_wire.awards import AWARD_CHANGED
from yanxiu_wire.credits import CREDIT_RECOGNISED
from yanxiu_wire.grants import GRANT_CHANGED
from yanxiu_wire.jobs import JOB_PROGRESSED
from yanxiu_wire.noting import FIELD_WORK_CHANGED
from yanxiu_wire.rotation_plan import ROTATION_PLAN_CHANGED
from yanxiu_wire.supervision import DRAW_PUBLISHED, INSPECTION_CHANGED
from yanxiu_wire.workflow import PROCESS_MOVED

HEARD = (
    GRANT_CHANGED,
    CREDIT_RECOGNISED,
    FIELD_WORK_CHANGED,
    ROTATION_PLAN_CHANGED,
    INSPECTION_CHANGED,
    DRAW_PUBLISHED,
    AWARD_CHANGED,
    AWARD_YEAR_CHANGED,
    AWARD_OBJECTION_CHANGED,
    JOB_PROGRESSED,
    PROCESS_MOVED,
)
