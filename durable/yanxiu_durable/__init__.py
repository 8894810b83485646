"""What makes a service's data durable: a database per district, migrations, the idempotency inbox and the outbox."""

from yanxiu_durable.announce import announce, announce_all, apply_once
from yanxiu_durable.databases import Databases
from yanxiu_durable.errors import DatabaseUnsafe, DistrictUnknown, DurableError
from yanxiu_durable.once import command_hash, once
from yanxiu_durable.relay import Relay
from yanxiu_durable.tables import consumed_table, inbox_table, new_metadata, outbox_table

__all__ = [
    "DatabaseUnsafe",
    "Databases",
    "DistrictUnknown",
    "DurableError",
    "Relay",
    "announce",
    "announce_all",
    "apply_once",
    "command_hash",
    "consumed_table",
    "inbox_table",
    "new_metadata",
    "once",
    "outbox_table",
]
