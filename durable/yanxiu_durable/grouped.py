"""Commands of a district that wait while a transaction runs are done together in the next one: one COMMIT for all.

Each is done in the order of its coming, as a task with the context that it came with, behind a mark of its own
(`yanxiu_durable.marks`). What it wrote is undone alone when it is refused, fails, was given up by its caller or has run
out of time; where that takes a savepoint and there is none, the group is done again with savepoints. Nobody is answered
before the COMMIT: what the next one was told may rest on what the one before wrote. A COMMIT that fails answers all of
them. When the transaction itself is lost on the way (a full disk, a connection that broke), or must go because
somebody's time ran out at its very end, those who did nothing wrong are done again in the next one: each under its
idempotency key, so that twice is once.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from contextvars import Context, copy_context
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded

from yanxiu_durable.errors import DurableError, TransactionBroken
from yanxiu_durable.marks import Marks, Unmarked, marks_of

if TYPE_CHECKING:
    from yanxiu_durable.databases import Databases

# How many commands one transaction takes at most, and how long it goes on taking them: the first wait for the last.
MOST = 64
SECONDS = 0.1
# Where a COMMIT costs little, a transaction takes no more: those who are answered send their next commands while the
# others' are done, and gateway and services work at the same time.
FEW = 16
# A COMMIT that takes more than this part of what it commits is worth sharing among more.
_DEAR = 0.25

Work = Callable[[AsyncConnection], Awaitable[Any]]
"""`async (connection)`: writes and answers. What it raises undoes what it wrote. It may be called again after that."""


class _Undone(DurableError):
    """The transaction must not be committed: roll it back."""


class _Command:
    """A command in line: its work, until when, the context that it came with, and what its caller waits for.

    `alone` says that it is undone with its whole transaction, `kept` that what it wrote stands in it.
    """

    __slots__ = ("alone", "answer", "context", "deadline", "done", "error", "kept", "work")

    def __init__(self, work: Work, deadline: Deadline) -> None:
        self.work = work
        self.deadline = deadline
        self.context = copy_context()
        self.done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.answer: Any = None
        self.error: BaseException | None = None
        self.alone = False
        self.kept = False

    async def do(self, connection: AsyncConnection, marks: Marks, told: AbstractContextManager[None]) -> None:
        """Do it, behind a mark unless it is `alone`; what it raises is its answer, whatever it is."""
        try:
            with told:
                # First the mark: else who came too late would be undone to the mark of the one before.
                if not self.alone:
                    await marks.mark()
                self.deadline.check()
                self.answer = await self.work(connection)
                if not marks.whole():
                    raise TransactionBroken
                self.deadline.check()
        except BaseException as error:
            if isinstance(error, asyncio.CancelledError) and _is_being_cancelled():
                raise
            self.error = error
        # A caller who was cancelled waits no more: as long as nothing is committed, nothing of it needs to stand.
        self.kept = self.error is None and not self.done.done()

    def again(self) -> None:
        """As if it had not been done."""
        self.answer, self.error, self.alone, self.kept = None, None, False, False

    def fail(self, error: BaseException) -> None:
        """Nothing of it stands."""
        self.error = error
        self.tell()

    def tell(self) -> None:
        """Wake the caller with what came of it."""
        if not self.done.done():
            self.done.set_result(None)


class Size:
    """How many commands a district's next transaction takes: more while its COMMITs are dear."""

    __slots__ = ("most",)

    def __init__(self) -> None:
        self.most = FEW

    def weigh(self, commands: int, *, working: float, committing: float) -> None:
        """Note what a transaction of so many commands took, in seconds; one that was not full tells nothing."""
        if commands >= self.most:
            dear = committing > working * _DEAR
            self.most = min(self.most * 2, MOST) if dear else max(self.most // 2, FEW)


class Groups:
    """The lines of waiting commands, one for each district, and the task that does what is in it."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._lines: dict[str, deque[_Command]] = {}
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._sizes: defaultdict[str, Size] = defaultdict(Size)
        # Districts whose next group needs savepoints.
        self._surely: set[str] = set()

    async def do(self, district: str, work: Work, deadline: Deadline) -> Any:
        """What `work` answers, once it is committed; raises what it raises, or what `Databases.write` does."""
        command = _Command(work, deadline)
        line = self._lines.setdefault(district, deque())
        line.append(command)
        if district not in self._serving:
            # Its own context: it lives longer than who made it, and works for others too.
            serve = self._serve(district, line)
            self._serving[district] = asyncio.get_running_loop().create_task(serve, context=Context())
        late = partial(_late, line, command)
        timer = asyncio.get_running_loop().call_later(max(deadline.remaining(), 0), late)
        try:
            await command.done
        finally:
            timer.cancel()
        # Raised here, not by the future: what a rule pack raises may be of a kind that a future does not carry.
        if command.error is not None:
            raise command.error
        return command.answer

    async def _serve(self, district: str, line: deque[_Command]) -> None:
        try:
            while line:
                await self._group(district, line)
        finally:
            del self._serving[district]
            while line:
                line.popleft().done.cancel()

    async def _group(self, district: str, line: deque[_Command]) -> None:
        """One transaction; afterwards each who was in it has been answered, or stands in front of the line again."""
        group: list[_Command] = []
        until = max((one.deadline for one in line), key=lambda one: one.at_ms)
        try:
            async with self._databases.write(district, until, few_rows=True) as connection:
                began = time.monotonic()
                await self._fill(connection, district, line, group)
                done = time.monotonic()
        except _Undone:
            _once_more(line, group)
        except DeadlineExceeded as error:
            # Before it began or at its end; who has time left tries again.
            _run_out(group, error)
            _once_more(line, group)
            for command in [one for one in line if one.deadline.expired]:
                _late(line, command)
        except Exception as error:  # noqa: BLE001 - it is what the callers are told
            # Not begun: nobody of the line could be served. Not committed: nothing of anybody stands.
            for command in group or _all_of(line):
                command.fail(error)
        except BaseException:
            for command in group:
                command.done.cancel()
            raise
        else:
            self._sizes[district].weigh(len(group), working=done - began, committing=time.monotonic() - done)
            for command in group:
                command.tell()

    async def _fill(
        self, connection: AsyncConnection, district: str, line: deque[_Command], group: list[_Command]
    ) -> None:
        """Do one after the other; raises `_Undone` unless what they wrote may be committed."""
        marks = marks_of(connection, surely=district in self._surely)
        self._surely.discard(district)
        ends, most = time.monotonic() + SECONDS, self._sizes[district].most
        while line and len(group) < most and (not group or time.monotonic() < ends):
            command = line.popleft()
            if command.done.done():
                continue
            command.alone = not group and not line
            group.append(command)
            await self._do(connection, district, marks, command)
        if not any(command.kept for command in group):
            raise _Undone
        if any(command.kept and command.deadline.expired for command in group):
            raise DeadlineExceeded(self._databases.service)

    async def _do(self, connection: AsyncConnection, district: str, marks: Marks, command: _Command) -> None:
        """Do one, and undo it when it is not kept."""
        doing = command.do(connection, marks, self._databases.told(command.deadline))
        await asyncio.get_running_loop().create_task(doing, context=command.context)
        if command.kept:
            return
        if command.alone:
            raise _Undone
        try:
            await marks.undo()
        except Unmarked as unmarked:
            self._surely.add(district)
            # He too is done again: what he was told may rest on what does not stand.
            command.again()
            raise _Undone from unmarked
        except Exception as lost:
            raise _Undone from lost


def _late(line: deque[_Command], command: _Command) -> None:
    """The time of one that still stands in line has passed; what was begun is told what comes of it."""
    if command in line:
        line.remove(command)
        command.fail(DeadlineExceeded())


def _run_out(group: Sequence[_Command], error: DeadlineExceeded) -> None:
    """Those of the group whose time has passed are told so."""
    for command in group:
        if command.error is None and command.deadline.expired:
            command.error = error


def _once_more(line: deque[_Command], group: list[_Command]) -> None:
    """Answer those who failed; the others are in front of the line again, in their order."""
    innocent: list[_Command] = []
    for command in group:
        if command.error is None and not command.done.done():
            command.again()
            innocent.append(command)
        else:
            command.tell()
    line.extendleft(reversed(innocent))


def _all_of(line: deque[_Command]) -> list[_Command]:
    found = list(line)
    line.clear()
    return found


def _is_being_cancelled() -> bool:
    """Whether somebody asked for this task's end; what only looks like that came out of the work."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
