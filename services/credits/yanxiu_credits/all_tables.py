"""Every table of the service: those of its core and of each area, as migrations, the service and tests see them."""

from __future__ import annotations

from yanxiu_footing.audit.tables import audit_tables

from yanxiu_credits.attendance import tables as _attendance
from yanxiu_credits.books import tables as _books
from yanxiu_credits.erasing import tables as _erasing
from yanxiu_credits.jobs import tables as _jobs
from yanxiu_credits.policy import tables as _policy
from yanxiu_credits.standings import tables as _standings
from yanxiu_credits.tables import metadata
from yanxiu_credits.transfer import tables as _transfer
from yanxiu_credits.workflow import tables as _workflow

__all__ = ["AREAS", "metadata"]

# An area's tables enter the metadata when its module is imported.
AREAS = (_attendance, _books, _erasing, _jobs, _policy, _workflow, _standings, _transfer)
audit_tables(metadata)
