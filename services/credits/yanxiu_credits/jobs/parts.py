"""Who does the parts of each kind of job."""

from __future__ import annotations

from collections.abc import Mapping

from yanxiu_credits.jobs import verify
from yanxiu_credits.jobs.work import Work

PARTS: Mapping[str, Work] = {**verify.WORKS}
