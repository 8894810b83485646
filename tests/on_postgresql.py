"""`--on-postgresql`: services that tests start in this process with SQLite are given PostgreSQL instead.

Stories that are played through GraphQL need no second form for it. Left as they are: processes of their own, and tests
that look into a district's file.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from yanxiu_durable import Databases, DatabaseSettings
from yanxiu_durable.databases import open_databases

from tests.postgres_server import PostgresServer

SERVICES = ("registry", "credits", "visits")


class Instead:
    """A database for each folder that services would have kept their files in."""

    def __init__(self, server: Callable[[], PostgresServer]) -> None:
        self._server = server
        self._of: dict[Path, str] = {}

    def open(
        self, service: str, settings: DatabaseSettings, metadata: sa.MetaData, migrations: Path, **more: Any
    ) -> Databases:
        """What `open_databases` does, in PostgreSQL."""
        if not settings.database_url:
            server = self._server()
            if settings.data not in self._of:
                folders = [(name, Path(str(import_module(f"yanxiu_{name}").__file__)).parent) for name in SERVICES]
                self._of[settings.data] = server.database(*((name, path / "migrations") for name, path in folders))
            settings = server.settings(self._of[settings.data], settings.data)
        return open_databases(service, settings, metadata, migrations, **more)

    def put(self, patch: pytest.MonkeyPatch) -> None:
        """Have the services open their databases here."""
        for service in SERVICES:
            main: Any = import_module(f"yanxiu_{service}.__main__")
            patch.setattr(main, "open_databases", self.open)
