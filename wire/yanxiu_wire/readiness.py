"""Whether a process may be sent work and whether its loop turns: `/ready` and `/live` on the port of the metrics."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable
from http import HTTPStatus
from typing import Any

import msgspec

# A loop that has not turned for so long does not turn again; one garbage collection or a busy disk takes less.
SILENT_SECONDS = 30.0
_BEAT_SECONDS = 1.0

Start = Callable[[str, list[tuple[str, str]]], Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The body of both answers; `waiting_for` names what is still missing, in the order of the start."""

    status: str
    waiting_for: tuple[str, ...] = ()


class Readiness:
    """The stages of a start, what has to hold afterwards, and the end; asked from other threads than the loop's.

    A process is ready when it has `reached` every stage, everything that `needs` named holds, and it does not drain.
    """

    def __init__(self, *stages: str) -> None:
        self._stages = stages
        self._reached: frozenset[str] = frozenset()
        self._needs: dict[str, Callable[[], bool]] = {}
        self._beat = time.monotonic()
        self.draining = False

    def reached(self, stage: str) -> None:
        """Note that this stage of the start is done; raises ValueError for one that was not announced."""
        if stage not in self._stages:
            raise ValueError(f"{stage} is no stage of this start: {', '.join(self._stages)}")
        self._reached |= {stage}

    def needs(self, name: str, holds: Callable[[], bool]) -> None:
        """Have `holds` looked at whenever somebody asks; it is called in another thread."""
        self._needs[name] = holds

    def drain(self) -> None:
        """Say that the process ends: what it has in hand is finished, more should not come."""
        self.draining = True

    def ready(self) -> tuple[HTTPStatus, Told]:
        """Return the answer to /ready: 503 with what is missing, or 200."""
        if self.draining:
            return HTTPStatus.SERVICE_UNAVAILABLE, Told(status="draining")
        missing = (
            *(stage for stage in self._stages if stage not in self._reached),
            *(name for name, holds in self._needs.items() if not holds()),
        )
        if missing:
            return HTTPStatus.SERVICE_UNAVAILABLE, Told(status="unready", waiting_for=missing)
        return HTTPStatus.OK, Told(status="ready")

    def live(self) -> tuple[HTTPStatus, Told]:
        """Return the answer to /live: 503 when the loop has been silent for `SILENT_SECONDS`, else 200."""
        if time.monotonic() - self._beat > SILENT_SECONDS:
            return HTTPStatus.SERVICE_UNAVAILABLE, Told(status="silent")
        return HTTPStatus.OK, Told(status="live")

    @contextlib.asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Show that the loop turns, while the block runs."""

        async def beat() -> None:
            while True:
                self._beat = time.monotonic()
                await asyncio.sleep(_BEAT_SECONDS)

        beats = asyncio.create_task(beat())
        try:
            yield
        finally:
            beats.cancel()
            await asyncio.gather(beats, return_exceptions=True)

    def beside(self, others: Application) -> Application:
        """Return a WSGI application that answers /ready and /live and hands every other path to `others`."""
        answers = {"/ready": self.ready, "/live": self.live}

        def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
            answer = answers.get(environ["PATH_INFO"])
            if answer is None:
                return others(environ, start)
            status, told = answer()
            start(f"{status.value} {status.phrase}", [("Content-Type", "application/json")])
            return [msgspec.json.encode(told)]

        return application
