"""From an endpoint to its use case: whose district it is, whether the role may ask, the trail, and word of a commit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from msgspec.structs import replace
from yanxiu_durable.errors import DistrictUnknown
from yanxiu_wire.caller import PLATFORM, Caller, Role
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.parts import PARTS
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Handler

from yanxiu_footing import refusals
from yanxiu_footing.audit.declared import COMMAND, Audited, LookUndeclared
from yanxiu_footing.audit.recording import Recording, Seen
from yanxiu_footing.audit.trailing import Trailing
from yanxiu_footing.authority.permit import NOBODY, Permit, Permits
from yanxiu_footing.misplaced import misplaced
from yanxiu_footing.scope import at_home

UseCase = Callable[[Any, str, Any, Deadline], Awaitable[Any]]
"""`async (service, district, request, deadline)`; what it answers is the reply or a `Refused`."""
Offer = tuple[UseCase, frozenset[Role]] | tuple[UseCase, frozenset[Role], Audited]
"""The use case, the roles that may ask, and what becomes of it in the trail; a command need not say."""
Table = Mapping[Endpoint[Any, Any], Offer]
"""For each endpoint what is offered."""


def handlers(
    service: Trailing,
    table: Table,
    *,
    committed: Callable[[], None],
    of_no_district: Collection[Endpoint[Any, Any]] = (),
    opening: Collection[Endpoint[Any, Any]] = (),
    permits: Permits | None = None,
) -> Mapping[Endpoint[Any, Any], Handler]:
    """Return what serves each endpoint; `committed` is called after every command, for the relay of events.

    Who may ask is what the policies say (`permits`, an endpoint that is not in them nobody); without them, behind a
    service that has asked them, the table, which a test holds equal to them.
    Those `of_no_district` answer the platform's operator as such, in no district, those `opening` make the district;
    all others ask for one that exists. Raises `LookUndeclared` for a read that does not say what it is in the trail.
    """
    return {
        endpoint: Answering(
            service,
            offer[0],
            endpoint,
            declared(endpoint, offer),
            Permit(offer[1], ()) if permits is None else permits.get(endpoint, NOBODY),
            committed,
            judged=permits is not None,
            anywhere=endpoint in of_no_district,
            opening=endpoint in opening,
        ).handle
        for endpoint, offer in table.items()
    }


def declared(endpoint: Endpoint[Any, Any], offer: Offer) -> Audited:
    """Return what becomes of an endpoint's requests in the trail; raises `LookUndeclared`."""
    if len(offer) == 3:
        return offer[2]
    if not endpoint.writes:
        raise LookUndeclared(repr(endpoint))
    return COMMAND


class Part(NamedTuple):
    """A read that was answered: by what, which, and whom it showed; None where it leaves no line."""

    by: Answering
    request: Any
    seen: Seen | None


@dataclass(frozen=True, slots=True)
class Answering:
    """One endpoint; `judged` says that the policies were asked here, so that others hear of it from this process."""

    service: Trailing
    use_case: UseCase
    endpoint: Endpoint[Any, Any]
    audited: Audited
    permit: Permit
    committed: Callable[[], None]
    judged: bool
    anywhere: bool
    opening: bool

    async def handle(self, district: str, request: Any, deadline: Deadline) -> Any:
        """Answer one request about a district."""
        parts = PARTS.get()
        if parts is not None:
            parts.begin()
        caller = request.caller
        if not at_home(caller, district) or not await self._exists(district):
            return await self._at_the_border(district, request)
        policies = self._policies(caller)
        if caller.role not in self.permit.roles:
            refused = refusals.forbidden(caller.role, self.permit.roles, self.permit.policies)
            if self.audited.kind != "plain":
                await self._recording(district, request, policies).refused(refused)
            return refused
        if self.endpoint.writes and self.judged and (refused := misplaced(self.endpoint, request)) is not None:
            return refused
        try:
            answer = await self._answer(district, request, deadline, policies)
        except DistrictUnknown:
            return refusals.district_unknown(district)
        if self.endpoint.writes:
            self.committed()
        return answer

    async def _answer(self, district: str, request: Any, deadline: Deadline, policies: tuple[str, ...]) -> Any:
        if self.audited.kind == "plain" or (self.audited.own and request.caller.role == "teacher"):
            answer = await self.use_case(self.service, district, request, deadline)
            self._part(request, None, answer)
            return answer
        recording = self._recording(district, request, policies)
        if self.audited.behind is not None and self.audited.behind(request):
            request = replace(request, caller=replace(request.caller, permitted_by=policies))
            return await recording.behind(lambda: self.use_case(self.service, district, request, deadline))
        answer = await recording.answered(lambda: self.use_case(self.service, district, request, deadline))
        if recording.seen is not None:
            self._part(request, recording.seen, answer)
        return answer

    def _part(self, request: Any, seen: Seen | None, answer: Any) -> None:
        parts = PARTS.get()
        if parts is not None and not isinstance(answer, Refused):
            parts.end(Part(self, request, seen))

    def lets_in(self, district: str, caller: Caller) -> bool:
        """Whether nothing speaks against this caller's reading here, so far as he alone decides that."""
        return at_home(caller, district) and caller.role in self.permit.roles

    async def again(self, district: str, request: Any, seen: Seen | None) -> None:
        """Do what is done for a read beside its use case, whose answer is at hand; `seen` is whom it showed."""
        if seen is not None:
            await self._recording(district, request, self._policies(request.caller)).again(seen)

    def waits(self, district: str, seen: Seen | None, lines: int) -> bool:
        """Whether a read that is asked again, with others, of so many lines waits until its own is written."""
        return seen is not None and (self.audited.before or self.service.trail.room(district) <= lines)

    def at_once(self, district: str, request: Any, seen: Seen | None) -> None:
        """Do what `again` does for a read that does not wait, where the trail has room."""
        if seen is not None:
            self._recording(district, request, self._policies(request.caller)).at_once(seen)

    def _policies(self, caller: Caller) -> tuple[str, ...]:
        return self.permit.reasons.get(caller.role, ()) if self.judged else caller.permitted_by

    async def _exists(self, district: str) -> bool:
        if self.opening or (self.anywhere and district == PLATFORM):
            return True
        return await self.service.databases.has(district)

    async def _at_the_border(self, district: str, request: Any) -> Refused:
        """Refuse one who asks about a district that is not his: his own district's trail has it."""
        refused, home = refusals.district_unknown(district), request.caller.district
        if home not in (district, PLATFORM) and await self.service.databases.has(home):
            await self._recording(home, request, ()).refused(refused)
        return refused

    def _recording(self, district: str, request: Any, policies: tuple[str, ...]) -> Recording:
        return Recording(self.service.trail, self.endpoint, self.audited, district, request, policies)
