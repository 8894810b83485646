"""The visits process: its capabilities are not built yet; it is there, says so under `$SRV`, and ends on SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from importlib.metadata import version

from yanxiu_wire import log
from yanxiu_wire import visits as wire
from yanxiu_wire.rpc import Bus, Serving
from yanxiu_wire.settings import read_settings

from yanxiu_visits.settings import Settings

_log = log.logger()


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Serving]:
    """Answer `$SRV.PING`, `INFO` and `STATS` for `visits` until the block ends; there are no endpoints to call."""
    bus = await Bus.connect(settings.nats_url, name=wire.SERVICE)
    try:
        serving = await bus.serve(wire.SERVICE, version("yanxiu"), {})
        try:
            yield serving
        finally:
            await serving.drain()
    finally:
        await bus.close()


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(settings):
        _log.info("ready", endpoints=len(wire.ENDPOINTS))
        await stop.wait()
        _log.info("draining")
    _log.info("stopped")


def main() -> None:
    """Start the process."""
    log.configure(wire.SERVICE)
    asyncio.run(run(read_settings(Settings)))


if __name__ == "__main__":
    main()
