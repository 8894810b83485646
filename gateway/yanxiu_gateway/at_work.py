"""One operation while it is executed: its span, and at its end what is counted of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from types import TracebackType

from graphql import GraphQLError, OperationDefinitionNode
from opentelemetry.trace import SpanKind
from yanxiu_wire import tracing

from yanxiu_gateway.errors import RequestRefused, root_cause
from yanxiu_gateway.metrics import OPERATION_COST, OPERATION_SECONDS, OPERATIONS, OTHER


class Work:
    """An operation of the document with that digest, executed in the block; until it is said otherwise, it ended badly.

    Its name is told only where the document is `registered`: any other is what a caller wrote.
    """

    __slots__ = ("_began", "_cost", "_digest", "_kind", "_name", "_span", "outcome")

    def __init__(self, operation: OperationDefinitionNode, digest: str, *, registered: bool, cost: int = 0) -> None:
        self._kind = operation.operation.value
        self._name = operation.name.value if registered and operation.name else OTHER
        self._digest = digest
        self._cost = cost
        self._began = 0.0
        self._span: AbstractContextManager[None] | None = None
        self.outcome = "failed"

    def ended(self, errors: Sequence[GraphQLError]) -> None:
        """Say how: well, refused for what was asked, or failed for what is none of the caller's business."""
        if not errors:
            self.outcome = "ok"
            return
        causes = [root_cause(error) for error in errors]
        failed = any(cause is not None and not isinstance(cause, RequestRefused) for cause in causes)
        self.outcome = "failed" if failed else "refused"

    def __enter__(self) -> Work:
        self._began = time.perf_counter()
        if tracing.records():
            self._span = self._recorded()
            self._span.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        try:
            if self._span is not None:
                self._span.__exit__(kind, problem, where)
        finally:
            OPERATIONS.add(self._kind, self._name, self.outcome)
            OPERATION_SECONDS.saw(time.perf_counter() - self._began, self._kind)
            OPERATION_COST.saw(self._cost, self._kind)

    def _recorded(self) -> AbstractContextManager[None]:
        about = {
            "graphql.operation.type": self._kind,
            "graphql.document.hash": self._digest,
            "yanxiu.cost": self._cost,
        }
        if self._name == OTHER:
            return tracing.span(self._kind, SpanKind.INTERNAL, about)
        about["graphql.operation.name"] = self._name
        return tracing.span(f"{self._kind} {self._name}", SpanKind.INTERNAL, about)
