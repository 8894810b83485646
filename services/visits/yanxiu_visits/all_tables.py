"""Every table of the service: those of its core and of each area, as migrations, the service and tests see them."""

from __future__ import annotations

from types import ModuleType

from yanxiu_visits.tables import metadata

__all__ = ["AREAS", "metadata"]

# An area's tables enter the metadata when its module is imported.
AREAS: tuple[ModuleType, ...] = ()
