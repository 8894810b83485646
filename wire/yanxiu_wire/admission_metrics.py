"""What Prometheus is told of the queues: who is in hand, who waits, who was turned away, and whose clock differs."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import REGISTRY, Metric
from prometheus_client.registry import Collector

from yanxiu_wire.admission import Admission, Urgency
from yanxiu_wire.metrics import Count, collected, fresh

_LABELS = ("service", "urgency")
_SKEWS = Count(
    "yanxiu_clock_skews_total",
    "空闲链路上，发出时刻与收到时刻相差超过 500 毫秒的请求",
    "requests on an idle link whose time of sending differs by more than 500 ms",
    ("service",),
)
_IN_HAND = "yanxiu_requests_in_hand"
_WAITING = "yanxiu_requests_waiting"
_AWAY = "yanxiu_requests_turned_away_total"
collected(_IN_HAND, "gauge", "正在处理的请求，按紧急程度", "requests that were begun, by urgency", _LABELS)
collected(_WAITING, "gauge", "排队等候的请求", "requests that wait for a slot", _LABELS)
collected(_AWAY, "counter", "因过载而未处理的请求（OVERLOADED）", "requests that found no room (OVERLOADED)", _LABELS)


class _Queues(Collector):
    """Reads the admissions of this process when it is asked, so that counting costs a request nothing."""

    def __init__(self) -> None:
        self.of: dict[str, Admission] = {}

    def collect(self) -> Iterator[Metric]:
        """The three families."""
        families = [fresh(name) for name in (_IN_HAND, _WAITING, _AWAY)]
        for service, admission in self.of.items():
            for urgency in Urgency:
                counts = (admission.in_hand(urgency), admission.waiting(urgency), admission.turned_away[urgency])
                for family, count in zip(families, counts, strict=True):
                    family.add_metric([service, urgency.name.lower()], count)  # type: ignore[attr-defined]
        yield from families


_QUEUES = _Queues()
REGISTRY.register(_QUEUES)


def offer_admission(service: str, admission: Admission) -> None:
    """Tell Prometheus of these queues under the service's name, instead of those it had before."""
    _QUEUES.of[service] = admission


def count_skew(service: str) -> None:
    """Count a request whose time of sending was off."""
    _SKEWS.add(service)
