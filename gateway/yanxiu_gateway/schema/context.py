"""What every resolver is given: who asks, until when, in which language, and the request's own loaders."""

from __future__ import annotations

from dataclasses import dataclass, field

import strawberry
from graphql import DocumentNode
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline

from yanxiu_gateway.backend import Backend
from yanxiu_gateway.errors import Language
from yanxiu_gateway.loaders import Loaders


@dataclass
class RequestContext:
    """One request; nothing in it outlives the answer, so nothing of one caller can reach another."""

    caller: Caller
    backend: Backend
    deadline: Deadline
    language: Language
    document: DocumentNode
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self.loaders = Loaders(self.backend, self.caller, self.deadline)


Info = strawberry.Info[RequestContext, None]
