"""Where a service keeps its data, as YANXIU_* variables say it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from yanxiu_wire.observing import ObservingSettings


class DatabaseSettings(ObservingSettings, frozen=True, kw_only=True):
    """The variables of every service that stores something; its own settings inherit from it."""

    data: Annotated[Path, msgspec.Meta(description="folder of the databases")]
    database_url: Annotated[
        str,
        msgspec.Meta(description="PostgreSQL instead of SQLite files: postgresql+psycopg://user:password@host/name"),
    ] = ""
    database_owner_url: Annotated[
        str, msgspec.Meta(description="the same database as the role that owns the tables; empty: migrated before")
    ] = ""
    database_pass_key: Annotated[
        str, msgspec.Meta(description="secret that signs for which district a transaction is; 32 characters or more")
    ] = ""
    database_connections: Annotated[
        int, msgspec.Meta(description="connections to PostgreSQL that one process may hold", ge=4, le=200)
    ] = 12
    database_may_lose_data: Annotated[
        bool,
        msgspec.Meta(description="for tests alone: accept a PostgreSQL without fsync, full_page_writes or checksums"),
    ] = False
