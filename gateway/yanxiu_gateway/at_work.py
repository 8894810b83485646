"""One operation while it is executed: its span, and at its end what is counted of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from graphql import GraphQLError, OperationDefinitionNode
from opentelemetry.trace import SpanKind
from yanxiu_wire import tracing

from yanxiu_gateway.errors import RequestRefused, root_cause
from yanxiu_gateway.metrics import OPERATION_COST, OPERATION_SECONDS, OPERATIONS, OTHER


@dataclass(slots=True)
class Work:
    """How the operation ended; until it is said otherwise, badly."""

    outcome: str = "failed"

    def ended(self, errors: Sequence[GraphQLError]) -> None:
        """Say so: well, refused for what was asked, or failed for what is none of the caller's business."""
        causes = [root_cause(error) for error in errors]
        if any(cause is not None and not isinstance(cause, RequestRefused) for cause in causes):
            self.outcome = "failed"
        else:
            self.outcome = "refused" if errors else "ok"


@contextmanager
def at_work(operation: OperationDefinitionNode, digest: str, *, registered: bool, cost: int = 0) -> Iterator[Work]:
    """Execute an operation of the document with that digest in the block.

    Its name is told only where the document is `registered`: any other is what a caller wrote.
    """
    kind = operation.operation.value
    name = operation.name.value if registered and operation.name else OTHER
    about = {"graphql.operation.type": kind, "graphql.document.hash": digest, "yanxiu.cost": cost}
    if name != OTHER:
        about["graphql.operation.name"] = name
    work, began = Work(), time.perf_counter()
    try:
        with tracing.span(kind if name == OTHER else f"{kind} {name}", SpanKind.INTERNAL, about):
            yield work
    finally:
        OPERATIONS.add(kind, name, work.outcome)
        OPERATION_SECONDS.saw(time.perf_counter() - began, kind)
        OPERATION_COST.saw(cost, kind)
