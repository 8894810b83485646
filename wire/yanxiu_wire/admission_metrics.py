"""What Prometheus is told of the queues: who is in hand, who waits, who was turned away, and whose clock differs."""

from __future__ import annotations

from prometheus_client import REGISTRY, Counter
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from yanxiu_wire.admission import Admission, Urgency

_LABELS = ["service", "urgency"]
_SKEWS = Counter(
    "yanxiu_clock_skews", "requests on an idle link whose time of sending differs by more than 500 ms", ["service"]
)


class _Queues(Collector):
    """Reads the admissions of this process when it is asked, so that counting costs a request nothing."""

    def __init__(self) -> None:
        self.of: dict[str, Admission] = {}

    def collect(self) -> list[Metric]:
        """The three families."""
        in_hand = GaugeMetricFamily("yanxiu_requests_in_hand", "requests that were begun", labels=_LABELS)
        waiting = GaugeMetricFamily("yanxiu_requests_waiting", "requests that wait for a slot", labels=_LABELS)
        away = CounterMetricFamily(
            "yanxiu_requests_turned_away", "requests that found no room (OVERLOADED)", labels=_LABELS
        )
        for service, admission in self.of.items():
            for urgency in Urgency:
                labels = [service, urgency.name.lower()]
                in_hand.add_metric(labels, admission.in_hand(urgency))
                waiting.add_metric(labels, admission.waiting(urgency))
                away.add_metric(labels, admission.turned_away[urgency])
        return [in_hand, waiting, away]


_QUEUES = _Queues()
REGISTRY.register(_QUEUES)


def offer_admission(service: str, admission: Admission) -> None:
    """Tell Prometheus of these queues under the service's name, instead of those it had before."""
    _QUEUES.of[service] = admission


def count_skew(service: str) -> None:
    """Count a request whose time of sending was off."""
    _SKEWS.labels(service).inc()


__all__ = ["count_skew", "offer_admission"]
