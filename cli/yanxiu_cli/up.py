"""`yanxiu up`: the whole platform on this machine, supervised until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from yanxiu_rulekit.plugins import GROUP
from yanxiu_wire import log
from yanxiu_wire.ending import end

from yanxiu_cli.console import tell
from yanxiu_cli.failed import Failed
from yanxiu_cli.local.deployment import MOST_GATEWAYS, Deployment, Plan, read_replicas
from yanxiu_cli.local.folder import Folder
from yanxiu_cli.local.trunk import Trunk

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def up(
    *,
    demo: Annotated[bool, Parameter(negative=())] = False,
    data: Path = Path("var"),
    port: int = 8000,
    replicas: tuple[str, ...] = (),
    gateways: int = 1,
    tls: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """在本机启动整个平台：内置 NATS、各服务、网关；Ctrl-C 停止。Start everything here; Ctrl-C stops it.

    Parameters
    ----------
    demo
        首次启动时装入虚构示例区县。The first time, fill synthetic districts.
    data
        数据目录。The data folder.
    port
        网关端口；0 为自动选择。The gateway's port; 0 chooses a free one.
    replicas
        某服务的进程数，如 credits=2（可重复）。Processes of a service, such as credits=2; may be repeated.
    gateways
        共用该端口的网关进程数。How many gateway processes share the port.
    tls
        NATS 的连接一律加密，双方出示证书。Encrypt every connection to NATS, by certificate on both sides.
    """
    _in_range(port, gateways)
    plan = Plan(packs=_packs(), replicas=read_replicas(replicas), tls=tls)
    folder = Folder(data)
    folder.prepare()
    with folder.held():
        run = folder.settle(port, gateways)
        # Before anything is read that a rule pack may not know: its cell is a fork of a fork of this process.
        trunk = Trunk.fork() if sys.platform == "linux" else None
        log.configure("up", level=logging.ERROR)  # what the processes have to say stands in their own logs
        return asyncio.run(_run(Deployment(folder, run, plan, tell, trunk), demo=demo))


def _in_range(port: int, gateways: int) -> None:
    """Raise Failed (called wrongly) for what cannot be."""
    if not 0 <= port <= 65535:
        raise Failed(f"--port {port}：端口为 0 到 65535。", f"--port {port}: a port is 0 to 65535.", code=2)
    if not 1 <= gateways <= MOST_GATEWAYS:
        most = MOST_GATEWAYS
        raise Failed(f"--gateways {gateways}：1 到 {most}。", f"--gateways {gateways}: 1 to {most}.", code=2)


def _packs() -> tuple[str, ...]:
    """The laws this deployment must have: those that YANXIU_PACKS names, else every installed one, broken or not.

    They are named, not loaded: a broken one keeps its district closed and says why.
    """
    if named := os.environ.get("YANXIU_PACKS", "").strip():
        return tuple(one.strip() for one in named.split(","))
    return tuple(sorted({one.name for one in entry_points(group=GROUP)}))


async def _run(deployment: Deployment, *, demo: bool) -> int:
    """Serve until a signal comes, then drain; a second signal changes nothing, since the draining is bounded."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop.set)
    serving = asyncio.create_task(_serve(deployment, demo=demo))
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({serving, told}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        told.cancel()
        if stop.is_set():
            tell("正在停止 / stopping")
        try:
            await _ended(serving)
        finally:
            await deployment.stop()
    tell("已停止 / stopped")
    return 0


async def _serve(deployment: Deployment, *, demo: bool) -> None:
    tell(f"数据目录 / data folder: {deployment.folder.root}")
    bus = await deployment.start()
    if demo:
        from yanxiu_cli.demo.greeting import greet
        from yanxiu_cli.demo.seed import seed

        await seed(bus, deployment.folder)
        tell(f"ready {deployment.run.http_url}/graphql")
        await greet(bus, deployment.folder, deployment.run)
    else:
        tell(f"ready {deployment.run.http_url}/graphql")
    await asyncio.Event().wait()


async def _ended(serving: asyncio.Task[None]) -> None:
    """End the task; why it failed, if it did, is raised."""
    await end(serving)
    if not serving.cancelled():
        serving.result()
