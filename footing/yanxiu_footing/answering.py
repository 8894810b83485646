"""From an endpoint to its use case: whose district it is, whether the role may ask, and word of what was committed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Protocol

from yanxiu_durable.databases import Databases
from yanxiu_durable.errors import DistrictUnknown
from yanxiu_wire.caller import PLATFORM, Role
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.rpc import Handler

from yanxiu_footing import refusals
from yanxiu_footing.scope import at_home


class Serves(Protocol):
    """What answering needs of a running service."""

    @property
    def databases(self) -> Databases:
        """Return where the districts are."""
        ...


UseCase = Callable[[Any, str, Any, Deadline], Awaitable[Any]]
"""`async (service, district, request, deadline)`; what it answers is the reply or a `Refused`."""
Table = Mapping[Endpoint[Any, Any], tuple[UseCase, frozenset[Role]]]
"""For each endpoint the use case that answers and the roles that may ask."""


def handlers(
    service: Serves,
    table: Table,
    *,
    committed: Callable[[], None],
    of_no_district: Collection[Endpoint[Any, Any]] = (),
) -> Mapping[Endpoint[Any, Any], Handler]:
    """Return what serves each endpoint; `committed` is called after every command, for the relay of events.

    Those `of_no_district` answer the platform's operator as such, in no district; all others ask for one that exists.
    """
    return {
        endpoint: _handler(service, table, endpoint, committed, anywhere=endpoint in of_no_district)
        for endpoint in table
    }


def _handler(
    service: Serves, table: Table, endpoint: Endpoint[Any, Any], committed: Callable[[], None], *, anywhere: bool
) -> Handler:
    use_case, allowed = table[endpoint]

    async def exists(district: str) -> bool:
        return (anywhere and district == PLATFORM) or await service.databases.has(district)

    async def handle(district: str, request: Any, deadline: Deadline) -> Any:
        caller = request.caller
        if not at_home(caller, district) or not await exists(district):
            return refusals.district_unknown(district)
        if caller.role not in allowed:
            return refusals.forbidden(caller.role, allowed)
        try:
            answer = await use_case(service, district, request, deadline)
        except DistrictUnknown:
            return refusals.district_unknown(district)
        if endpoint.writes:
            committed()
        return answer

    return handle
