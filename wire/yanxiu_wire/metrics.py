"""What is counted: every metric is declared here with its meaning in both languages, and offered to Prometheus.

In a process that nobody scrapes, such as a district's cell, what is counted is kept until it is `taken` and carried to
one that is.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from socketserver import ThreadingMixIn
from typing import Any, NamedTuple
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import msgspec
from prometheus_client import Counter, Gauge, Histogram, Metric, make_wsgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from yanxiu_wire import log
from yanxiu_wire.observing import ObservingSettings
from yanxiu_wire.readiness import Readiness

# Seconds: from a read that a cache answers to what a deadline ends.
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MOST_KEPT = 10_000
_log = log.logger()


class Counted(msgspec.Struct, frozen=True, array_like=True):
    """What a metric came to somewhere else: how much was added to a counter, or what a histogram saw."""

    metric: str
    labels: tuple[str, ...]
    values: tuple[float, ...]


class Declared(NamedTuple):
    """A metric as the documentation lists it; the name is that of its samples, `_bucket` and `_sum` aside."""

    name: str
    kind: str
    labels: tuple[str, ...]
    zh: str
    en: str


_declared: dict[str, Declared] = {}
_counting: dict[str, Count | Spread] = {}


class _Kept:
    """What this process counted and another will offer; None: this one offers it."""

    values: dict[tuple[str, tuple[str, ...]], list[float]] | None = None
    lock = threading.Lock()


class Count:
    """A counter; its name ends in `_total`."""

    def __init__(self, name: str, zh: str, en: str, labels: Sequence[str] = ()) -> None:
        if not name.endswith("_total"):
            raise ValueError(f"{name}: a counter's name ends in _total")
        self.name = name
        self._metric = Counter(name.removesuffix("_total"), f"{zh} / {en}", labels)
        # The library looks a child up under a lock and by its labels' texts, which costs more than to count.
        self._of: dict[tuple[str, ...], Counter] = {}
        _declare(Declared(name, "counter", tuple(labels), zh, en), self)

    def add(self, *labels: str, by: float = 1) -> None:
        """Add to the counter of these labels."""
        if _Kept.values is None:
            (self._of.get(labels) or self._new(labels)).inc(by)
            return
        with _Kept.lock:
            _Kept.values.setdefault((self.name, labels), [0.0])[0] += by

    def _new(self, labels: tuple[str, ...]) -> Counter:
        made = self._of[labels] = self._metric.labels(*labels) if labels else self._metric
        return made


class Spread:
    """A histogram; its name ends in the unit of its values."""

    def __init__(
        self, name: str, zh: str, en: str, labels: Sequence[str] = (), *, buckets: Sequence[float] = SECONDS
    ) -> None:
        self.name = name
        self._metric = Histogram(name, f"{zh} / {en}", labels, buckets=tuple(buckets))
        self._of: dict[tuple[str, ...], Histogram] = {}
        _declare(Declared(name, "histogram", tuple(labels), zh, en), self)

    def saw(self, value: float, *labels: str) -> None:
        """Show it a value."""
        if _Kept.values is None:
            (self._of.get(labels) or self._new(labels)).observe(value)
            return
        with _Kept.lock:
            kept = _Kept.values.setdefault((self.name, labels), [])
            # What nobody took for long is not worth unbounded memory.
            if len(kept) < MOST_KEPT:
                kept.append(value)

    def _new(self, labels: tuple[str, ...]) -> Histogram:
        made = self._of[labels] = self._metric.labels(*labels) if labels else self._metric
        return made


def gauge(name: str, zh: str, en: str, labels: Sequence[str] = ()) -> Gauge:
    """Declare a gauge."""
    _declare(Declared(name, "gauge", tuple(labels), zh, en))
    return Gauge(name, f"{zh} / {en}", labels)


def collected(name: str, kind: str, zh: str, en: str, labels: Sequence[str] = ()) -> Metric:
    """Declare what is looked up only when Prometheus asks; `fresh` gives the family to fill."""
    known = Declared(name, kind, tuple(labels), zh, en)
    _declare(known)
    return _family(known)


def fresh(name: str) -> Metric:
    """Return the declared family without samples."""
    return _family(_declared[name])


def _family(known: Declared) -> Metric:
    make = CounterMetricFamily if known.kind == "counter" else GaugeMetricFamily
    return make(known.name, f"{known.zh} / {known.en}", labels=known.labels)


def _declare(known: Declared, counting: Count | Spread | None = None) -> None:
    if known.name in _declared:
        raise ValueError(f"{known.name} is declared twice")
    _declared[known.name] = known
    if counting is not None:
        _counting[known.name] = counting


def declared() -> tuple[Declared, ...]:
    """Every metric that the imported modules declare, by name."""
    return tuple(_declared[name] for name in sorted(_declared))


def keep() -> None:
    """From now on keep what is counted until it is `taken`: another process offers it."""
    _Kept.values = {}


def taken() -> tuple[Counted, ...]:
    """Return what was kept since the last time."""
    if not _Kept.values:
        return ()
    with _Kept.lock:
        kept, _Kept.values = _Kept.values, {}
    return tuple(Counted(name, labels, tuple(values)) for (name, labels), values in kept.items())


def add(counted: Iterable[Counted]) -> None:
    """Count what another process kept; what this one does not know is passed over."""
    for one in counted:
        metric = _counting.get(one.metric)
        if isinstance(metric, Count):
            metric.add(*one.labels, by=sum(one.values))
        elif metric is not None:
            for value in one.values:
                metric.saw(value, *one.labels)


_BUILD = gauge(
    "yanxiu_build_info",
    "恒为 1；标签是进程与版本",
    "always 1; the labels are the process and its version",
    ("service", "version"),
)


class _Server(ThreadingMixIn, WSGIServer):
    """A thread for each request: whoever watches is answered while the loop is busy."""

    daemon_threads = True


class _Handler(WSGIRequestHandler):
    """Writes no line for each request, and gives up a caller who sends none."""

    timeout = 10

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the library
        """Write nothing."""


def offer_metrics(service: str, settings: ObservingSettings, readiness: Readiness | None = None) -> None:
    """Answer Prometheus on the port that the settings name, if they name one, and whoever asks for /ready and /live."""
    _BUILD.labels(service, version("yanxiu")).set(1)
    if settings.metrics_port:
        metrics = make_wsgi_app()
        application = metrics if readiness is None else readiness.beside(metrics)
        server = make_server(settings.metrics_host, settings.metrics_port, application, _Server, _Handler)
        threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
        _log.info("metrics-offered", host=settings.metrics_host, port=settings.metrics_port)


# Here, for the log cannot know of metrics, which log.
LINES_LOST = Count(
    "yanxiu_log_lines_lost_total",
    "未能写入日志的行数：磁盘已满，或读取日志的一端已断开",
    "lines that the log did not take: its disk is full, or who read it is gone",
)
log.hear_of_lost_lines(LINES_LOST.add)
