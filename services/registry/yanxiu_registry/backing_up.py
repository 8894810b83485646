"""What `yanxiu backup` and `yanxiu restore` need of this service."""

from __future__ import annotations

from yanxiu_durable.backup import Copies, settle
from yanxiu_wire import registry as wire

from yanxiu_registry.all_tables import METADATA
from yanxiu_registry.migrating import MIGRATIONS

__all__ = ["copies", "settle"]

copies = Copies(wire.SERVICE, METADATA, MIGRATIONS)
