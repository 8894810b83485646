"""Ask a running credits service over the bus, and wait for a job while its progress is shown."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from rich.console import Console
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.jobs import GET_JOBS, GetJobs, Job
from yanxiu_wire.rpc import Bus

from bench.preview_data import DISTRICT
from bench.replicas import Running, cpu_of, peak_of

OFFICER = Caller(subject="bench-officer", role="district-officer", district=DISTRICT)
# How to judge, and by how many processes; the first is what the others are told as a ratio of.
RUNS = [("columns", 1), ("columns", 2), ("alone", 1)]
_keys = itertools.count()


def run_of(text: str) -> tuple[str, int]:
    """Read a run as it is given: `columns:2`."""
    how, count = text.split(":")
    return how, int(count)


def key() -> str:
    """Return an idempotency key that was not used before."""
    return f"bench-{time.time_ns()}-{next(_keys)}"


async def ask(bus: Bus, endpoint: Any, request: Any) -> Any:
    """Return an endpoint's answer; raises RuntimeError where it refuses."""
    answer = await bus.call(endpoint, request, district=DISTRICT, deadline=Deadline.after(300))
    if hasattr(answer, "errors"):
        raise RuntimeError(str(answer))
    return answer


class Measured(NamedTuple):
    """A job that ended: seconds by the clock, CPU seconds of all its processes, the highest peak of one in MB."""

    job: Job
    seconds: float
    cpu: float
    peak: float


async def ended(
    bus: Bus, endpoint: Any, command: Any, processes: Sequence[Running], console: Console, *, at_most: float = 3600.0
) -> Measured:
    """Ask for a job, show its progress by quarters, and measure it to its end; raises RuntimeError where it fails."""
    used, begun, shown = cpu_of(processes), time.perf_counter(), 0
    job: Job = await ask(bus, endpoint, command)
    job = job if isinstance(job, Job) else (await ask(bus, GET_JOBS, GetJobs(caller=OFFICER, ids=(job.job,)))).items[0]
    while time.perf_counter() - begun < at_most:
        found: Job = (await ask(bus, GET_JOBS, GetJobs(caller=OFFICER, ids=(job.id,)))).items[0]
        seconds, cpu = time.perf_counter() - begun, cpu_of(processes) - used
        quarter = 4 * found.done // max(found.total, 1)
        if quarter > shown:
            shown = quarter
            console.print(f"  {found.done:,} of {found.total:,} parts after {seconds:.0f} s, {cpu:.1f} CPU s")
        if found.state != "running":
            if found.failed:
                raise RuntimeError(str(found.problems[:1]))
            return Measured(found, seconds, cpu, peak_of(processes))
        # Each question costs the service some milliseconds, which would be counted with the job.
        await asyncio.sleep(1)
    raise RuntimeError("the job did not end in time")
