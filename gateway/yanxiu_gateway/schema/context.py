"""What every resolver is given: who asks, until when, in which language, and the request's own loaders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import strawberry
from graphql import DocumentNode
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline

from yanxiu_gateway.backend import QUERY_SECONDS, Backend
from yanxiu_gateway.bundling import begin_operation
from yanxiu_gateway.changes import Changes
from yanxiu_gateway.cursors import Place
from yanxiu_gateway.errors import Language
from yanxiu_gateway.execution.batch import Batches
from yanxiu_gateway.execution.company import Company
from yanxiu_gateway.live_limits import Held
from yanxiu_gateway.loaders import Loaders


@dataclass(frozen=True, slots=True)
class Live:
    """What a subscription needs beside: word of changes, if the process ends, how long the token lasts, its place.

    `pay` charges one more look to the caller's budget and raises where that is used up.
    """

    changes: Changes
    held: Held
    seconds: float
    place: Place
    pay: Callable[[], None]


@dataclass
class RequestContext:
    """One request; nothing in it outlives the answer, so nothing of one caller can reach another."""

    caller: Caller
    backend: Backend
    deadline: Deadline
    language: Language
    document: DocumentNode
    live: Live | None = None
    company: Company | None = None
    loaders: Loaders = field(init=False)
    batches: Batches = field(init=False)

    def __post_init__(self) -> None:
        self.loaders = Loaders(self.backend, self.caller, self.deadline)
        self.batches = Batches()

    def renew(self) -> None:
        """Begin the next answer of a subscription: an operation and a time limit of its own, and nothing remembered."""
        begin_operation(Company(counted=False))
        self.deadline = Deadline.after(QUERY_SECONDS)
        self.loaders = Loaders(self.backend, self.caller, self.deadline)
        self.batches = Batches()


Info = strawberry.Info[RequestContext, None]
