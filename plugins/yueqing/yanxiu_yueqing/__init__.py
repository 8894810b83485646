"""The rule pack of Yueqing (乐清): researchers resident at base schools, in batches of two years."""

from __future__ import annotations

from yanxiu_rulekit import RulePack, hookimpl

from yanxiu_yueqing.batches import base_schools, batch_rotation, links, pairing, team
from yanxiu_yueqing.openings import PERIODS, WINDOWS
from yanxiu_yueqing.preparation import previsit
from yanxiu_yueqing.targets import age, programme_targets
from yanxiu_yueqing.tasks import attention_students, guided_plans, routine_links, task_log, weak_measures
from yanxiu_yueqing.term import researcher_term
from yanxiu_yueqing.visit_rules import VISIT_RULES
from yanxiu_yueqing.years import feedback, school_year_plans, yearly_assessment

DECISIONS = (
    base_schools,
    batch_rotation,
    links,
    team,
    pairing,
    programme_targets,
    age,
    task_log,
    routine_links,
    weak_measures,
    guided_plans,
    attention_students,
    previsit,
    researcher_term,
    school_year_plans,
    feedback,
    yearly_assessment,
)


@hookimpl
def rule_packs() -> list[RulePack]:
    """Return Yueqing's pack: its regulation knows no credits, so that it judges no record."""
    return [
        RulePack.load(
            "yanxiu_yueqing",
            name="yanxiu-yueqing",
            decisions=DECISIONS,
            visits=VISIT_RULES,
            windows=WINDOWS,
            periods=PERIODS,
        )
    ]
