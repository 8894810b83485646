"""Answers that last: while data and day are the same, who holds an answer is told so, and it is not made again.

A read whose answer depends on nothing but the question with its whole caller, the district's data and the calendar day
is declared to last, where it is offered. Of an answer that its asker held already (`yanxiu_wire.known`) is kept: its
digest, the state of the data that it was made of (`Databases.state`), the day, and whom it showed. Asked again with
that digest in that state on that day, the use case would answer the same. So it is not asked; whether the caller may
ask, the lines in the trail, counts and spans are as ever, of follow-up questions too.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from functools import partial
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace
from yanxiu_durable.databases import Databases
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.following import as_follow_up, count_follow_up
from yanxiu_wire.known import HELD, SAME, digest_of
from yanxiu_wire.parts import PARTS, Parts
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Handler

from yanxiu_footing.answering import Part

# Of a process, all its districts together.
MOST_BYTES = 2_000_000
# What an entry takes beside what varies, an id of the trail's, and a follow-up question beside its own bytes, nearly.
_ENTRY, _ID, _QUESTION = 700, 90, 300

Declared = Mapping[Endpoint[Any, Any], Callable[[Any], bool]]
"""The reads that last, each with which of its questions do."""


def always(_request: Any) -> bool:
    """Say of every question to an endpoint that its answer lasts."""
    return True


class Lasting(NamedTuple):
    """What is known of an answer; `parts` are its own endpoint's and then those of the questions that followed."""

    digest: str
    moment: Hashable
    parts: Sequence[Part]
    size: int


class LastingAnswers:
    """What a process knows of its answers, by their questions; those asked for longest ago go first."""

    def __init__(self, databases: Databases, today: Callable[[], date], *, most_bytes: int = MOST_BYTES) -> None:
        self._databases = databases
        self._today = today
        self._most_bytes = most_bytes
        self._kept: OrderedDict[bytes, Lasting] = OrderedDict()
        self._told: object = None
        self._now: Hashable | None = None
        self.held = 0

    def __len__(self) -> int:
        return len(self._kept)

    def over(
        self, handlers: Mapping[Endpoint[Any, Any], Handler], declared: Declared
    ) -> dict[Endpoint[Any, Any], Handler]:
        """Return the same handlers; those declared answer by what is known where that holds."""
        return {
            one: _Repeating(self, one, handler, declared) if one in declared else handler
            for one, handler in handlers.items()
        }

    def keeps(self, key: bytes, digest: str) -> bool:
        """Whether anything is known of the answer of this digest."""
        found = self._kept.get(key)
        return found is not None and found.digest == digest

    async def holds(self, key: bytes, district: str, digest: str, request: Any) -> Lasting | None:
        """Return what is known of the answer of this digest, where the use case would give that very one now."""
        if not self.keeps(key, digest) or not await self._databases.has(district):
            return None
        # Lines of the trail that are on their way to the disk take less than an answer that is made.
        if self.moment(district) is None and not await self._databases.settled(district):
            return None
        # Nothing is awaited from here on: what holds now was never another moment's.
        return self.of(self.moment(district), key, district, digest, request)

    def of(self, moment: Hashable | None, key: bytes, district: str, digest: str, request: Any) -> Lasting | None:
        """Return what `holds` does, of a district that is there, at a moment."""
        found = self._kept.get(key)
        if found is None or found.digest != digest or found.moment != moment:
            return None
        self._kept.move_to_end(key)
        return found if all(one.by.lets_in(district, request.caller) for one in found.parts) else None

    def now(self, district: str, told: object) -> Hashable | None:
        """Return `moment`, looked at once for all that are told the same."""
        if self._told is not told:
            self._told, self._now = told, self.moment(district)
        return self._now

    def moment(self, district: str) -> Hashable | None:
        """Return the state of the data and the day; None where the state is not known."""
        state = self._databases.state(district)
        return None if state is None else (state, self._today())

    def keep(self, key: bytes, digest: str, moment: Hashable, parts: Sequence[Part]) -> None:
        """Keep what is known of an answer in place of what was."""
        before = self._kept.pop(key, None)
        self.held -= before.size if before is not None else 0
        # The question itself is at hand when it comes again, and who asks what follows is who asked it.
        then = [one._replace(request=replace(one.request, caller=None)) for one in parts[1:]]
        kept = (parts[0]._replace(request=None), *then)
        size = _ENTRY + sum(_ID * len(one.seen[0]) for one in kept if one.seen is not None)
        size += sum(_QUESTION + 2 * len(encode(one.request)) for one in then)
        self._kept[key] = Lasting(digest, moment, kept, size)
        self.held += size
        while self.held > self._most_bytes:
            self.held -= self._kept.popitem(last=False)[1].size


