"""How an endpoint of a service is declared and called: `Ask` declares it, `Bound` calls it, `Call` carries it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Generic, Protocol, TypeVar, overload

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command, Query
from yanxiu_wire.refusal import Refused

Req = TypeVar("Req", bound=Command | Query)
Rep = TypeVar("Rep")

QUERY_SECONDS = 3.0
COMMAND_SECONDS = 8.0


class Call(Protocol):
    """What carries a request to its service, such as `Bus.call`; raises `WireFault` when no answer came."""

    def __call__(
        self, endpoint: Endpoint[Any, Any], request: Any, *, district: str, deadline: Deadline | None = None
    ) -> Awaitable[Any]:
        """Send `request` to the endpoint of `district` and give back its reply or refusal."""
        ...


class Bound(Generic[Req, Rep]):
    """An endpoint of a backend, ready to be called."""

    def __init__(self, endpoint: Endpoint[Req, Any], call: Call) -> None:
        self.endpoint = endpoint
        self._call = call

    async def __call__(self, request: Req, *, deadline: Deadline, district: str | None = None) -> Rep | Refused:
        """Ask in the caller's own district; only what opens or binds a district names another."""
        endpoint = self.endpoint
        until = until_when(endpoint, deadline)
        return await self._call(endpoint, request, district=district or request.caller.district, deadline=until)


def until_when(endpoint: Endpoint[Any, Any], deadline: Deadline) -> Deadline:
    """Until when an operation with this deadline waits for an endpoint.

    One that may take longer than an ordinary request (a roster, a ledger) gets its own time limit.
    """
    ordinary = COMMAND_SECONDS if endpoint.writes else QUERY_SECONDS
    return Deadline.after(endpoint.seconds) if endpoint.seconds > ordinary else deadline


class Ask(Generic[Req, Rep]):
    """Declares one endpoint of the backend."""

    def __init__(self, endpoint: Endpoint[Req, Any]) -> None:
        self.endpoint = endpoint

    @overload
    def __get__(self, backend: None, owner: type) -> Ask[Req, Rep]: ...
    @overload
    def __get__(self, backend: Asking, owner: type) -> Bound[Req, Rep]: ...
    def __get__(self, backend: Asking | None, owner: type) -> Ask[Req, Rep] | Bound[Req, Rep]:
        return self if backend is None else Bound(self.endpoint, backend.call)


class Asking:
    """What declares endpoints with `Ask`; `call` carries a request to its service."""

    def __init__(self, call: Call) -> None:
        self.call = call
