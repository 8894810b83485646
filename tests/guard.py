"""Credentials of every process for a nats-server of the tests: what `yanxiu nats credentials` makes, as they use it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from yanxiu_cli.nats.minting import Mint
from yanxiu_cli.nats.parties import parties
from yanxiu_wire.access import Access, NatsSettings
from yanxiu_wire.ending import end
from yanxiu_wire.keeping import keep_streams, keeping
from yanxiu_wire.rpc import Bus


class Guard:
    """A folder of credentials; `lines` is what a server's configuration says to admit those alone."""

    def __init__(self, folder: Path, *, tls: bool = False) -> None:
        self.mint = Mint(folder / "credentials")
        self.mint.ensure(parties())
        if tls:
            self.mint.certify(())
        self.lines = "".join(f'include "{path.relative_to(folder.resolve())}"\n' for path in self.mint.write())

    def settings(self, name: str) -> dict[str, Path]:
        """The fields of a process's settings that are about its credential."""
        return {key.removeprefix("YANXIU_").lower(): Path(path) for key, path in self.mint.variables(name).items()}

    def access(self, name: str) -> Access:
        """What a process connects with."""
        return NatsSettings(**self.settings(name)).access

    def variables(self, name: str) -> dict[str, str]:
        """The environment of a process."""
        return self.mint.variables(name)

    @contextlib.asynccontextmanager
    async def keeping(self, url: str) -> AsyncIterator[None]:
        """Keep the streams while the block runs, as the supervisor of a platform does."""
        keeper = await self.connect(url, "keeper")
        await keep_streams(keeper)
        task = asyncio.create_task(keeping(keeper))
        try:
            yield
        finally:
            await end(task)
            await keeper.close()

    async def connect(self, url: str, name: str) -> Bus:
        """A bus with that credential."""
        return await Bus.connect(url, name=name, access=self.access(name))
