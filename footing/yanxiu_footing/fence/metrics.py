"""What is counted about rule packs and cells, in the main process of a service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from prometheus_client import REGISTRY, Metric
from prometheus_client.registry import Collector
from yanxiu_wire.metrics import Count, collected, fresh, gauge

FAILURES = Count(
    "yanxiu_rule_pack_failures_total",
    "规则包未能答复的请求：raised、hangs、memory、ended、paused",
    "requests that a rule pack brought no answer to: raised, hangs, memory, ended, paused",
    ("service", "district", "pack", "problem"),
)
CELLS_ENDED = Count(
    "yanxiu_cells_ended_total",
    "区县进程意外结束的次数：hangs、memory、ended",
    "processes of districts that ended without being told to: hangs, memory, ended",
    ("service", "district", "pack", "problem"),
)
CELLS_STARTED = Count(
    "yanxiu_cells_started_total",
    "区县进程启动的次数",
    "processes of districts that were started",
    ("service", "district"),
)
CELLS = gauge("yanxiu_cells", "正在运行的区县进程数", "processes of districts that are running", ("service",))
CLOSED = gauge(
    "yanxiu_districts_paused", "刚出过错、正在暂停的区县数", "districts that failed a moment ago and rest", ("service",)
)
CELL_MEMORY_LIMIT = gauge(
    "yanxiu_cell_memory_limit_bytes",
    "一个区县进程的内存限额",
    "how much data a district's process may have",
    ("service",),
)
_CPU = "yanxiu_cell_cpu_seconds_total"
_MEMORY = "yanxiu_cell_resident_bytes"
collected(
    _CPU, "counter", "区县进程用去的 CPU 秒数", "CPU seconds that processes of a district used", ("service", "district")
)
collected(_MEMORY, "gauge", "区县进程占用的内存", "resident memory of a district's processes", ("service", "district"))


class Used(Protocol):
    """What is asked of a cell."""

    district: str

    def used(self) -> tuple[float, int]:
        """Return CPU seconds and resident bytes."""
        ...


class _Cells(Collector):
    """Looks at the cells when Prometheus asks, in its own thread."""

    def __init__(self) -> None:
        self._cells: dict[str, Iterable[Used]] = {}

    def offer(self, service: str, cells: Iterable[Used]) -> None:
        """Look at these from now on; a service's set of cells is one that changes."""
        self._cells[service] = cells

    def collect(self) -> Iterator[Metric]:
        """Both families."""
        cpu: dict[tuple[str, str], float] = {}
        memory: dict[tuple[str, str], int] = {}
        for service, cells in tuple(self._cells.items()):
            for cell in tuple(cells):
                key = (service, cell.district)
                seconds, resident = cell.used()
                cpu[key] = cpu.get(key, 0) + seconds
                memory[key] = memory.get(key, 0) + resident
        for name, found in ((_CPU, cpu), (_MEMORY, memory)):
            family = fresh(name)
            for (service, district), value in found.items():
                family.add_metric([service, district], value)  # type: ignore[attr-defined]  # of both kinds of family
            yield family


USED = _Cells()
REGISTRY.register(USED)
