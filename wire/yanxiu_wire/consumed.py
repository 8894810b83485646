"""What is seen of events that are consumed: how many and how they ended, and the trace of the request behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from opentelemetry.trace import SpanKind

from yanxiu_wire import tracing
from yanxiu_wire.metrics import Count

EVENTS = Count(
    "yanxiu_events_consumed_total",
    "消费的事件：applied 已办、failed 将再来、given_up 放弃而存入死信",
    "events consumed: applied, failed (they come again), given up (they are put aside)",
    ("consumer", "outcome"),
)
Headers = Mapping[str, str]


@contextmanager
def taking(consumer: str, headers: Sequence[Headers | None]) -> Iterator[None]:
    """Handle events in the block: one in its own trace, several in that of the first recorded, linked to the others."""
    carried = [one or {} for one in headers]
    first = next((one for one in carried if tracing.sampled(one)), carried[0])
    links = [one for one in carried if one is not first and tracing.sampled(one)]
    about = {
        "messaging.system": "nats",
        "messaging.operation.type": "process",
        "messaging.consumer.group.name": consumer,
        "messaging.batch.message_count": len(carried),
    }
    with tracing.continued(first), tracing.span(f"process {consumer}", SpanKind.CONSUMER, about, links):
        yield
