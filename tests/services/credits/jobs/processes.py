"""Credits processes that a test starts beside the service of its own, to kill them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any, TextIO

from tests.architecture.tree import ROOT
from tests.stores import Store

MADE_UP = "tests.services.credits.jobs.replica"


@contextlib.contextmanager
def replica(
    settings: Any, store: Store, module: str = MADE_UP, *arguments: str, **more: str
) -> Iterator[subprocess.Popen[str]]:
    """A credits process of its own, with `more` in its environment; it is killed at the end, if it still runs.

    Its log is read to the end and shown with a test that fails: a pipe that nobody empties stops who writes into it.
    """
    told = {
        "YANXIU_NATS_URL": settings.nats_url,
        **store.variables,
        "YANXIU_KEYS": str(settings.keys),
        "YANXIU_JOB_ACK_SECONDS": str(settings.job_ack_seconds),
        "PYTHONPATH": str(ROOT),
        **more,
    }
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **told}, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for thread in threading.enumerate():
            if thread.name == _shown(process):
                thread.join()
        if process.stdout is not None:
            process.stdout.close()


async def ready(process: subprocess.Popen[str]) -> None:
    """Return when the process answers; it prints log lines before that, and after."""
    assert process.stdout is not None
    while (line := await asyncio.to_thread(process.stdout.readline)) != "ready\n":
        assert line, "the process ended"
        sys.stdout.write(line)
    threading.Thread(target=_show, args=(process.stdout,), name=_shown(process), daemon=True).start()


def _shown(process: subprocess.Popen[str]) -> str:
    return f"log of {process.pid}"


def _show(lines: TextIO) -> None:
    for line in lines:
        sys.stdout.write(line)
