"""`python -m bench operations`: four operations beside a plain Strawberry monolith, and beside peers that are running.

Q1 one teacher with school and total, Q2 50 teachers of a school with totals, Q3 a district with 1,000 teachers and
12,000 records of 6 fields, Q3x32 the same asked 32 times at once, M1 one training registered. Stacks are asked in turn,
in an order that alternates. Told is the CPU that all processes of a stack spend on a request and requests a second,
both as a ratio to the first stack too, what of a core was spent on asking, and the memory that the processes of a
stack hold together (PSS). On a machine that others use too only the CPU says something, and it too only as a ratio of
one run.

`--gateways 2` starts two gateways and asks both the first of them alone and the port that they share, as two stacks.
`--monolith Q1 M1` asks the monolith these operations alone, and `--monolith` with none leaves it out.

`--peers FILE` names peers that somebody has started: JSON of `{name: {"url": ..., "pids": {label: pid}}}`. They hold 20
schools x 50 teachers x 12 entries of their own, numbered from 1, and answer `teacher(id)`, `school(id)`, `district(id)`
and `registerEntry`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlparse

import uvloop
from rich.console import Console
from rich.table import Table
from yanxiu_cli.local.folder import Folder, Run
from yanxiu_cli.nats.using import access_of
from yanxiu_wire.rpc import Bus

from bench.load import Checked, measure
from bench.processes import cpu_seconds, family, megabytes
from bench.running import BIN, free_port, issue_token, running, wait_until_open, wait_until_ready
from bench.world import DISTRICT, World, enter, enter_peer

OPERATIONS = ("Q1", "Q2", "Q3", "Q3x32", "M1")
OURS = {
    "Q1": "query($id: ID!) { teacher(id: $id) { id name title total { credits } school { name } } }",
    "Q2": "query($id: ID!) { school(id: $id) { name teachers(first: 50) { edges { node"
    " { id name total { credits } } } } } }",
    "Q3": "{ district { nameZh schools(first: 20) { edges { node { id name teachers(first: 50) { edges { node { id name"
    " records(first: 12) { edges { node { id on status creditsUnit hours credits } } } } } } } } } } }",
    "M1": "mutation($input: RegisterTrainingInput!) { registerTraining(input: $input)"
    " { record { id on status creditsUnit hours credits } errors { code message } } }",
}
PLAIN = {
    "Q1": "query($id: ID!) { teacher(id: $id) { id name title totalCredits school { name } } }",
    "Q2": "query($id: String!) { school(code: $id) { name teachers { id name totalCredits } } }",
    "Q3": "{ district { name schools { code name teachers { id name"
    " entries { id completedOn status unit hours credits } } } } }",
    "M1": "mutation($input: EntryInput!) { registerEntry(input: $input) { id completedOn status unit hours credits } }",
}
PEERS = {
    "Q1": "query($id: ID!) { teacher(id: $id) { id name title totalCredits school { name } } }",
    "Q2": "query($id: ID!) { school(id: $id) { name teachers { id name totalCredits } } }",
    "Q3": "query($id: ID!) { district(id: $id) { name schools { id name teachers { id name"
    " entries { id year module level hours credit } } } } }",
    "M1": "mutation($i: EntryInput!) { registerEntry(input: $i) { id year module level hours credit } }",
}
# Requests of a round, and at how many connections.
ROUND = {"Q1": (3_840, 32), "Q2": (1_920, 32), "Q3": (6, 1), "Q3x32": (96, 32), "M1": (480, 32)}
PUT_OFF_SECONDS = 1.5
# Before the rounds each of the 1,000 questions of Q1 and 20 of Q2 is asked, once and then three times more for each
# gateway: with a kept answer it costs less from then on, whoever keeps it. What the first of Q1 took is told apart.
DIFFERENT = {"Q1": 1_000, "Q2": 20}
MORE = 3
# A caller may ordinarily ask for 74 of Q3 a minute: here the budgets are counted as ever, and wide.
BUDGETS = {"YANXIU_CALLER_COST": str(10**12), "YANXIU_DISTRICT_COST": str(10**12)}


class Stack(NamedTuple):
    """A stack under measurement: where it answers, what is sent to it, and the processes that are it."""

    name: str
    port: int
    path: str
    headers: str
    roots: tuple[int, ...]
    queries: dict[str, str]
    world: World
    numbers: defaultdict[str, Iterator[int]]
    checked: Checked
    operations: tuple[str, ...] = OPERATIONS

    def body(self, operation: str) -> dict[str, Any]:
        """The next request of an operation; every registration is one that was not made before."""
        kind = operation[:2]
        number = next(self.numbers[kind])
        return {"query": self.queries[kind], "variables": _variables(self, kind, number)}


class Found(NamedTuple):
    """Milliseconds of CPU a request, requests a second, median latency in milliseconds, MB held at the end, and what of
    a core asking took.
    """

    cpu: float
    rate: float
    p50: float
    memory: float
    own: float


def _variables(stack: Stack, operation: str, number: int) -> dict[str, Any]:
    schools, teachers = stack.world.schools, stack.world.teachers
    peer = stack.queries is PEERS
    if operation == "Q1":
        return {"id": str(number % 1_000 + 1) if peer else teachers[number % len(teachers)]}
    if operation == "Q2":
        return {"id": str(number % 20 + 1) if peer else schools[number % len(schools)]}
    if operation == "Q3":
        return {"id": "1"} if peer else {}
    teacher = teachers[number % len(teachers)]
    if peer:
        given = {"teacherId": str(5_001 + number % 1_000), "year": 2025, "module": 1, "level": "county"}
        return {"i": {**given, "hours": 8.0, "score": 85}}
    if stack.queries is PLAIN:
        return {"input": {"teacher": teacher, "completedOn": "2025-05-05", "hours": 8, "score": 85}}
    given = {
        "idempotencyKey": f"bench-load-{number}",
        "teacherId": teacher,
        "projectId": stack.world.courses[number // len(teachers)],
        "completedOn": "2025-05-05",
    }
    return {"input": {**given, "kind": "training", "hoursCompleted": "8", "score": "85"}}


def _right(answer: Any) -> None:
    """Raise RuntimeError for an answer with errors, or with a hole where the data should be."""
    data = answer.get("data") or {}
    payload = data.get("registerTraining") or {}
    if answer.get("errors") or payload.get("errors") or not all(data.values()):
        raise RuntimeError(f"a wrong answer: {str(answer)[:500]}")


async def one(stack: Stack, operation: str, share: float = 1.0) -> Found:
    """One round of an operation."""
    requests, connections = ROUND[operation]
    requests = max(1, int(requests * share))
    pids = family(stack.roots)
    before = cpu_seconds(pids)
    measured = await measure(
        stack.port,
        lambda _number: stack.body(operation),
        requests=requests,
        connections=min(connections, requests),
        headers=stack.headers,
        path=stack.path,
        checked=stack.checked,
    )
    # What a stack puts off, such as lines of a trail, is its own too.
    await asyncio.sleep(PUT_OFF_SECONDS)
    cpu = (cpu_seconds(pids) - before) / requests * 1e3
    return Found(cpu, measured.rate, measured.p50, megabytes(pids), measured.own)


async def compare(stacks: list[Stack], rounds: int, operations: list[str], gateways: int = 1) -> Table:
    """Ask all stacks in turn and return medians, and ratios to the first."""
    table = Table(title=f"medians of {rounds} rounds in turn; ratio = {stacks[0].name} / other in the same round")
    for column in ("operation", "", "CPU ms a request", "ratio of CPU", "requests/s", "ratio of rates", "p50 ms", "MB"):
        table.add_column(column)
    table.add_column("asking, of a core")
    for operation in operations:
        asked = [stack for stack in stacks if operation in stack.operations]
        seen: dict[str, list[Found]] = {stack.name: [] for stack in asked}
        first: dict[str, list[Found]] = {}
        different = DIFFERENT.get(operation)
        for stack in asked:
            share = different / ROUND[operation][0] if different else 0.1
            first[stack.name] = [await one(stack, operation, share)]
            if different:
                await one(stack, operation, MORE * gateways * share)
        if operation == "Q1":
            for place, stack in enumerate(asked):
                ours, theirs = first[stacks[0].name], first[stack.name]
                _tell(table, "Q1, first" if place == 0 else "", stack.name, ours, theirs)
        for turn in range(rounds):
            for stack in asked if turn % 2 == 0 else asked[::-1]:
                seen[stack.name].append(await one(stack, operation))
        for place, stack in enumerate(asked):
            _tell(table, operation if place == 0 else "", stack.name, seen[stacks[0].name], seen[stack.name])
    return table


def _tell(table: Table, operation: str, name: str, ours: list[Found], theirs: list[Found]) -> None:
    cpu, rate, p50, memory, own = (statistics.median(one[place] for one in theirs) for place in range(5))
    of_cpu = statistics.median(us.cpu / max(them.cpu, 1e-6) for us, them in zip(ours, theirs, strict=True))
    of_rate = statistics.median(us.rate / them.rate for us, them in zip(ours, theirs, strict=True))
    figures = (f"{cpu:.2f}", f"{of_cpu:.3f}", f"{rate:.0f}", f"{of_rate:.2f}", f"{p50:.1f}", f"{memory:.0f}")
    table.add_row(operation, name, *figures, f"{own:.2f}")


def _numbers() -> defaultdict[str, Iterator[int]]:
    """Each operation counts for itself: there are as many registrations as teachers times courses, and no more."""
    return defaultdict(itertools.count)


def peers_in(file: Path | None, only: list[str], world: World) -> list[Stack]:
    """The peers that the file names, or those of them whose names begin with one of `only`."""
    told = json.loads(file.read_text()) if file else {}
    found: list[Stack] = []
    for name, its in told.items():
        if not only or any(name.split()[0] == one for one in only):
            url = urlparse(its["url"])
            pids = tuple(its["pids"].values())
            found.append(
                Stack(name, url.port or 80, url.path or "/", "", pids, PEERS, world, _numbers(), Checked(_right))
            )
    return found


@contextlib.contextmanager
def monolith(folder: Path, world: World, operations: list[str]) -> Iterator[list[Stack]]:
    """The plain monolith over the same data, for as long as the block lasts; none where it is to be asked nothing."""
    if not operations:
        yield []
        return
    database, port = folder / "peer.db", free_port()
    enter_peer(database, world)
    command = (str(BIN / "uvicorn"), "bench.monolith:app", "--port", str(port), "--log-level", "warning")
    environment = {"BENCH_DATABASE": str(database)}
    with running(*command, "--no-access-log", environment=environment, log=folder / "peer.log") as process:
        wait_until_open(port, process)
        told = ("Strawberry monolith", port, "/graphql", "", (process.pid,), PLAIN, world, _numbers())
        yield [Stack(*told, Checked(_right), tuple(operations))]


def _ours(run: Run, token: str, pid: int, world: World) -> list[Stack]:
    """Yanxiu by its port; where several gateways share that, the first of them alone before."""
    ports = {"Yanxiu": run.http_port}
    if run.own_ports:
        ports = {"Yanxiu, one gateway": run.own_ports[0], f"Yanxiu, {len(run.own_ports)} gateways": run.http_port}
    numbers, checked = _numbers(), Checked(_right)
    return [Stack(name, port, "/graphql", token, (pid,), OURS, world, numbers, checked) for name, port in ports.items()]


async def bench(folder: Path, options: argparse.Namespace, console: Console) -> None:
    """Start Yanxiu and the monolith, enter the data, compare with the peers that run."""
    data, log, port = folder / "yanxiu", folder / "up.log", free_port()
    command = (str(BIN / "yanxiu"), "up", "--data", str(data), "--port", str(port), "--gateways", str(options.gateways))
    with running(*command, environment=BUDGETS, log=log) as up:
        wait_until_ready(log, up)
        run = Folder(data).read_run()
        if run is None:
            raise RuntimeError(log.read_text())
        bus = await Bus.connect(run.nats_url, name="bench", access=access_of(Folder(data).credentials, "operator"))
        with console.status("entering 1,000 teachers and 12,000 records"):
            world = await enter(bus)
        await bus.close()
        token = f"authorization: Bearer {issue_token(data / 'keys', DISTRICT)}\r\n"
        with monolith(folder, world, options.monolith) as plain:
            stacks = [*_ours(run, token, up.pid, world), *plain, *peers_in(options.peers, options.only, world)]
            console.print(await compare(stacks, options.rounds, options.operations, options.gateways))


def main(arguments: list[str]) -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--peers", type=Path, help="a file that names peers which are running")
    options.add_argument("--only", nargs="*", default=[], help="first words of the names of peers to ask")
    options.add_argument("--operations", nargs="*", default=list(OPERATIONS), choices=OPERATIONS)
    options.add_argument("--gateways", type=int, default=1, help="processes of Yanxiu's gateway")
    options.add_argument("--monolith", nargs="*", default=list(OPERATIONS), help="what the monolith is asked")
    given = options.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="yanxiu-bench-") as folder:
        uvloop.run(bench(Path(folder), given, Console(width=150)))
