"""Who does the parts of each kind of job."""

from __future__ import annotations

from collections.abc import Mapping

from yanxiu_credits.jobs import verify
from yanxiu_credits.jobs.work import Work
from yanxiu_credits.policy import adopt, compute

PARTS: Mapping[str, Work] = {**verify.WORKS, **compute.WORKS, **adopt.WORKS}
