"""What can be called and what is announced: each subject is written here, once."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

Req = TypeVar("Req")
Rep = TypeVar("Rep")
Body = TypeVar("Body")

PREFIX = "yanxiu.v1"


class Endpoint(Generic[Req, Rep]):
    """One request that a service answers: `yanxiu.v1.<service>.<verb-noun>.<district>`.

    `reply` is the type of an answer; a refusal is `Refused` beside it. `writes` marks commands (they carry an
    idempotency key and are durable before they are answered); `seconds` is the default time limit of a call. What is
    asked `by_operators` alone, with their own credential, the gateway may not ask. What is `superseded` by a read of
    several things at once only gateways of versions before ask, and operators: it never travels in a bundle.
    """

    def __init__(
        self,
        service: str,
        verb: str,
        request: type[Req],
        reply: Any,
        *,
        writes: bool = False,
        seconds: float | None = None,
        by_operators: bool = False,
        superseded: bool = False,
    ) -> None:
        self.service = service
        self.verb = verb
        self.request = request
        self.reply = reply
        self.writes = writes
        self.by_operators = by_operators
        self.superseded = superseded
        self.seconds = seconds if seconds is not None else (8.0 if writes else 3.0)

    def subject(self, district: str) -> str:
        """The subject of one district; `*` gives the one that a service listens on."""
        return f"{PREFIX}.{self.service}.{self.verb}.{district}"

    def __repr__(self) -> str:
        return f"Endpoint({self.service}.{self.verb})"


class Event(Generic[Body]):
    """One fact that a service announces on JetStream: `yanxiu.v1.events.<service>.<noun-past>.<district>`."""

    def __init__(self, service: str, name: str, body: type[Body]) -> None:
        self.service = service
        self.name = name
        self.body = body

    def subject(self, district: str) -> str:
        """The subject of one district; `*` gives all."""
        return f"{PREFIX}.events.{self.service}.{self.name}.{district}"

    def __repr__(self) -> str:
        return f"Event({self.service}.{self.name})"
