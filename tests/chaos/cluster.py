"""Three nats-servers as one cluster on this machine, each of which can be taken away gently; or one alone."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sysconfig
from pathlib import Path

import httpx2

SERVERS = 3
_PROGRAM = Path(sysconfig.get_path("scripts")) / "nats-server"
_READY_SECONDS = 30.0
# The shortest that nats-server takes.
_LAME_SECONDS = 30
_GONE_SECONDS = 60.0


class Cluster:
    """`urls` are where clients connect; `renew` replaces one server as an upgrade does."""

    def __init__(self, folder: Path, count: int = SERVERS) -> None:
        self._folder = folder
        self._count = count
        self._ports = _free_ports(3 * count)
        self._processes: list[asyncio.subprocess.Process | None] = [None] * count

    @property
    def urls(self) -> list[str]:
        """One address of each server."""
        return [f"nats://127.0.0.1:{port}" for port in self._ports[: self._count]]

    async def start(self) -> None:
        """Start all, and return when they have found one another."""
        for number in range(self._count):
            await self._start(number)
        await asyncio.gather(*(self._ready(number) for number in range(self._count)))

    async def renew(self, number: int) -> None:
        """Take a server away in lame-duck mode, and start it again as a newer one would be."""
        process = self._processes[number]
        assert process is not None
        command = [str(_PROGRAM), "--signal", f"ldm={process.pid}"]
        await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
        async with asyncio.timeout(_GONE_SECONDS):
            await process.wait()
        await self._start(number)
        await self._ready(number)

    async def stop(self) -> None:
        """End all."""
        for process in self._processes:
            if process is not None and process.returncode is None:
                process.terminate()
                await process.wait()

    async def _start(self, number: int) -> None:
        mine = self._folder / str(number)
        mine.mkdir(parents=True, exist_ok=True)
        routes = ", ".join(
            f'"nats://127.0.0.1:{self._route(other)}"' for other in range(self._count) if other != number
        )
        cluster = f'cluster {{ name: yanxiu, listen: "127.0.0.1:{self._route(number)}", routes: [{routes}] }}\n'
        config = mine / "server.conf"
        config.write_text(
            f'server_name: n{number}\nlisten: "{self.urls[number].removeprefix("nats://")}"\n'
            f'http: "127.0.0.1:{self._ports[2 * self._count + number]}"\n'
            f'lame_duck_duration: "{_LAME_SECONDS}s"\nlame_duck_grace_period: "1s"\n'
            f'jetstream {{ store_dir: "{mine / "store"}", sync_interval: always }}\n'
            + (cluster if self._count > 1 else ""),
            encoding="utf-8",
        )
        self._processes[number] = await asyncio.create_subprocess_exec(
            *(str(_PROGRAM), "-c", str(config), "-l", str(mine / "server.log"))
        )

    async def _ready(self, number: int) -> None:
        """The server says itself when JetStream has its leader and its part of the streams."""
        url = f"http://127.0.0.1:{self._ports[2 * self._count + number]}/healthz"
        async with asyncio.timeout(_READY_SECONDS), httpx2.AsyncClient(trust_env=False) as client:
            while True:
                try:
                    if (await client.get(url)).status_code == 200:
                        return
                except httpx2.TransportError:
                    pass
                await asyncio.sleep(0.05)  # a server tells nobody that it is ready

    def _route(self, number: int) -> int:
        return self._ports[self._count + number]


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
