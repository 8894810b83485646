"""What can go wrong between caller and service, as one tree with a stable code for each class.

WireFault                WIRE_FAULT           base of all; a refusal is not a fault, it travels as data (`Refused`)
  ServiceUnavailable     SERVICE_UNAVAILABLE  nobody answers for the service, or it cannot answer now; try again
    StorageFull          STORAGE_FULL         its disk has no room: nothing is written, reading goes on; try again
  Overloaded             OVERLOADED           more is asked than can be answered; nothing was begun, try again later
  DeadlineExceeded       DEADLINE_EXCEEDED    the time limit passed; a command may have been done: same key again
  RemoteFault            REMOTE_FAULT         the service failed unexpectedly; `fault_id` leads to its log
  RulePackFailed         RULE_PACK_FAILED     the rule pack of a district failed, hangs, or rests after it did
  MessageMalformed       MESSAGE_MALFORMED    a message does not fit its type; `field` is the path in it
  MessageTooLarge        MESSAGE_TOO_LARGE    a message is larger than the server takes; send it in parts

Only a fault's code and its facts cross the wire, never the text of another exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import msgspec


class FaultFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fault as it crosses the wire: its code and the facts of its class; unused ones are absent."""

    code: str
    service: str = ""
    fault_id: str = ""
    field: str = ""
    problem: str = ""
    size: int = 0
    limit: int = 0
    district: str = ""
    pack: str = ""
    again_ms: int = 0


class WireFault(Exception):
    """A call that brought no answer; `code` is stable and safe to show, so are the facts.

    `answered` says that the service itself told it: it lives, and was heard in time.
    """

    code: ClassVar[str] = "WIRE_FAULT"
    answered: bool = False

    def facts(self) -> FaultFacts:
        """The fault as data."""
        return FaultFacts(code=self.code)

    @classmethod
    def of(cls, _facts: FaultFacts) -> WireFault:
        """The fault again from its data."""
        return cls()


class ServiceUnavailable(WireFault):
    """Nobody answers for `service` now; asked again after `again_ms` milliseconds, it may.

    `nobody` is the caller's own word, that no process listens at all: nothing was done.
    """

    code = "SERVICE_UNAVAILABLE"

    def __init__(self, service: str, *, again_ms: int = 1000, nobody: bool = False) -> None:
        super().__init__(f"nobody answers for {service} now")
        self.service = service
        self.again_ms = again_ms
        self.nobody = nobody

    def facts(self) -> FaultFacts:
        """Code, service and when to ask again."""
        return FaultFacts(code=self.code, service=self.service, again_ms=self.again_ms)

    @classmethod
    def of(cls, facts: FaultFacts) -> ServiceUnavailable:
        """The fault again from its data."""
        return cls(facts.service, again_ms=facts.again_ms or 1000)


class StorageFull(ServiceUnavailable):
    """The disk under `service` has no room: nothing can be written, what is there can be read."""

    code = "STORAGE_FULL"


class Overloaded(WireFault):
    """More is asked of `service` than it can answer: this was not begun, and may be asked again after `again_ms`."""

    code = "OVERLOADED"

    def __init__(self, service: str, again_ms: int = 1000) -> None:
        super().__init__(f"{service} has more to do than it can; ask again in {again_ms} ms")
        self.service = service
        self.again_ms = again_ms

    def facts(self) -> FaultFacts:
        """Code, service and when to ask again."""
        return FaultFacts(code=self.code, service=self.service, again_ms=self.again_ms)

    @classmethod
    def of(cls, facts: FaultFacts) -> Overloaded:
        """The fault again from its data."""
        return cls(facts.service, facts.again_ms or 1000)


class DeadlineExceeded(WireFault):
    """The time limit of the call has passed."""

    code = "DEADLINE_EXCEEDED"

    def __init__(self, service: str = "") -> None:
        super().__init__(f"the time limit passed{f' waiting for {service}' if service else ''}")
        self.service = service

    def facts(self) -> FaultFacts:
        """Code and service."""
        return FaultFacts(code=self.code, service=self.service)

    @classmethod
    def of(cls, facts: FaultFacts) -> DeadlineExceeded:
        """The fault again from its data."""
        return cls(facts.service)


class RemoteFault(WireFault):
    """The service failed in a way nobody expected; its log holds the traceback under `fault_id`."""

    code = "REMOTE_FAULT"

    def __init__(self, service: str, fault_id: str) -> None:
        super().__init__(f"{service} failed; its log says why under {fault_id}")
        self.service = service
        self.fault_id = fault_id

    def facts(self) -> FaultFacts:
        """Code, service and the id in its log."""
        return FaultFacts(code=self.code, service=self.service, fault_id=self.fault_id)

    @classmethod
    def of(cls, facts: FaultFacts) -> RemoteFault:
        """The fault again from its data."""
        return cls(facts.service, facts.fault_id)


class RulePackFailed(WireFault):
    """The rule `pack` of a `district` brought no answer; other districts are not touched by it.

    `problem` is `raised` (it raised, or gave what is no answer), `hangs`, `memory`, `ended` (its process did), or
    `paused`: it failed a moment ago and is not asked for a while. `fault_id` leads to the service's log, where there is
    one. A command may be sent again with its key.
    """

    code = "RULE_PACK_FAILED"

    def __init__(self, service: str, district: str, pack: str, problem: str, fault_id: str = "") -> None:
        super().__init__(f"the rule pack {pack} of district {district} failed in {service}: {problem}")
        self.service = service
        self.district = district
        self.pack = pack
        self.problem = problem
        self.fault_id = fault_id

    def facts(self) -> FaultFacts:
        """All of it: none is personal."""
        return FaultFacts(
            code=self.code,
            service=self.service,
            district=self.district,
            pack=self.pack,
            problem=self.problem,
            fault_id=self.fault_id,
        )

    @classmethod
    def of(cls, facts: FaultFacts) -> RulePackFailed:
        """The fault again from its data."""
        return cls(facts.service, facts.district, facts.pack, facts.problem, facts.fault_id)


class MessageMalformed(WireFault):
    """A message that does not fit its type: `field` is the path in it, empty when it is no JSON at all."""

    code = "MESSAGE_MALFORMED"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field or 'message'}: {problem}")
        self.field = field
        self.problem = problem

    def facts(self) -> FaultFacts:
        """Code, field and problem."""
        return FaultFacts(code=self.code, field=self.field, problem=self.problem)

    @classmethod
    def of(cls, facts: FaultFacts) -> MessageMalformed:
        """The fault again from its data."""
        return cls(facts.field, facts.problem)


class MessageTooLarge(WireFault):
    """A request or an answer of `size` bytes where the server takes `limit`."""

    code = "MESSAGE_TOO_LARGE"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"the message has {size} bytes, {limit} are allowed")
        self.size = size
        self.limit = limit

    def facts(self) -> FaultFacts:
        """Code, size and limit in bytes."""
        return FaultFacts(code=self.code, size=self.size, limit=self.limit)

    @classmethod
    def of(cls, facts: FaultFacts) -> MessageTooLarge:
        """The fault again from its data."""
        return cls(facts.size, facts.limit)


def every_fault(root: type[WireFault] = WireFault) -> Iterator[type[WireFault]]:
    """The tree, parents first."""
    yield root
    for child in root.__subclasses__():
        yield from every_fault(child)


def fault_from(facts: FaultFacts) -> WireFault:
    """The fault that a service answered with; a code this version does not know becomes a RemoteFault."""
    for kind in every_fault():
        if kind.code == facts.code:
            return kind.of(facts)
    return RemoteFault(facts.service, facts.fault_id or facts.code)
