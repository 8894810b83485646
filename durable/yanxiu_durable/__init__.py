"""What makes a service's data durable: databases, migrations, the idempotency inbox and the outbox."""

import sys

from yanxiu_durable.announce import announce, announce_all, apply_once
from yanxiu_durable.databases import Databases, open_databases
from yanxiu_durable.errors import DatabaseAway, DatabaseBusy, DatabaseUnsafe, DistrictUnknown, DurableError
from yanxiu_durable.once import command_hash, once
from yanxiu_durable.relay import Relay
from yanxiu_durable.settings import DatabaseSettings
from yanxiu_durable.tables import consumed_table, inbox_table, new_metadata, outbox_table
from yanxiu_durable.together import together

# Alembic's templates would colour what is wrong in them, and for that load every language that Pygments knows: 7 MB.
sys.modules.setdefault("mako.ext.pygmentplugin", None)  # type: ignore[arg-type]  # so that it cannot be imported

__all__ = [
    "DatabaseAway",
    "DatabaseBusy",
    "DatabaseSettings",
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
    "open_databases",
    "outbox_table",
    "together",
]
