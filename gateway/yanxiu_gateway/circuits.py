"""Calls through circuits, one for each service: what is down fails at once and alone, and is not asked to death."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable, WireFault
from yanxiu_wire.log import logger
from yanxiu_wire.metrics import Count, gauge

from yanxiu_gateway.asking import Call
from yanxiu_gateway.circuit import Circuit, State

# Who had less time than this to answer has not shown that he cannot.
FAIR_SECONDS = 0.5
_STATE = gauge(
    "yanxiu_circuit_open", "对该服务的请求直接失败时为 1", "1 while calls to a service fail at once", ("service",)
)
_OPENED = Count(
    "yanxiu_circuits_opened_total", "对该服务断路的次数", "how often the circuit to a service opened", ("service",)
)


class Circuits:
    """Asks through `call`, as `Bus.call` does; `ServiceUnavailable` names the service whose circuit is open."""

    def __init__(self, call: Call, *, now: Callable[[], float] = time.monotonic) -> None:
        self._call = call
        self._now = now
        self._of: dict[str, Circuit] = {}

    def states(self) -> dict[str, State]:
        """The circuit of each service that was asked."""
        return {service: circuit.state for service, circuit in sorted(self._of.items())}

    async def __call__(
        self, endpoint: Endpoint[Any, Any], request: Any, *, district: str, deadline: Deadline | None = None
    ) -> Any:
        """As `Bus.call`; fails at once while the service's circuit is open."""
        service = endpoint.service
        circuit = self._of.get(service) or self._new(service)
        if not circuit.admits():
            raise ServiceUnavailable(service, again_ms=circuit.again_ms(), nobody=True)
        deadline = deadline or Deadline.after(endpoint.seconds)
        fair = deadline.remaining() >= FAIR_SECONDS
        try:
            answer = await self._call(endpoint, request, district=district, deadline=deadline)
        except (DeadlineExceeded, ServiceUnavailable) as fault:
            if fault.answered:
                self._answered(service, circuit)
            elif fair:
                circuit.unanswered(nobody=isinstance(fault, ServiceUnavailable) and fault.nobody)
            raise
        except WireFault:
            # Whatever is wrong with this request, somebody answered it.
            self._answered(service, circuit)
            raise
        self._answered(service, circuit)
        return answer

    def _answered(self, service: str, circuit: Circuit) -> None:
        if circuit.state != "closed":
            _STATE.labels(service).set(0)
            logger().info("circuit-closed", to=service)
        circuit.answered()

    def _new(self, service: str) -> Circuit:
        def opened() -> None:
            _STATE.labels(service).set(1)
            _OPENED.add(service)
            logger().error("circuit-opened", to=service)

        _STATE.labels(service).set(0)
        circuit = self._of[service] = Circuit(opened, now=self._now)
        return circuit
