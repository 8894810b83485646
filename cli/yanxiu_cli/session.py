"""A connection to a running platform for one command: where it is, who asks, and answers or a clear failure."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from yanxiu_wire.access import Access
from yanxiu_wire.caller import PLATFORM, Caller
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import ServiceUnavailable, WireFault
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus
from yanxiu_wire.settings import SettingRefused

from yanxiu_cli.console import sentences
from yanxiu_cli.failed import Failed
from yanxiu_cli.local.folder import Folder
from yanxiu_cli.nats.using import access_from_environment, access_of

OPERATOR = Caller(subject="yanxiu-cli", role="platform-operator", district=PLATFORM)
CONNECT_WITHIN = 5.0


def nats_url(data: Path) -> str:
    """Where NATS is: YANXIU_NATS_URL, else what `yanxiu up` wrote into the data folder; raises Failed without both.

    One that names no host, or a port that is no number, is refused here: the client does not see it before it fails.
    """
    if url := os.environ.get("YANXIU_NATS_URL", "").strip():
        if not _is_address(url):
            raise Failed(
                f"YANXIU_NATS_URL 不是地址：{url}。应如 nats://127.0.0.1:4222。",
                f"YANXIU_NATS_URL is no address: {url}. Give one such as nats://127.0.0.1:4222.",
            )
        return url
    run = Folder(data).read_run()
    if run is None:
        raise Failed(
            f"找不到运行中的平台：{data} 中没有 run.json，也未设置 YANXIU_NATS_URL。"
            "请先 yanxiu up，或用 --data 指明目录。",
            f"No running platform: no run.json in {data} and no YANXIU_NATS_URL. "
            "Start one with yanxiu up, or name its folder with --data.",
        )
    return run.nats_url


def nats_access(data: Path) -> Access:
    """What to connect with: YANXIU_NATS_* beside YANXIU_NATS_URL, else the operator's credential of the data folder."""
    if os.environ.get("YANXIU_NATS_URL", "").strip():
        return access_from_environment()
    return access_of(Folder(data).credentials, "operator")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url if "://" in url else f"nats://{url}")
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


@contextlib.asynccontextmanager
async def connected(data: Path) -> AsyncIterator[Bus]:
    """Yield a connection to the platform; raises Failed when nobody answers there."""
    try:
        bus = await Bus.connect(nats_url(data), name="yanxiu-cli", wait=CONNECT_WITHIN, access=nats_access(data))
    except ServiceUnavailable:
        raise Failed(
            "平台没有应答（NATS 无法连接）。请先启动：yanxiu up。",
            "The platform does not answer (no connection to NATS). Start it with: yanxiu up.",
        ) from None
    except SettingRefused as refused:
        raise Failed(f"不能连接平台：{refused}", f"No connection to the platform: {refused}") from None
    try:
        yield bus
    finally:
        await bus.close()


async def ask(bus: Bus, endpoint: Endpoint[Any, Any], request: Any, *, district: str) -> Any:
    """Return the reply; a refusal or a fault becomes Failed with its sentences."""
    try:
        reply = await bus.call(endpoint, request, district=district)
    except WireFault as fault:
        raise Failed(f"{endpoint.service} 未能应答（{fault.code}）：{fault}", f"{endpoint.service}: {fault}") from None
    if isinstance(reply, Refused):
        raise Failed(*sentences(reply))
    return reply
