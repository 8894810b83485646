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
from yanxiu_footing.authority.permit import NOBODY, Permit, Permits
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
    permits: Permits | None = None,
) -> Mapping[Endpoint[Any, Any], Handler]:
    """Return what serves each endpoint; `committed` is called after every command, for the relay of events.

    Who may ask is what the policies say (`permits`, an endpoint that is not in them nobody); without them, behind a
    service that has asked them, the table, which a test holds equal to them.
    Those `of_no_district` answer the platform's operator as such, in no district; all others ask for one that exists.
    """
    return {
        endpoint: _handler(
            service,
            use_case,
            endpoint,
            Permit(roles, ()) if permits is None else permits.get(endpoint, NOBODY),
            committed,
            anywhere=endpoint in of_no_district,
        )
        for endpoint, (use_case, roles) in table.items()
    }


def _handler(
    service: Serves,
    use_case: UseCase,
    endpoint: Endpoint[Any, Any],
    permit: Permit,
    committed: Callable[[], None],
    *,
    anywhere: bool,
) -> Handler:
    async def exists(district: str) -> bool:
        return (anywhere and district == PLATFORM) or await service.databases.has(district)

    async def handle(district: str, request: Any, deadline: Deadline) -> Any:
        caller = request.caller
        if not at_home(caller, district) or not await exists(district):
            return refusals.district_unknown(district)
        if caller.role not in permit.roles:
            return refusals.forbidden(caller.role, permit.roles, permit.policies)
        try:
            answer = await use_case(service, district, request, deadline)
        except DistrictUnknown:
            return refusals.district_unknown(district)
        if endpoint.writes:
            committed()
        return answer

    return handle