class _Repeating:
    """One endpoint whose answers last."""

    __slots__ = ("_answers", "_declared", "_endpoint", "_handler", "_lasts")

    def __init__(
        self, answers: LastingAnswers, endpoint: Endpoint[Any, Any], handler: Handler, declared: Declared
    ) -> None:
        self._answers = answers
        self._endpoint = endpoint
        self._handler = handler
        self._declared = declared
        self._lasts = declared[endpoint]

    async def __call__(self, district: str, request: Any, deadline: Deadline) -> Any:
        """Answer as the handler does; who holds the answer gets none but that it is the same."""
        held = HELD.get()
        if not held or not self._lasts(request):
            return await self._handler(district, request, deadline)
        key = self._key(district, encode(request))
        lasting = await self._answers.holds(key, district, held, request)
        if lasting is not None:
            await self._again(lasting.parts, district, request, deadline)
            return msgspec.Raw(SAME)
        before = self._answers.moment(district)
        answer, parts = await self._answer(district, request, deadline)
        if isinstance(answer, Refused):
            return answer
        told = encode(answer)
        if digest_of(told) != held:
            return msgspec.Raw(told)
        lasts = parts.whole and all(self._is_declared(one) for one in parts.done)
        if before is not None and lasts and self._answers.moment(district) == before:
            self._answers.keep(key, held, before, parts.done)
        return msgspec.Raw(SAME)

    def same(self, district: str, body: bytes | memoryview, known: str, moment: object) -> bool:
        """Whether the answer is the known one, with all that `_again` does; False where that would have to wait."""
        # One that another version has written otherwise has another key, and is answered as ever.
        key, started = self._key(district, body), time.perf_counter()
        if not self._answers.keeps(key, known):
            return False
        request = decode(self._endpoint.request, body)
        lasting = self._answers.of(self._answers.now(district, moment), key, district, known, request)
        if lasting is None or any(one.by.waits(district, one.seen, len(lasting.parts)) for one in lasting.parts):
            return False
        first, *then = lasting.parts
        first.by.at_once(district, request, first.seen)
        for one in then:
            one.by.at_once(district, replace(one.request, caller=request.caller), one.seen)
            count_follow_up(one.by.endpoint, "ok", time.perf_counter() - started)
        return True

    async def _answer(self, district: str, request: Any, deadline: Deadline) -> tuple[Any, Parts]:
        parts = Parts()
        token = PARTS.set(parts)
        try:
            return await self._handler(district, request, deadline), parts
        finally:
            PARTS.reset(token)

    async def _again(self, parts: Sequence[Part], district: str, request: Any, deadline: Deadline) -> None:
        """All that is done for the question and those that followed, but what they ask of the data."""
        first, *then = parts
        await first.by.again(district, request, first.seen)
        for one in then:
            again = partial(one.by.again, district, replace(one.request, caller=request.caller), one.seen)
            await as_follow_up(one.by.endpoint, district, deadline, again)

    def _is_declared(self, part: Part) -> bool:
        lasts = self._declared.get(part.by.endpoint)
        return lasts is not None and lasts(part.request)

    def _key(self, district: str, body: bytes | memoryview) -> bytes:
        told = b"".join((f"{self._endpoint.verb} {district} ".encode(), body))
        return blake2b(told, digest_size=16).digest()
