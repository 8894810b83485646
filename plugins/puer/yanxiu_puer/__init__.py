"""The rule pack of Pu'er (普洱): three trial instruments of 2023 as parameters, decisions and cases."""

from __future__ import annotations

from yanxiu_rulekit import RulePack, hookimpl

from yanxiu_puer.activities import plan_stated, project_sorted, register_rows, registrar, school_activity
from yanxiu_puer.annual import annual
from yanxiu_puer.credits import record_credit
from yanxiu_puer.cycle import cycle
from yanxiu_puer.duties import (
    body_papers,
    credit_use,
    evaluations,
    expert_committee,
    model_school,
    research_principles,
    research_staff,
    results_told,
    working_group,
)
from yanxiu_puer.forms import form, form_check, submission
from yanxiu_puer.money import failed_costs, fee, funding
from yanxiu_puer.openings import WINDOWS
from yanxiu_puer.people import fraud, institution, recogniser, transfer
from yanxiu_puer.progress import plan_progress, school_ratio
from yanxiu_puer.scope import scope
from yanxiu_puer.standings import CREDIT_RULES
from yanxiu_puer.windows import plan_deadline, publication_window, recognition_window

DECISIONS = (
    record_credit,
    annual,
    cycle,
    school_ratio,
    plan_deadline,
    publication_window,
    recognition_window,
    recogniser,
    funding,
    fee,
    failed_costs,
    transfer,
    submission,
    form,
    form_check,
    institution,
    fraud,
    plan_progress,
    scope,
    credit_use,
    results_told,
    body_papers,
    expert_committee,
    working_group,
    model_school,
    research_principles,
    evaluations,
    research_staff,
    school_activity,
    project_sorted,
    plan_stated,
    registrar,
    register_rows,
)


@hookimpl
def rule_packs() -> list[RulePack]:
    """Return Pu'er's pack."""
    return [RulePack.load("yanxiu_puer", name="yanxiu-puer", decisions=DECISIONS, credit=CREDIT_RULES, windows=WINDOWS)]
