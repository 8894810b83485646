"""Who does the parts of each kind of job."""

from __future__ import annotations

from collections.abc import Mapping

from yanxiu_credits.jobs import rebuild_standings, verify
from yanxiu_credits.jobs.work import Work
from yanxiu_credits.policy import adopt, compute
from yanxiu_credits.replay import replay_decisions
from yanxiu_credits.sealing import seal_years
from yanxiu_credits.workflow import take_steps

PARTS: Mapping[str, Work] = {
    **verify.WORKS,
    **rebuild_standings.WORKS,
    **compute.WORKS,
    **adopt.WORKS,
    **take_steps.WORKS,
    **seal_years.WORKS,
    **replay_decisions.WORKS,
}
