"""Whether this process lives, and whether it can do its work: /live and /ready."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from yanxiu_wire.rpc import Bus

from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.problems import json_response

PING_SECONDS = 1.0


class Health:
    """Answers the two probes.

    Ready means: connected to NATS, keys at hand, not draining, and every service has answered at least once. After
    that a service that is down leaves the gateway ready but `degraded`, for its other fields still answer. `circuits`
    are the states of those to the services that were asked.
    """

    def __init__(
        self,
        bus: Bus,
        tokens: TokenReader,
        services: tuple[str, ...],
        circuits: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._bus = bus
        self._tokens = tokens
        self._services = services
        self._circuits = circuits
        self._met: set[str] = set()
        self.draining = False

    async def live(self, _request: Request) -> Response:
        """The loop turns."""
        return json_response({"status": "live"})

    async def ready(self, _request: Request) -> Response:
        """Every part by name; 503 while the gateway should be sent nothing."""
        answering = await asyncio.gather(
            *(self._bus.answers(service, within=PING_SECONDS) for service in self._services)
        )
        services = dict(zip(self._services, answering, strict=True))
        keys = await self._tokens.has_keys()
        self._met.update(service for service, answers in services.items() if answers)
        parts: dict[str, Any] = {
            "nats": _word(self._bus.connected),
            "keys": _word(keys),
            **{service: _word(answers) for service, answers in services.items()},
        }
        able = self._bus.connected and keys and not self.draining
        started = self._met.issuperset(self._services)
        status = "draining" if self.draining else "unready"
        if able and started:
            status = "ready" if all(answering) else "degraded"
        told = {"status": status, "parts": parts, "circuits": dict(self._circuits())}
        return json_response(told, 200 if able and started else 503)


def _word(ok: bool) -> str:
    return "ok" if ok else "down"
