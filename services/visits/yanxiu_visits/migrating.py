"""Brings the databases of the visits service to the newest migration and ends: `yanxiu migrate visits`."""

from __future__ import annotations

from pathlib import Path

from yanxiu_durable.migrating import migrate
from yanxiu_wire import visits as wire

from yanxiu_visits.all_tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"


def main() -> None:
    """Migrate, as the YANXIU_* variables of the databases say."""
    migrate(wire.SERVICE, metadata, MIGRATIONS)
