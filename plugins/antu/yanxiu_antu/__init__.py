"""The rule pack of Antu (安图): a plan appraised before it runs, four stages, an inspection at the end of the year."""

from __future__ import annotations

from yanxiu_rulekit import RulePack, hookimpl

from yanxiu_antu.checks import (
    compulsory_content,
    evaluation,
    project_stages,
    weekly_session,
    year_end_inspection,
    yearly_events,
)
from yanxiu_antu.openings import PERIODS, WINDOWS
from yanxiu_antu.programme import programme_duration

DECISIONS = (
    year_end_inspection,
    project_stages,
    evaluation,
    compulsory_content,
    weekly_session,
    yearly_events,
    programme_duration,
)


@hookimpl
def rule_packs() -> list[RulePack]:
    """Return Antu's pack: it gives no number of credits (ANTU-6-2b), so that it judges no record."""
    return [RulePack.load("yanxiu_antu", name="yanxiu-antu", decisions=DECISIONS, windows=WINDOWS, periods=PERIODS)]
