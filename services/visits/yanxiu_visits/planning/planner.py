"""The planner of this process: takes plans that want one, has them solved apart, and keeps what comes of it.

A plan in state `planning` is its own queue entry: whoever holds its claim plans it, and when a process dies its claim
goes with it and another takes the plan up from the beginning.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable

import msgspec
from yanxiu_wire import log
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.ending import end
from yanxiu_wire.faults import WireFault

from yanxiu_visits.planning.keep_answer import keep_answer, keep_failure, keep_progress
from yanxiu_visits.planning.plan_store import read_asked, read_plans, waiting_plans
from yanxiu_visits.planning.problem_text import Line, read_line
from yanxiu_visits.planning.solver.answer import Progress
from yanxiu_visits.service import Service

# A process that died left its plans to be found again; so often every district is looked at.
LOOK_AGAIN_SECONDS = 20.0
# Progress is kept so often at most, and so often the planner looks whether anybody cancelled.
KEEP_SECONDS = 0.5
# A line holds a whole plan with its score.
LONGEST_LINE = 64 * 1024 * 1024
_log = log.logger()


class Planner:
    """Plans one plan at a time, until it is stopped; a plan in hand is left to another process then.

    `committed` is called after everything kept, for the relay of events.
    """

    def __init__(self, service: Service, *, committed: Callable[[], None]) -> None:
        self._service = service
        self._committed = committed
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look for plans."""
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """End, with the process that solves."""
        if self._task is not None:
            await end(self._task)

    async def _work(self) -> None:
        named: frozenset[str] = frozenset()
        while True:
            for district in sorted(named) or await self._service.databases.districts():
                await self._look(district)
            named = await self._service.planning.next(LOOK_AGAIN_SECONDS)

    async def _look(self, district: str) -> None:
        try:
            async with self._service.databases.read(district) as conn:
                waiting = await waiting_plans(conn, district)
            for plan in waiting:
                async with self._service.databases.claim(district, f"plan-{plan}") as mine:
                    if mine:
                        await _Run(self._service, district, plan, self._committed).run()
        except Exception:  # noqa: BLE001 -- one plan must not end the planner of all others
            _log.exception("planner-stumbled", district=district)


class _Run:
    """One plan in hand."""

    def __init__(self, service: Service, district: str, plan: str, committed: Callable[[], None]) -> None:
        self._service = service
        self._committed = committed
        self._district = district
        self._plan = plan
        self._newest: Progress | None = None
        self._found: Progress | None = None

    async def run(self) -> None:
        """Solve the plan apart and keep the answer; nothing when somebody else has ended it meanwhile."""
        async with self._service.databases.read(self._district) as conn:
            asked = await read_asked(conn, self._district, self._plan)
            plan = (await read_plans(conn, self._district, [self._plan])).get(self._plan)
        if asked is None or plan is None or plan.state != "planning":
            return
        problem, seconds = asked
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "yanxiu_visits.planning.solve_apart",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
        )  # fmt: skip
        try:
            await self._talk(process, msgspec.json.encode((seconds, problem)) + b"\n")
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def _talk(self, process: asyncio.subprocess.Process, question: bytes) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise RuntimeError("a process without its pipes")
        complaints = asyncio.create_task(process.stderr.read())
        process.stdin.write(question)
        await process.stdin.drain()
        keeping = asyncio.create_task(self._keep_progress(process.stdin))
        try:
            answer = await self._listen(process.stdout)
        finally:
            await end(keeping)
        if answer is not None and answer.answer is not None:
            await keep_answer(self._service, self._district, self._plan, answer.answer)
        else:
            said = (await complaints).decode(errors="replace").strip().splitlines()
            await keep_failure(self._service, self._district, self._plan, said[-1] if said else "no answer")
        self._committed()

    async def _listen(self, lines: asyncio.StreamReader) -> Line | None:
        while text := await lines.readline():
            line = read_line(text)
            if line.answer is not None:
                return line
            self._newest = line.progress
            if line.progress is not None and line.progress.found is not None:
                self._found = line.progress
        return None

    async def _keep_progress(self, to: asyncio.StreamWriter) -> None:
        """Keep what is new, and pass a wish to end on; it looks each time, since any process may have noted one."""
        told: Progress | None = None
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            newest = self._newest if self._newest is not told else None
            found, self._found = self._found, None
            with contextlib.suppress(WireFault):
                cancelling = await keep_progress(
                    self._service, self._district, self._plan, newest, found, Deadline.after(5)
                )
                told = newest or told
                self._committed()
                if cancelling:
                    to.close()
                    return
