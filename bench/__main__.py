"""`python -m bench`: a registration and a list of 50 teachers, beside a plain Strawberry monolith, as ratios.

`python -m bench operations`: four operations beside it, and beside peers that are running (bench/operations.py).
`python -m bench overload`: from half to ten times what can be answered, and what is answered then (bench/overload.py).
`python -m bench partitions`: the ledger in one table, by district, by district and year (bench/partitions.py).
`python -m bench prefecture`: a whole prefecture at once, beside column engines (bench/prefecture.py).
`python -m bench planner`: rotation plans beside a greedy planner and the solver's bound (bench/planner.py).
`python -m bench preview`: a draft law on a whole district, by one replica and by two (bench/preview.py).
`python -m bench recovery`: a district lost for ever and put back, beside SQLite's own copy (bench/recovery.py).
`python -m bench recognition`: a year of all schools recognised by one job (bench/recognition.py).
`python -m bench shortfalls`: the lists of who falls short, made anew and read (bench/shortfalls.py).
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from yanxiu_cli.local.folder import Folder
from yanxiu_cli.nats.using import access_of
from yanxiu_wire.rpc import Bus

from bench import operations, overload, partitions, planner, prefecture, preview, recognition, recovery, shortfalls
from bench.load import Checked, Measured, measure
from bench.running import BIN, free_port, issue_token, running, wait_until_open, wait_until_ready
from bench.world import COURSES, DISTRICT, TEACHERS_EACH, World, enter, enter_peer

PARTS = {
    "operations": operations.main,
    "overload": overload.main,
    "partitions": partitions.main,
    "planner": planner.main,
    "prefecture": prefecture.main,
    "preview": preview.main,
    "recognition": recognition.main,
    "recovery": recovery.main,
    "shortfalls": shortfalls.main,
}
OURS = "Yanxiu"
PEER = "Strawberry monolith"
LIST_OURS = (
    "query($id: ID!) { school(id: $id) { name teachers(first: 50) { edges { node { id name total { credits } } } } } }"
)
LIST_PEER = "query($id: String!) { school(code: $id) { name teachers { id name totalCredits } } }"
REGISTER_OURS = (
    "mutation($input: RegisterTrainingInput!) { registerTraining(input: $input) "
    "{ record { id hours credits } errors { code message } } }"
)
REGISTER_PEER = "mutation($input: EntryInput!) { registerEntry(input: $input) { id hours credits } }"


class Stack:
    """One of the two stacks under the same questions."""

    def __init__(self, name: str, port: int, world: World, token: str = "") -> None:
        self.name = name
        self.port = port
        self.world = world
        self.headers = f"authorization: Bearer {token}\r\n" if token else ""
        self.registered = 0

    def list_body(self, number: int) -> dict[str, Any]:
        """The list of one school's 50 teachers."""
        query = LIST_OURS if self.headers else LIST_PEER
        return {"query": query, "variables": {"id": self.world.schools[number % len(self.world.schools)]}}

    def register_body(self, number: int) -> dict[str, Any]:
        """One training that was not registered before: every teacher in every course, once."""
        number += self.registered
        teachers = self.world.teachers
        if not self.headers:
            given = {"teacher": teachers[number % len(teachers)], "completedOn": "2025-05-05", "hours": 8, "score": 85}
            return {"query": REGISTER_PEER, "variables": {"input": given}}
        given = {
            "idempotencyKey": f"bench-load-{number}",
            "teacherId": teachers[number % len(teachers)],
            "projectId": self.world.courses[number // len(teachers)],
            "completedOn": "2025-05-05",
            "kind": "training",
            "hoursCompleted": "8",
            "score": "85",
        }
        return {"query": REGISTER_OURS, "variables": {"input": given}}

    async def listed(self, requests: int, connections: int) -> Measured:
        """Measure the list; an answer without 50 teachers is an error."""
        return await measure(
            self.port,
            self.list_body,
            requests=requests,
            connections=connections,
            headers=self.headers,
            checked=Checked(lambda answer: len(self.totals(answer)) == TEACHERS_EACH or _wrong(answer)),
        )

    async def register(self, requests: int, connections: int) -> Measured:
        """Measure registration; an answer other than 9.2 credits is an error."""
        measured = await measure(
            self.port,
            self.register_body,
            requests=requests,
            connections=connections,
            headers=self.headers,
            checked=Checked(lambda answer: self.credits(answer) == "9.2" or _wrong(answer)),
        )
        self.registered += requests
        return measured

    def totals(self, answer: Any) -> dict[str, Decimal]:
        """Return name -> total of a list's answer."""
        teachers = answer["data"]["school"]["teachers"]
        if self.headers:
            return {e["node"]["name"]: Decimal(e["node"]["total"]["credits"]) for e in teachers["edges"]}
        return {teacher["name"]: Decimal(teacher["totalCredits"]) for teacher in teachers}

    def credits(self, answer: Any) -> str | None:
        """Return the credits of a registration's answer."""
        if not self.headers:
            return answer["data"]["registerEntry"]["credits"]
        record = answer["data"]["registerTraining"]["record"]
        return record and record["credits"]


def _wrong(answer: Any) -> None:
    raise RuntimeError(f"a wrong answer: {answer}")


async def compare(ours: Stack, peer: Stack, rounds: int) -> Table:
    """Measure both in alternating rounds and return medians and ratios."""
    questions = {
        "50 teachers with totals, 1 connection": lambda stack: stack.listed(60, 1),
        "50 teachers with totals, 16 connections": lambda stack: stack.listed(320, 16),
        "registerTraining, 1 connection": lambda stack: stack.register(100, 1),
        "registerTraining, 16 connections": lambda stack: stack.register(480, 16),
    }
    table = Table(title=f"medians of {rounds} rounds; ratio = {OURS} / {PEER} in the same round")
    for column in ("question", "", "requests/s", "p50 ms", "p99 ms", "ratio of rates", "ratio of p50"):
        table.add_column(column)
    for title, ask in questions.items():
        seen: list[tuple[Measured, Measured]] = []
        for turn in range(rounds):
            first, second = (ours, peer) if turn % 2 == 0 else (peer, ours)
            measured = {first.name: await ask(first), second.name: await ask(second)}
            seen.append((measured[OURS], measured[PEER]))
        ratio = [_median(us.rate / them.rate for us, them in seen), _median(us.p50 / them.p50 for us, them in seen)]
        for place, name in enumerate((OURS, PEER)):
            figures = [f"{_median(pair[place][at] for pair in seen):.1f}" for at in range(3)]
            table.add_row(
                title if place == 0 else "", name, *figures, *(f"{one:.2f}" if place == 0 else "" for one in ratio)
            )
    return table


def _median(values: Any) -> float:
    return statistics.median(values)


async def same_totals(ours: Stack, peer: Stack) -> None:
    """Ask both for every school and compare exactly; raises RuntimeError where they differ."""
    answers: dict[str, list[dict[str, Decimal]]] = {OURS: [], PEER: []}
    for stack in (ours, peer):
        await measure(
            stack.port,
            stack.list_body,
            requests=len(stack.world.schools),
            connections=1,
            headers=stack.headers,
            checked=Checked(lambda answer, stack=stack: answers[stack.name].append(stack.totals(answer))),
        )
    if answers[OURS] != answers[PEER]:
        raise RuntimeError("the stacks do not hold the same totals")


async def bench(folder: Path, rounds: int, console: Console) -> None:
    """Start both stacks, enter the data, compare, and stop them."""
    data, up_log, peer_log = folder / "yanxiu", folder / "up.log", folder / "peer.log"
    database, port, peer_port = folder / "peer.db", free_port(), free_port()
    with running(str(BIN / "yanxiu"), "up", "--data", str(data), "--port", str(port), environment={}, log=up_log) as up:
        wait_until_ready(up_log, up)
        run = Folder(data).read_run()
        assert run is not None
        bus = await Bus.connect(run.nats_url, name="bench", access=access_of(Folder(data).credentials, "operator"))
        with console.status("entering 1,000 teachers and 12,000 records"):
            began = time.monotonic()
            world = await enter(bus)
        console.print(f"entered through the services in {time.monotonic() - began:.0f} s")
        await bus.close()
        enter_peer(database, world)
        command = (str(BIN / "uvicorn"), "bench.monolith:app", "--port", str(peer_port), "--log-level", "warning")
        with running(*command, "--no-access-log", environment={"BENCH_DATABASE": str(database)}, log=peer_log) as other:
            wait_until_open(peer_port, other)
            token = issue_token(data / "keys", DISTRICT)
            ours, peer = Stack(OURS, run.http_port, world, token), Stack(PEER, peer_port, world)
            await same_totals(ours, peer)
            for stack in (ours, peer):
                await stack.listed(40, 4)
            console.print(await compare(ours, peer, rounds))
            await same_totals(ours, peer)
            console.print("after the load both hold the same totals of every teacher, exactly")


def main() -> None:
    """Read the options and run."""
    if sys.argv[1:2] and sys.argv[1] in PARTS:
        PARTS[sys.argv[1]](sys.argv[2:])
        return
    options = argparse.ArgumentParser(description=__doc__)
    # Each round registers 580 trainings, and there are as many as teachers times courses.
    options.add_argument("--rounds", type=int, default=5, choices=range(1, COURSES))
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="yanxiu-bench-") as folder:
        asyncio.run(bench(Path(folder), rounds, Console(width=None if sys.stdout.isatty() else 120)))


if __name__ == "__main__":
    main()
