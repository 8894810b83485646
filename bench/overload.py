"""`python -m bench overload`: what is answered when half, once, twice, five and ten times as much is asked as can be.

Teachers look up their credits, more and more of them, while trainings are registered as ever: the last days of a term.
Requests leave at their times whether or not others were answered (bench/open_loop.py). Good is an answer without
errors within its deadline: 3 seconds for a read, 8 for a command. What can be answered is measured first. The generator
takes a part of the same two cores, which is told too; on a machine that others use, good answers for a CPU second of
the platform say more than those for a second of the clock.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import uvloop
from rich.console import Console
from rich.table import Table
from yanxiu_cli.local.folder import Folder
from yanxiu_cli.session import connected

from bench.load import measure
from bench.open_loop import Loop, Request, Seen
from bench.processes import cpu_seconds, family
from bench.running import BIN, free_port, issue_token, running, wait_until_ready
from bench.world import DISTRICT, World, enter

TIMES = (0.5, 1.0, 2.0, 5.0, 10.0)
READ, WRITE = "read", "command"
# Of what can be answered, as many are commands, at every rate: more teachers look, the same officers register.
WRITES = 0.05
_QUERY = "query($id: ID!) { teacher(id: $id) { id name total { credits } } }"
_COMMAND = (
    "mutation($input: RegisterTrainingInput!) { registerTraining(input: $input)"
    " { record { id credits } errors { code message } } }"
)


class Step(NamedTuple):
    """One rate: how many times what can be answered, what came of it, memory in MB afterwards, and CPU seconds."""

    times: float
    rate: float
    seconds: float
    seen: dict[str, Seen]
    unsent: int
    memory: float
    generator: float
    cpu: float

    def good(self, kind: str | None = None) -> float:
        """Good answers a second, of a kind or of all."""
        return sum(len(one.good) for name, one in self.seen.items() if kind in (None, name)) / self.seconds


class Mix:
    """Reads of teachers in turn, and among them the commands; `share` is the part of commands, which changes."""

    def __init__(self, world: World, token: str) -> None:
        self._teachers = world.teachers
        self.headers = f"authorization: Bearer {token}\r\n"
        self.share = WRITES
        self._owed = 0.0
        self._known: dict[str, Request] = {}
        self._reads, self._commands = itertools.count(), itertools.count()

    def __iter__(self) -> Iterator[Request]:
        return self

    def __next__(self) -> Request:
        """The next request, as bytes."""
        kind, body = self.body()
        known = self._known.get(body["variables"].get("id", ""))
        if known is not None:
            return known
        raw = json.dumps(body).encode()
        head = (
            f"POST /graphql HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
            f"{self.headers}content-length: {len(raw)}\r\n\r\n"
        )
        made = Request(kind, head.encode() + raw, 8.0 if kind == WRITE else 3.0)
        if kind == READ:
            # Written once: the generator is to cost as little as it can.
            self._known[body["variables"]["id"]] = made
        return made

    def body(self) -> tuple[str, dict[str, Any]]:
        """The next request's kind and body."""
        self._owed += self.share
        if self._owed < 1:
            teacher = self._teachers[next(self._reads) % len(self._teachers)]
            return READ, {"query": _QUERY, "variables": {"id": teacher}}
        self._owed -= 1
        turn = next(self._commands)
        # Each is one that was not entered before: of another teacher, or on another day.
        day = turn // len(self._teachers)
        given = {
            "idempotencyKey": f"overload-{turn}",
            "teacherId": self._teachers[turn % len(self._teachers)],
            "completedOn": f"2025-{1 + day % 12:02}-{1 + day // 12 % 28:02}",
            "kind": "lecture",
            "level": "county",
            "classHours": "2",
        }
        return WRITE, {"query": _COMMAND, "variables": {"input": given}}


def good(answer: bytes) -> bool:
    """Whether an answer is one without errors."""
    return answer.startswith(b"HTTP/1.1 200") and b'"code":' not in answer


def _resident(pids: set[int]) -> float:
    """Megabytes of resident memory of all processes."""
    found = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except OSError:
            continue
        found += sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return found / 1024


