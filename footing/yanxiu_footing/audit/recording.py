"""One request as the trail sees it: what came of it is written with its effect, before its answer, or soon after."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.errors import DistrictUnknown
from yanxiu_durable.witness import WITNESS
from yanxiu_wire import log, tracing
from yanxiu_wire.audit import Outcome
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.fault_ids import fault_id_of
from yanxiu_wire.faults import RulePackFailed, WireFault
from yanxiu_wire.refusal import Refused

from yanxiu_footing.audit.append import append
from yanxiu_footing.audit.declared import Audited
from yanxiu_footing.audit.entry import MOST_DONE, Entry, acted_on, looked_at, question_of, told_key
from yanxiu_footing.audit.trail import Trail

# A fault that no class of faults names.
UNEXPECTED = "FAULT"
_CURRENT: ContextVar[Recording | None] = ContextVar("yanxiu_recording", default=None)
_log = log.logger()

Seen = tuple[tuple[str, ...], int]


class Recording:
    """What is to be recorded of one request; `policies` are those that let its caller in."""

    def __init__(
        self,
        trail: Trail,
        endpoint: Endpoint[Any, Any],
        audited: Audited,
        district: str,
        request: Any,
        policies: tuple[str, ...],
    ) -> None:
        self._trail = trail
        self._endpoint = endpoint
        self._audited = audited
        self._district = district
        self._request = request
        self._policies = policies
        # Whom a look showed, and how many, as its line tells; None where another line than that of a look was written.
        self.seen: Seen | None = None
        self._written = False
        self._over = False

    async def answered(self, use_case: Callable[[], Awaitable[Any]]) -> Any:
        """Run the use case and record what came of it; raises what the use case raises."""
        witness, current = WITNESS.set(self if self._endpoint.writes else None), _CURRENT.set(self)
        try:
            answer = await use_case()
        except (DistrictUnknown, MemoryError):
            raise
        except Exception as error:
            await self._failed(error)
            raise
        finally:
            # What it has begun in the background is no more part of this request.
            self._over = True
            WITNESS.reset(witness)
            _CURRENT.reset(current)
        if isinstance(answer, Refused):
            await self.refused(answer)
        elif not self._written:
            entry = self._entry("done", answer)
            self.seen = entry.objects, entry.total
            await self._trail.note(self._district, entry, wait=self._audited.before)
        return answer

    async def again(self, seen: Seen) -> None:
        """Record one more look at what was seen before."""
        await self._trail.note(self._district, self._line("done", *seen), wait=self._audited.before)

    def at_once(self, seen: Seen) -> None:
        """Put one more such look among the lines to be written, where the trail has room and nobody is to wait."""
        self._trail.put(self._district, self._line("done", *seen))

    async def __call__(self, connection: AsyncConnection, answer: Any, *, replayed: bool) -> None:
        """Be the witness of a command in its transaction."""
        if not self._over:
            await append(connection, self._district, [self._entry("replayed" if replayed else "done", answer)])
            self._written = True

    async def write(self, connection: AsyncConnection, objects: Sequence[str]) -> int:
        """Write the lines of this look in the caller's transaction, with every id; return the first one's number."""
        lines = [
            self._line("done", objects[start : start + MOST_DONE], len(objects))
            for start in range(0, len(objects), MOST_DONE)
        ]
        first = await append(connection, self._district, lines)
        self._written = True
        return first

    async def refused(self, refused: Refused) -> None:
        """Note a refusal."""
        entry = self._entry("refused", None, code=refused.errors[0].code)
        await self._trail.note(self._district, entry)

    async def _failed(self, error: Exception) -> None:
        """Note a fault; whatever goes wrong with that, the fault itself is told."""
        known = isinstance(error, WireFault)
        fault_id = fault_id_of(error) if not known else getattr(error, "fault_id", "")
        code = error.code if isinstance(error, WireFault) else UNEXPECTED
        try:
            await self._trail.note(self._district, self._entry("fault", None, code=code, fault_id=fault_id or None))
        except WireFault as fault:
            _log.warning("audit-put-off", district=self._district, problem=str(fault))

    async def behind(self, use_case: Callable[[], Awaitable[Any]]) -> Any:
        """Run what asks the district's own process, which records; here it is recorded only that it ended, or rests."""
        try:
            return await use_case()
        except RulePackFailed as fault:
            # One that the process itself told has an id.
            if not fault.fault_id and self._audited.kind != "plain":
                await self._failed(fault)
            raise

    def _entry(self, outcome: Outcome, answer: Any, *, code: str | None = None, fault_id: str | None = None) -> Entry:
        if self._endpoint.writes:
            return self._line(outcome, *acted_on(self._request, answer), code=code, fault_id=fault_id)
        shows = self._audited.shows if answer is not None else ""
        return self._line(outcome, *looked_at(self._request, answer, shows), code=code, fault_id=fault_id)

    def _line(
        self,
        outcome: Outcome,
        objects: Sequence[str],
        total: int,
        *,
        code: str | None = None,
        fault_id: str | None = None,
    ) -> Entry:
        request, writes = self._request, self._endpoint.writes
        return Entry(
            at_us=self._trail.now_us(),
            kind="command" if writes else "read",
            action=self._endpoint.verb,
            caller=request.caller,
            policies=self._policies,
            outcome=outcome,
            code=code,
            fault_id=fault_id,
            trace=tracing.trace_id(),
            key=told_key(request.key) if writes else None,
            objects=tuple(objects),
            total=total,
            question={} if writes else question_of(request),
        )


def current() -> Recording:
    """Return the recording of the request that is being answered; outside any there is nobody to record for."""
    recording = _CURRENT.get()
    if recording is None:
        raise LookupError("no request is being answered")
    return recording
