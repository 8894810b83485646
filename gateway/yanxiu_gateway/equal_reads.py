"""Equal reads of one moment asked once of a service (`in_turn`)."""

from __future__ import annotations

from typing import Any

from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded
from yanxiu_wire.known import Encoded

from yanxiu_gateway.backend import Call
from yanxiu_gateway.in_turn import InTurn

_Key = tuple[str, str, str, bytes | Encoded]


class EqualReads:
    """Asks through `call`. Equal: the same endpoint, district and request, and so the same caller with the same rights.

    Commands are never shared, nor what reveals a national id: each such read is on record by itself.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self.turns: InTurn[_Key, Any] = InTurn()

    async def __call__(
        self, endpoint: Endpoint[Any, Any], request: Any, *, district: str, deadline: Deadline | None = None
    ) -> Any:
        """As `Bus.call`."""
        deadline = deadline or Deadline.after(endpoint.seconds)
        if endpoint.writes or getattr(request, "reveal", False):
            return await self._call(endpoint, request, district=district, deadline=deadline)

        async def begin(until: Deadline) -> Any:
            return await self._call(endpoint, request, district=district, deadline=until)

        # Who holds another answer, or none, is told otherwise.
        asked = request if isinstance(request, Encoded) else encode(request)
        try:
            return await self.turns.ask((endpoint.service, endpoint.verb, district, asked), deadline, begin)
        except TimeoutError:
            raise DeadlineExceeded(endpoint.service) from None
