"""Questions of one operation taken to their services together: one message for each service and level (`rounds`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from yanxiu_wire.bundle import Answer
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.known import Encoded, Sent
from yanxiu_wire.rounds import Round
from yanxiu_wire.rpc import Bus, Carry

from yanxiu_gateway.execution.company import Company


class _Operation:
    """One operation at work, its branches, and its round once it has asked anything."""

    __slots__ = ("company", "round")

    def __init__(self, company: Company) -> None:
        self.company = company
        self.round: Round | None = None


_OPERATION: ContextVar[_Operation | None] = ContextVar("operation", default=None)


@contextmanager
def one_operation(company: Company) -> Iterator[Company]:
    """What is asked in the block, and by tasks that were begun in it, is asked for one operation."""
    before = _OPERATION.set(_Operation(company))
    try:
        yield company
    finally:
        _OPERATION.reset(before)


def begin_operation(company: Company) -> None:
    """What this task asks from now on is asked for one operation, until the next begins: an event of a subscription."""
    _OPERATION.set(_Operation(company))


class Bundling:
    """Asks over the bus; what is asked outside of an operation, each time alone."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def __call__(
        self, endpoint: Endpoint[Any, Any], request: Any, *, district: str, deadline: Deadline | None = None
    ) -> Any:
        """As `Bus.call`."""
        operation = _OPERATION.get()
        if operation is None:
            return await self._bus.call(endpoint, request, district=district, deadline=deadline)
        its = operation.round
        if its is None:
            its = operation.round = Round(self._bus, operation.company.branches)
        sent = request.sent if isinstance(request, Encoded) else None
        carry = its.carry if sent is None else _taking(sent, its.carry)
        return await self._bus.call(endpoint, request, district=district, deadline=deadline, carry=carry)


def _taking(sent: Sent, otherwise: Carry) -> Carry:
    async def carry(
        endpoint: Endpoint[Any, Any], district: str, body: bytes, headers: dict[str, str], deadline: Deadline
    ) -> Answer:
        answer = await sent.take(endpoint, deadline)
        return answer if answer is not None else await otherwise(endpoint, district, body, headers, deadline)

    return carry
