"""What `yanxiu backup` and `yanxiu restore` need of this service."""

from __future__ import annotations

from yanxiu_durable.backup import Copies, settle
from yanxiu_wire import visits as wire

from yanxiu_visits.all_tables import metadata
from yanxiu_visits.migrating import MIGRATIONS

__all__ = ["copies", "settle"]

copies = Copies(wire.SERVICE, metadata, MIGRATIONS)