async def steps(port: int, up: int, world: World, token: str, seconds: float, times: list[float]) -> list[Step]:
    """Measure what can be answered, then ask for more and more of it."""
    mix = Mix(world, token)
    closed = await measure(port, lambda _number: mix.body()[1], requests=1500, connections=32, headers=mix.headers)
    loop = Loop(port, mix, good)
    # Clients that wait leave the server waiting too: what it can do shows when more is asked.
    seen = await loop.run(3 * closed.rate, seconds / 2)
    able = max(closed.rate, sum(len(one.good) for one in seen.values()) / (seconds / 2))
    found: list[Step] = []
    for one in times:
        mix.share = WRITES / max(one, 1)
        before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        cpu = cpu_seconds(family([up]))
        seen = await loop.run(able * one, seconds)
        cpu = cpu_seconds(family([up])) - cpu
        after, took = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter() - began
        used = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / took
        memory = _resident(family([up]))
        found.append(Step(one, able * one, seconds, seen, loop.unsent, memory, used, cpu))
    loop.close()
    if loop.wrong:
        print(loop.wrong.decode(errors="replace"))
    return found


def table(found: list[Step]) -> Table:
    """The steps as a table."""
    made = Table(title="open loop; good = without errors, within the deadline")
    for heading in ("times", "asked/s", "good/s", "of peak", "reads", "commands", "turned away", "late", "failed"):
        made.add_column(heading, justify="right")
    for heading in ("read p50 ms", "p99", "command p50 ms", "p99", "MB", "generator", "good/CPU s"):
        made.add_column(heading, justify="right")
    peak = max(1.0, *(one.good() for one in found))
    for one in found:
        reads, writes = (one.seen.get(kind, Seen()) for kind in (READ, WRITE))
        both = (reads, writes)
        made.add_row(
            f"{one.times:g}",
            f"{one.rate:.0f}",
            f"{one.good():.0f}",
            f"{one.good() / peak:.0%}",
            f"{len(reads.good) / max(reads.sent, 1):.0%}",
            f"{len(writes.good) / max(writes.sent, 1):.0%}",
            str(sum(kind.away for kind in both)),
            str(sum(kind.late for kind in both)),
            str(sum(kind.failed for kind in both) + one.unsent),
            *(f"{kind.quantile(part):.0f}" for kind in both for part in (0.5, 0.99)),
            f"{one.memory:.0f}",
            f"{one.generator:.0%}",
            f"{one.good() * one.seconds / max(one.cpu, 0.01):.0f}",
        )
    return made


def plot(found: list[Step], width: int = 60) -> str:
    """Good answers a second at each rate, as bars: commands dark, reads light."""
    peak = max(1.0, *(one.good() for one in found))
    lines: list[str] = []
    for one in found:
        writes, reads = (round(one.good(kind) / peak * width) for kind in (WRITE, READ))
        lines.append(f"{one.times:>4g}x {'█' * writes}{'▒' * reads} {one.good():.0f}/s")
    return "\n".join(lines)


async def bench(folder: Path, options: argparse.Namespace, console: Console) -> None:
    """Start the platform, enter the people, ask."""
    data, log, port = folder / "yanxiu", folder / "up.log", free_port()
    command = (str(BIN / "yanxiu"), "up", "--data", str(data), "--port", str(port))
    # The budgets of a minute are another limit than what can be answered.
    environment = {"YANXIU_CALLER_COST": "1000000000", "YANXIU_DISTRICT_COST": "1000000000"}
    with running(*command, environment=environment, log=log) as up:
        wait_until_ready(log, up)
        run = Folder(data).read_run()
        if run is None:
            raise RuntimeError(log.read_text())
        async with connected(data) as bus:
            world = await enter(bus, schools_in_all=2, with_records=False)
        token = issue_token(data / "keys", DISTRICT)
        found = await steps(run.http_port, up.pid, world, token, options.seconds, options.times)
    console.print(table(found))
    print(plot(found))


def main(arguments: list[str]) -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=6.0, help="how long each rate is kept")
    options.add_argument("--times", type=float, nargs="*", default=list(TIMES))
    given = options.parse_args(arguments)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="yanxiu-bench-") as folder:
        uvloop.run(bench(Path(folder), given, Console(width=160)))
