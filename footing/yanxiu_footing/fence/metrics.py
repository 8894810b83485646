"""What is counted about rule packs and cells; Prometheus reads it where the service was given a port for that."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, start_http_server
from yanxiu_wire import log

from yanxiu_footing.fence.settings import FenceSettings

FAILURES = Counter(
    "yanxiu_rule_pack_failures",
    "requests that a rule pack brought no answer to: raised, hangs, memory, ended, paused",
    ["service", "district", "pack", "problem"],
)
CELLS_ENDED = Counter(
    "yanxiu_cells_ended",
    "processes of districts that ended without being told to: hangs, memory, ended",
    ["service", "district", "pack", "problem"],
)
CELLS = Gauge("yanxiu_cells", "processes of districts that are running", ["service"])
CLOSED = Gauge("yanxiu_districts_paused", "districts that failed a moment ago and rest", ["service"])
_log = log.logger()


def offer_metrics(settings: FenceSettings) -> None:
    """Answer Prometheus on the port that the settings name, if they name one."""
    if settings.metrics_port:
        start_http_server(settings.metrics_port, settings.metrics_host)
        _log.info("metrics-offered", host=settings.metrics_host, port=settings.metrics_port)
