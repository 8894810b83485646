"""Every table of the service, as migrations, the service and tests see them."""

from __future__ import annotations

from yanxiu_footing.audit.tables import audit_tables

from yanxiu_registry.entries import tables as _entries
from yanxiu_registry.erasing import tables as _erasing
from yanxiu_registry.grants import tables as _grants
from yanxiu_registry.tables import METADATA

__all__ = ["AREAS", "METADATA"]

# Tables enter the metadata when their module is imported.
AREAS = (_entries, _erasing, _grants)
audit_tables(METADATA)
