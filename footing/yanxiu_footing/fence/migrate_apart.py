"""A district's file is migrated in a fork of the clean parent, which ends: what Alembic needs leaves the service alone.

It takes a service 7 to 12 MB that it would keep as long as it lives, for something that a district needs once.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from yanxiu_wire import forking

NAME = "yanxiu-migrate"


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    """What a fork is ordered to migrate: the file, and the folder of the service's migrations."""

    path: str
    migrations: str


def be_migrating(order: bytes) -> None:
    """Do it, in the forked process; whatever is raised ends it with a code other than 0, and the service tries."""
    forking.end_with_parent(os.getppid())
    forking.be_called(NAME)
    ordered = msgspec.msgpack.decode(order, type=Migration)
    from yanxiu_durable.sqlite_databases import migrate_file

    migrate_file(Path(ordered.path), Path(ordered.migrations))
