"""Every table of the service: those of its core and of each area, as migrations, the service and tests see them."""

from __future__ import annotations

from types import ModuleType

from yanxiu_footing.audit.tables import audit_tables
from yanxiu_footing.persons.clearing_tables import begun_table, clearing_tables

from yanxiu_visits.awards import tables as _awards
from yanxiu_visits.competing import tables as _competing
from yanxiu_visits.findings import tables as _findings
from yanxiu_visits.minima import tables as _minima
from yanxiu_visits.planning import tables as _planning
from yanxiu_visits.programme import tables as _programme
from yanxiu_visits.recording import tables as _recording
from yanxiu_visits.supervising import tables as _supervising
from yanxiu_visits.tables import metadata
from yanxiu_visits.visiting import tables as _visiting

__all__ = ["AREAS", "metadata"]

# An area's tables enter the metadata when its module is imported.
AREAS: tuple[ModuleType, ...] = (
    _visiting, _recording, _findings, _planning, _supervising, _awards, _competing, _programme, _minima,
)  # fmt: skip
audit_tables(metadata)
clearing_tables(metadata)
begun_table(metadata)
