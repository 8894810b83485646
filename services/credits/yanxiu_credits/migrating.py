"""Brings the databases of the credits service to the newest migration and ends: `yanxiu migrate credits`."""

from __future__ import annotations

from pathlib import Path

from yanxiu_durable.migrating import migrate
from yanxiu_wire import credits as wire

from yanxiu_credits.all_tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"


def main() -> None:
    """Migrate, as the YANXIU_* variables of the databases say."""
    migrate(wire.SERVICE, metadata, MIGRATIONS)
