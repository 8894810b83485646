"""What is measured of a service's districts every quarter of a minute, for Prometheus and for `$SRV.STATS`.

Every process measures, so that none is needed for it; where a district has two processes they show the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import msgspec
from sqlalchemy.exc import SQLAlchemyError
from yanxiu_wire import log
from yanxiu_wire.ending import end
from yanxiu_wire.faults import WireFault
from yanxiu_wire.metrics import gauge
from yanxiu_wire.rpc import Bus
from yanxiu_wire.vitals import MOST_DISTRICTS, ConsumerVitals, DistrictVitals, Vitals

from yanxiu_durable.databases import Databases
from yanxiu_durable.errors import DurableError
from yanxiu_durable.lag import lacks_newest, look_at_outbox, show_lag
from yanxiu_durable.looking import Look
from yanxiu_durable.relay import Relay

SECONDS = 15.0
# A round of many districts takes at most this part of the time, as long as what is wrong is still seen soon enough.
_SHARE = 50
MOST_SECONDS = 30.0
Facts = Callable[[Look, str], Mapping[str, Any]]
"""`(look, district) -> fields`: more of a district's `DistrictVitals`; it shows Prometheus what it found."""
Lags = Callable[[], Awaitable[Mapping[str, ConsumerVitals]]]
"""`async () -> lags`: of every consumer of the service that can be asked now, by name."""
_log = log.logger()

_CONSUMER_WAITING = gauge(
    "yanxiu_consumer_waiting",
    "消费者尚未收到的事件数",
    "events that a consumer of the stream has not been given yet",
    ("consumer",),
)
_CONSUMER_UNACKNOWLEDGED = gauge(
    "yanxiu_consumer_unacknowledged",
    "消费者已收到、尚未确认的事件数",
    "events that a consumer was given and has not acknowledged",
    ("consumer",),
)
_MEASURED = gauge(
    "yanxiu_measured_timestamp_seconds",
    "上次量测各区县的时刻",
    "when the districts were measured last",
    ("service",),
)
_PACKS = gauge(
    "yanxiu_rule_pack_info",
    "恒为 1；标签是已安装的规则包与版本",
    "always 1; the labels are a rule pack that is installed and its version",
    ("service", "pack", "version"),
)


class Watching:
    """Measures the districts of one service in turn; `vitals` is what was found last."""

    def __init__(
        self,
        databases: Databases,
        bus: Bus,
        relay: Relay,
        *,
        packs: Mapping[str, str],
        facts: Sequence[Facts] = (),
        lags: Lags | None = None,
    ) -> None:
        self._databases = databases
        self._bus = bus
        self._relay = relay
        self._facts = facts
        self._lags = lags
        self.vitals = Vitals(build=version("yanxiu"), measured_at=datetime.now(UTC), packs=packs)
        for pack, its in packs.items():
            _PACKS.labels(databases.service, pack, its).set(1)

    async def measure(self) -> Vitals:
        """Measure every district once."""
        found: dict[str, DistrictVitals] = {}
        problem = ""
        for district in await self._databases.districts():
            try:
                found[district] = await self._of(district)
            except (DurableError, SQLAlchemyError, WireFault, OSError) as error:
                problem = f"{district}: {type(error).__name__}"
        if any(one.stream_behind for one in found.values()):
            # What the stream lost is sent again as soon as it is missed.
            self._relay.distrust()
        listed = sorted(found, key=lambda name: (not found[name].ill, -found[name].waiting, name))[:MOST_DISTRICTS]
        self.vitals = msgspec.structs.replace(
            self.vitals,
            measured_at=datetime.now(UTC),
            districts={name: found[name] for name in listed},
            more_districts=len(found) - len(listed),
            consumers=await self._consumers(),
            problem=problem,
        )
        _MEASURED.labels(self._databases.service).set(time.time())
        return self.vitals

    async def _of(self, district: str) -> DistrictVitals:
        def found(look: Look) -> tuple[Any, dict[str, Any]]:
            more: dict[str, Any] = {}
            for facts in self._facts:
                more.update(facts(look, district))
            return look_at_outbox(look, district), more

        outbox, more = await self._databases.look(district, found)
        behind = await lacks_newest(self._bus, self._databases.service, outbox)
        show_lag(self._databases.service, district, outbox, behind=behind)
        return DistrictVitals(
            waiting=outbox.waiting, oldest_seconds=int(outbox.oldest_seconds), stream_behind=behind, **more
        )

    async def _consumers(self) -> dict[str, ConsumerVitals]:
        found = dict(await self._lags()) if self._lags is not None else {}
        for name, lag in found.items():
            _CONSUMER_WAITING.labels(name).set(lag.waiting)
            _CONSUMER_UNACKNOWLEDGED.labels(name).set(lag.unacknowledged)
        return found


def pause_after(took: float) -> float:
    """For how many seconds nothing is measured after a round that took so many."""
    return min(max(SECONDS, _SHARE * took), MOST_SECONDS)


@contextlib.asynccontextmanager
async def watching(watch: Watching) -> AsyncIterator[Watching]:
    """Measure at once and then again and again while the block runs."""

    async def run() -> None:
        while True:
            began = time.monotonic()
            try:
                await watch.measure()
            except Exception:  # noqa: BLE001 - who watches must go on: nobody would miss it before it is needed
                _log.exception("not-measured")
            await asyncio.sleep(pause_after(time.monotonic() - began))

    task = asyncio.create_task(run())
    try:
        yield watch
    finally:
        await end(task)
