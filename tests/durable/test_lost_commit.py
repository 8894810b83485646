"""A connection to PostgreSQL that is lost at its COMMIT: nobody knows what came of it until the key is sent again."""

from __future__ import annotations

import asyncio
import tempfile
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from yanxiu_durable import Databases, grouped, once, open_databases

from tests.stores import Stores

from .conftest import METADATA
from .grouping import command, send, told, waiting, whats, working
from .test_once import REFUSED, Noted
from .writing import soon

Fate = Literal["pass", "lost on its way", "lost with its answer"]
SOCKET = ".s.PGSQL.5432"
# As it stands at the end of a message; READ COMMITTED is none.
COMMIT = b"COMMIT\0"


class Wire:
    """A socket before the server's; `fates` says what becomes of the COMMITs to come, those after them pass."""

    def __init__(self, server: Path, folder: Path) -> None:
        self.fates: deque[Fate] = deque()
        self.met: list[Fate] = []
        self._server = server
        self._folder = folder

    async def listen(self) -> asyncio.Server:
        """Stand where a client looks for the server."""
        return await asyncio.start_unix_server(self._serve, self._folder / SOCKET)

    async def _serve(self, asks: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        there, to = await asyncio.open_unix_connection(self._server / SOCKET)
        back = asyncio.create_task(_pass(there, answers))
        try:
            while said := await asks.read(65_536):
                fate = self.fates.popleft() if COMMIT in said and self.fates else "pass"
                if fate == "lost with its answer":
                    back.cancel()
                    await asyncio.gather(back, return_exceptions=True)
                    to.write(said)
                    # The server answers when it stands.
                    assert COMMIT in await there.read(65_536)
                if fate != "pass":
                    self.met.append(fate)
                    break
                to.write(said)
                await to.drain()
        finally:
            back.cancel()
            to.close()
            answers.close()


async def _pass(heard: asyncio.StreamReader, on: asyncio.StreamWriter) -> None:
    while said := await heard.read(65_536):
        on.write(said)
        await on.drain()
    on.close()


@pytest.fixture
async def wire(stores: Stores, migrations: Path) -> AsyncIterator[tuple[Databases, Wire]]:
    """Databases with the district puer, and the wire to their server."""
    store = stores.new("postgresql", ("test", migrations))
    assert store.server is not None
    # A socket's path is short; pytest's folders need not be.
    with tempfile.TemporaryDirectory() as folder:
        between = Wire(store.server.folder, Path(folder))
        url = store.settings.database_url.replace(str(store.server.folder), folder)
        listening = await between.listen()
        databases = open_databases(
            "test", msgspec.structs.replace(store.settings, database_url=url), METADATA, migrations
        )
        await databases.open_all()
        await databases.ensure("puer")
        yield databases, between
        await databases.close()
        listening.close()
        await listening.wait_closed()


@pytest.mark.parametrize("few_rows", [True, False])
@pytest.mark.parametrize("fate", ["lost on its way", "lost with its answer"])
async def test_who_is_told_nothing_of_his_commit_finds_it_under_his_key_or_does_it_then(
    wire: tuple[Databases, Wire], fate: Fate, few_rows: bool
) -> None:
    databases, between = wire

    async def sent() -> object:
        work = working("w")
        return await told(once(databases, "puer", command("k", "w"), Noted, soon(), work, few_rows=few_rows))

    between.fates.append(fate)
    assert await sent() == "ServiceUnavailable"
    assert between.met == [fate]
    stands = fate == "lost with its answer"
    assert await whats(databases) == (["w"] if stands else [])
    assert await sent() == Noted(seq=1, replayed=stands)
    assert await whats(databases) == ["w"]


@pytest.mark.parametrize("fate", ["lost on its way", "lost with its answer"])
async def test_all_who_shared_the_commit_are_told_to_come_again_and_each_is_done_once(
    wire: tuple[Databases, Wire], fate: Fate, monkeypatch: pytest.MonkeyPatch
) -> None:
    databases, between = wire
    # A busy machine does not divide them.
    monkeypatch.setattr(grouped, "SECONDS", 60.0)
    sendings = [("k0", "w0", "write"), ("k1", "w1", "refuse"), ("k2", "w2", "write")]
    # The first COMMIT is that of the transaction behind which they wait.
    between.fates.extend(["pass", fate])
    async with waiting(databases, *(send(databases, key, what, how=how) for key, what, how in sendings)) as tasks:
        pass
    assert [await told(task) for task in tasks] == ["ServiceUnavailable"] * len(sendings)
    assert between.met == [fate]
    stands = fate == "lost with its answer"
    assert await whats(databases) == (["w0", "w2"] if stands else [])
    again = [await send(databases, key, what, how=how) for key, what, how in sendings]
    assert again == [Noted(seq=1, replayed=stands), REFUSED, Noted(seq=2, replayed=stands)]
    assert await whats(databases) == ["w0", "w2"]
