"""Brings the databases of the registry service to the newest migration and ends: `yanxiu migrate registry`."""

from __future__ import annotations

from pathlib import Path

from yanxiu_durable.migrating import migrate
from yanxiu_wire import registry as wire

from yanxiu_registry.all_tables import METADATA

MIGRATIONS = Path(__file__).parent / "migrations"


def main() -> None:
    """Migrate, as the YANXIU_* variables of the databases say."""
    migrate(wire.SERVICE, METADATA, MIGRATIONS)
