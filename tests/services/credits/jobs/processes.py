"""Credits processes that a test starts beside the service of its own, to kill them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from tests.architecture.tree import ROOT
from tests.stores import Store

MADE_UP = "tests.services.credits.jobs.replica"


@contextlib.contextmanager
def replica(settings: Any, store: Store, module: str = MADE_UP, **more: str) -> Iterator[subprocess.Popen[str]]:
    """A credits process of its own, with more in its environment; it is killed at the end, if it still runs."""
    told = {
        "YANXIU_NATS_URL": settings.nats_url,
        **store.variables,
        "YANXIU_KEYS": str(settings.keys),
        "YANXIU_JOB_ACK_SECONDS": str(settings.job_ack_seconds),
        "PYTHONPATH": str(ROOT),
        **more,
    }
    command = [sys.executable, "-m", module]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **told}, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


async def ready(process: subprocess.Popen[str]) -> None:
    """Return when the process answers; it prints log lines before that."""
    assert process.stdout is not None
    while (line := await asyncio.to_thread(process.stdout.readline)) != "ready\n":
        assert line, "the process ended"
