"""The grants of those who sign in: asked of the registry, believed for a second, and watched while a stream is open."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.ending import end
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable
from yanxiu_wire.grants import GRANT_CHANGED, GetOwnGrants, Grant, GrantChanged
from yanxiu_wire.refusal import Refused

from yanxiu_gateway.backend import QUERY_SECONDS, Backend
from yanxiu_gateway.changes import LOOK_AGAIN_SECONDS, Change, Changes
from yanxiu_gateway.metrics import GRANTS

# A request after this asks anew: so long, at most, a revoked grant is believed.
FRESH_SECONDS = 1.0
# While the registry is away nothing can be revoked in it: what it said last is believed so long.
KEPT_SECONDS = 60.0
RETRY_SECONDS = 1.0
TRIES = 2
REMEMBERED = 10_000


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the registry said, and when."""

    at: float
    grants: tuple[Grant, ...]


class HeldGrants:
    """Who holds what; `clock` counts seconds, `now` tells the moment (aware, UTC) that grants end by."""

    def __init__(
        self,
        backend: Backend,
        changes: Changes | None,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._backend = backend
        self._changes = changes
        self._clock = clock
        self._now = now
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()

    async def of(self, district: str, subject: str) -> tuple[Grant, ...]:
        """Return the grants that a subject holds in a district; none where there is no such district.

        Raises `ServiceUnavailable` or `DeadlineExceeded` where the registry has not said so lately.
        """
        known = self._known.get((district, subject))
        if known is None or self._clock() - known.at > FRESH_SECONDS:
            known = await self._asked(district, subject, known)
        now = self._now()
        return tuple(one for one in known.grants if one.ends_at is None or one.ends_at > now)

    @contextlib.asynccontextmanager
    async def watch(self, district: str, subject: str, grant: Grant | None) -> AsyncIterator[asyncio.Event]:
        """An event that is set when the grant holds no more, for as long as the block lasts; without one, never."""
        ended = asyncio.Event()
        if grant is None or self._changes is None:
            yield ended
            return

        def his(body: GrantChanged) -> bool:
            return body.subject == subject

        async with self._changes.heard(GRANT_CHANGED, district, his) as change:
            watching = asyncio.create_task(self._until_it_ends(district, subject, grant, change, ended))
            try:
                yield ended
            finally:
                await end(watching)

    async def _until_it_ends(
        self, district: str, subject: str, grant: Grant, change: Change, ended: asyncio.Event
    ) -> None:
        try:
            # Asked anew after it began to hear: what changed in between is not missed.
            while (left := await self._left(district, subject, grant)) > 0:
                await change.next(min(LOOK_AGAIN_SECONDS, left))
        finally:
            # Whatever else ends the watch, nothing may go on unwatched.
            ended.set()

    async def _left(self, district: str, subject: str, grant: Grant) -> float:
        """For how many seconds the grant holds, as the registry says now: 0 when it does not, or does not answer."""
        for _ in range(TRIES):
            self._known.pop((district, subject), None)
            try:
                held = await self.of(district, subject)
            except (ServiceUnavailable, DeadlineExceeded):
                # Where the bus was away, the registry may come back to it a moment after the gateway.
                await asyncio.sleep(RETRY_SECONDS)
                continue
            its = next((one for one in held if one.id == grant.id), None)
            if its is None:
                return 0.0
            return LOOK_AGAIN_SECONDS if its.ends_at is None else (its.ends_at - self._now()).total_seconds()
        return 0.0

    async def _asked(self, district: str, subject: str, last: _Known | None) -> _Known:
        # Nobody's role is known yet: the endpoint answers a subject about himself whatever he asks as.
        newcomer = Caller(subject=subject, role="teacher", district=district)
        asked_at = self._clock()
        try:
            reply = await self._backend.get_own_grants(
                GetOwnGrants(caller=newcomer), deadline=Deadline.after(QUERY_SECONDS)
            )
        except (ServiceUnavailable, DeadlineExceeded):
            GRANTS.add("unanswered")
            if last is None or self._clock() - last.at > KEPT_SECONDS:
                raise
            return last
        GRANTS.add("answered")
        known = _Known(asked_at, () if isinstance(reply, Refused) else reply.items)
        if not known.grants:
            # Whoever is granted something may use it at once; nothing is kept of strangers.
            self._known.pop((district, subject), None)
            return known
        self._known[district, subject] = known
        self._known.move_to_end((district, subject))
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return known
