"""`yanxiu nats streams`: make the streams and the places in them, once or as long as it runs."""

from __future__ import annotations

import asyncio
from typing import Annotated

from cyclopts import Parameter

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed


def streams(*, replicas: int = 1, watch: Annotated[bool, Parameter(negative=())] = False) -> None:
    """建立缺少的流与其中的位置；由 YANXIU_NATS_* 指明服务器与 keeper 凭据。Make the streams that are missing.

    Parameters
    ----------
    replicas
        每个流存放在几台服务器上。On how many servers each stream stands.
    watch
        一直看管，直到停止。Keep them until told to stop.
    """
    from yanxiu_wire import log
    from yanxiu_wire.faults import ServiceUnavailable
    from yanxiu_wire.settings import SettingRefused

    if not 1 <= replicas <= 5:
        raise Failed(f"--replicas {replicas}：1 到 5。", f"--replicas {replicas}: 1 to 5.", code=2)
    log.configure("keeper")
    try:
        made = asyncio.run(_keep(replicas, watch=watch))
    except SettingRefused as refused:
        raise Failed(f"设置有误：{refused}", f"Setting refused: {refused}", code=2) from None
    except ServiceUnavailable as error:
        raise Failed(f"NATS 未应答：{error}", f"NATS does not answer: {error}") from None
    say("、".join(made) if made else "各流齐备。Every stream is there.")


async def _keep(replicas: int, *, watch: bool) -> tuple[str, ...]:
    from yanxiu_wire.access import NatsSettings
    from yanxiu_wire.keeping import keep_streams, keeping
    from yanxiu_wire.rpc import Bus
    from yanxiu_wire.settings import read_settings

    settings = read_settings(NatsSettings)
    bus = await Bus.connect(settings.nats_url, name="keeper", access=settings.access)
    try:
        if watch:
            await keeping(bus, replicas=replicas)
        return await keep_streams(bus, replicas=replicas)
    finally:
        await bus.close()
