"""Every place in which an id number might be found again, the whole PostgreSQL server among them, and the search there.

Whoever adds a place where data lie (such as an export) adds it here, and to `planted`: what cannot be found where it
was put would not be found where it leaked.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import nats
from yanxiu_cli.backup import back_up
from yanxiu_cli.backup_files import keys_in

from tests.files import contents
from tests.on_postgresql import SERVICES
from tests.postgres_server import PostgresServer
from tests.slices.number_forms import Wanted
from tests.slices.platform import Platform
from tests.stores import Kind, Store, Stores

DISTRICT = "numbers"
Place = tuple[str, bytes]
Found = dict[str, set[tuple[str, str]]]


def store_of(kind: Kind, server: PostgresServer | None, folder: Path) -> Store:
    """Where the platform in that folder keeps its data; such a server keeps all its log and logs all it is told."""
    if server is None:
        return Stores(_no_server, lambda: folder / "data").new(kind)
    server.execute(
        "ALTER SYSTEM SET wal_keep_size = '64GB'",
        # With the values that a statement comes with, as a deployment that looks for a fault would.
        "ALTER SYSTEM SET log_statement = 'all'",
        "SELECT pg_reload_conf()",
    )
    folders = [(name, Path(str(import_module(f"yanxiu_{name}").__file__)).parent) for name in SERVICES]
    migrations = ((name, path / "migrations") for name, path in folders)
    return Stores(lambda: server, lambda: folder / "data").new(kind, *migrations)


def _no_server() -> PostgresServer:
    raise AssertionError("SQLite has no server")


def sealed_in(store: Store) -> int:
    """How many numbers the registry's column has."""
    ((count,),) = store.edit("registry", DISTRICT, "SELECT count(*) FROM teacher WHERE national_id IS NOT NULL")
    return int(count)


async def planted(platform: Platform, store: Store, folder: Path, number: str) -> None:
    """Put a number where it may not be: among a district's rows, in a stream, in a file."""
    store.edit("registry", DISTRICT, f"UPDATE school_fact SET name = 'x{number}'", force=True)  # noqa: S608 - our own
    client = await nats.connect(platform.nats.url)
    stream = client.jetstream()
    await stream.add_stream(name="planted", subjects=["planted"])
    await stream.publish("planted", number.encode())
    await client.close()
    (folder / "planted.txt").write_text(number, encoding="utf-8")


async def backed_up(platform: Platform, store: Store, folder: Path) -> None:
    """Leave backups behind too, when the services have ended: our own of the district, and a dump of the database."""
    (folder / "backup").mkdir()
    with patch.dict(os.environ, {**platform.environment, **store.variables}):
        made = await back_up(DISTRICT, folder / "backup", None, keys_in(platform.keys))
    assert len(made.files) == 3
    if store.server is not None:
        # As text: a compressed one, or a long value that the heap keeps compressed, would hide what stands in it.
        command = [store.server.programs / "pg_dump", "-h", store.server.folder, "-U", "postgres"]
        await asyncio.to_thread(subprocess.run, [*command, "-f", folder / "dump.sql", store.database], check=True)
        store.server.execute("CHECKPOINT")
        store.server.end()


def places(answers: Iterable[bytes], store: Store, folder: Path) -> Iterator[Place]:
    """Everything that is left behind: answers, and every file (databases with their WAL, streams, logs, keys)."""
    for place, answer in enumerate(answers):
        yield f"answer {place}", answer
    yield from _files(folder, "")
    if store.server is not None:
        yield from _files(store.server.data, "cluster/")
        yield "cluster log", (store.server.folder / "log").read_bytes()


def _files(folder: Path, prefix: str) -> Iterator[Place]:
    for path, held in contents(folder):
        yield f"{prefix}{path.relative_to(folder)}", held


def not_found_in(control: Iterable[str], store: Store) -> set[str]:
    """Of all kinds of places with a planted number: those where it was not found, given where it was."""
    of_both = {"answer ", "log", "traces", "metrics", "store/", "planted.txt", "backup/registry/"}
    cluster = {"cluster/base/", "cluster/pg_wal/", "cluster log", "dump.sql"}
    database = {"data/registry/"} if store.server is None else cluster
    found = tuple(control)
    return {kind for kind in of_both | database if not any(name.startswith(kind) for name in found)}


def report(given: Iterable[str], looked: Iterator[Place]) -> tuple[Found, int, int]:
    """In which place which numbers were found in which form; how many places and bytes were looked through."""
    wanted, found = Wanted(given), Found()
    count = size = 0
    for name, data in looked:
        count, size = count + 1, size + len(data)
        if hits := wanted.found_in(data):
            found[name] = hits
    return found, count, size


def apart(found: Found, control: str) -> tuple[Found, Found]:
    """What is no leak, for it was planted, and the rest."""
    planted = {name: {hit for hit in hits if hit[1] == control} for name, hits in found.items()}
    rest = {name: hits - planted[name] for name, hits in found.items()}
    return {name: hits for name, hits in planted.items() if hits}, {name: hits for name, hits in rest.items() if hits}
