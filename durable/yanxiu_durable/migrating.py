"""A process that migrates a service's databases and ends: before a rollout, with the role that owns the tables."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import sqlalchemy as sa
from yanxiu_wire import log
from yanxiu_wire.faults import ServiceUnavailable
from yanxiu_wire.settings import read_settings

from yanxiu_durable.databases import open_databases
from yanxiu_durable.errors import DatabaseAway, DatabaseBusy, DatabaseUnsafe
from yanxiu_durable.settings import DatabaseSettings

CANNOT = 78  # EX_CONFIG: trying again would not help
LATER = 75  # EX_TEMPFAIL: trying again may
_log = log.logger()


def migrate(service: str, metadata: sa.MetaData, migrations: Path) -> None:
    """Bring every database that the environment names to the newest migration; nothing to do when all are.

    Raises `SettingRefused`; ends the process with 78 for a database that cannot be trusted, with 75 for one that does
    not answer or is being written to. Processes of the service may be running meanwhile.
    """
    log.configure(service)
    try:
        districts = asyncio.run(_migrate(service, read_settings(DatabaseSettings), metadata, migrations))
    except DatabaseUnsafe as error:
        _log.error("cannot-migrate", problem=str(error))
        sys.exit(CANNOT)
    except (DatabaseAway, DatabaseBusy, ServiceUnavailable) as error:
        _log.error("cannot-migrate-yet", problem=str(error))
        sys.exit(LATER)
    _log.info("migrated", districts=districts)


async def _migrate(service: str, settings: DatabaseSettings, metadata: sa.MetaData, migrations: Path) -> int:
    databases = open_databases(service, settings, metadata, migrations)
    try:
        await databases.open_all()
        return len(await databases.districts())
    finally:
        await databases.close()
