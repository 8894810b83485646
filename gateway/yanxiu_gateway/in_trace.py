"""A subscription's results, each worked out inside the subscription's trace; nothing of it stays behind in between."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import TypeVar

from opentelemetry.trace import SpanKind
from yanxiu_wire import tracing

T = TypeVar("T")


async def in_trace(results: AsyncGenerator[T, None], headers: Mapping[str, str]) -> AsyncGenerator[T, None]:
    """The results as they come; `headers` carry the trace that the subscription is part of, if they carry one.

    Its beginning is a span. The requests to services behind later results are spans of the same trace: there is none
    that lasts as long as the subscription, which may be days.
    """
    async with aclosing(results):
        with tracing.continued(headers), tracing.span("subscription", SpanKind.SERVER):
            own = tracing.carried()
            first = await anext(results, None)
        if first is None:
            return
        yield first
        while True:
            with tracing.continued(own):
                found = await anext(results, None)
            if found is None:
                return
            yield found
