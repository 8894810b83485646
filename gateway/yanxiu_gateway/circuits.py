"""Calls through circuits, one for each endpoint and one for each service: what is down fails at once and alone.

An endpoint that hangs closes itself and nothing beside it. A service that is gone is known by the company: when twenty
calls in a row, to two endpoints at least, brought no answer, or nobody listens at two of them, all of it fails at once.
"""

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
from yanxiu_gateway.circuit import LEAST_CALLS, Circuit, State

# Who had less time than this to answer has not shown that he cannot.
FAIR_SECONDS = 0.5
# One endpoint that hangs, or that an older process has not, tells nothing about the others.
_LEAST_ENDPOINTS = 2
_STATE = gauge(
    "yanxiu_circuit_open",
    "对该服务（endpoint 为空）或其一个端点的请求直接失败时为 1",
    "1 while calls to a service (endpoint empty) or to one of its endpoints fail at once",
    ("service", "endpoint"),
)
_OPENED = Count(
    "yanxiu_circuits_opened_total",
    "对该服务（endpoint 为空）或其一个端点断路的次数",
    "how often the circuit to a service (endpoint empty) or to one of its endpoints opened",
    ("service", "endpoint"),
)


class _Service:
    """The circuits of one service: to the whole of it, and to each endpoint that was asked."""

    def __init__(self, name: str, now: Callable[[], float]) -> None:
        self._name = name
        self._now = now
        self.whole = self._circuit("")
        self.endpoints: dict[str, Circuit] = {}
        # Since something of the service answered last: calls without an answer, and to which endpoints.
        self._lost = 0
        self._silent: set[str] = set()
        _STATE.labels(name, "").set(0)

    def decides(self, verb: str) -> Circuit:
        """The circuit that admits a call: that of the whole service while it is open, else the endpoint's."""
        if self.whole.state != "closed":
            return self.whole
        return self._endpoint(verb)

    def answered(self, verb: str) -> None:
        """An endpoint answered, so the service is there, and whatever was closed with it may be asked again."""
        self._lost = 0
        self._silent.clear()
        if self.whole.state == "closed":
            self._close(verb, self._endpoint(verb))
            return
        self._close("", self.whole)
        for other, circuit in self.endpoints.items():
            if circuit.state != "closed":
                self._close(other, circuit)

    def unanswered(self, verb: str, *, nobody: bool) -> None:
        """An endpoint did not answer; `nobody` when no process listens there."""
        if self.whole.state != "closed":
            self.whole.unanswered()
            return
        self._endpoint(verb).unanswered(nobody=nobody)
        self._lost += 1
        self._silent.add(verb)
        if len(self._silent) >= _LEAST_ENDPOINTS and (nobody or self._lost >= LEAST_CALLS):
            self.whole.unanswered(nobody=True)

    def _close(self, verb: str, circuit: Circuit) -> None:
        if circuit.state != "closed":
            _STATE.labels(self._name, verb).set(0)
            logger().info("circuit-closed", to=self._name, endpoint=verb)
        circuit.answered()

    def _endpoint(self, verb: str) -> Circuit:
        circuit = self.endpoints.get(verb)
        if circuit is None:
            circuit = self.endpoints[verb] = self._circuit(verb)
        return circuit

    def _circuit(self, verb: str) -> Circuit:
        def opened() -> None:
            _STATE.labels(self._name, verb).set(1)
            _OPENED.add(self._name, verb)
            logger().error("circuit-opened", to=self._name, endpoint=verb)

        return Circuit(opened, now=self._now)


class Circuits:
    """Asks through `call`, as `Bus.call` does; `ServiceUnavailable` names the service whose circuit is open."""

    def __init__(self, call: Call, *, now: Callable[[], float] = time.monotonic) -> None:
        self._call = call
        self._now = now
        self._of: dict[str, _Service] = {}

    def states(self) -> dict[str, State]:
        """The circuit of each service that was asked, and of its endpoints those that are not closed."""
        found: dict[str, State] = {}
        for name, service in sorted(self._of.items()):
            found[name] = service.whole.state
            for verb, circuit in sorted(service.endpoints.items()):
                if circuit.state != "closed":
                    found[f"{name}.{verb}"] = circuit.state
        return found

    def closed(self, endpoint: Endpoint[Any, Any]) -> bool:
        """Whether nothing is known against an endpoint that was asked before."""
        service = self._of.get(endpoint.service)
        return service is not None and service.decides(endpoint.verb).state == "closed"

    def answered(self, endpoint: Endpoint[Any, Any]) -> None:
        """Note that an endpoint whose circuit was `closed` has answered one who asked it past `call`."""
        self._of[endpoint.service].answered(endpoint.verb)

    async def __call__(
        self, endpoint: Endpoint[Any, Any], request: Any, *, district: str, deadline: Deadline | None = None
    ) -> Any:
        """As `Bus.call`; fails at once while the circuit of the endpoint or of its whole service is open."""
        name, verb = endpoint.service, endpoint.verb
        service = self._of.get(name) or self._of.setdefault(name, _Service(name, self._now))
        circuit = service.decides(verb)
        if not circuit.admits():
            raise ServiceUnavailable(name, again_ms=circuit.again_ms(), nobody=True)
        deadline = deadline or Deadline.after(endpoint.seconds)
        fair = deadline.remaining() >= FAIR_SECONDS
        try:
            answer = await self._call(endpoint, request, district=district, deadline=deadline)
        except (DeadlineExceeded, ServiceUnavailable) as fault:
            if fault.answered:
                service.answered(verb)
            elif fair:
                service.unanswered(verb, nobody=isinstance(fault, ServiceUnavailable) and fault.nobody)
            raise
        except WireFault:
            # Whatever is wrong with this request, somebody answered it.
            service.answered(verb)
            raise
        service.answered(verb)
        return answer
