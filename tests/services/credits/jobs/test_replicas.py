"""Two processes of the service share a job; what one of them had in hand when it was killed, the other does once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.tree import ROOT
from tests.services.credits.jobs.made_up_works import ENTRIES
from tests.stores import Store

PARTS = 24


@contextlib.contextmanager
def replica(settings: Any, store: Store) -> Iterator[subprocess.Popen[str]]:
    """A credits process of its own; it is killed at the end, if it still runs."""
    told = {
        "YANXIU_NATS_URL": settings.nats_url,
        **store.variables,
        "YANXIU_KEYS": str(settings.keys),
        "YANXIU_JOB_ACK_SECONDS": str(settings.job_ack_seconds),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "tests.services.credits.jobs.replica"]
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


@pytest.fixture
async def replicas(settings: Any, own_database: Store, jobs: Any) -> AsyncIterator[list[subprocess.Popen[str]]]:
    """Two processes beside the service in this one, which is told to stop working by its own test where it must."""
    with replica(settings, own_database) as one, replica(settings, own_database) as two:
        await asyncio.gather(ready(one), ready(two))
        yield [one, two]


def once_each(keys: list[tuple[str, str]]) -> bool:
    return len(keys) == PARTS * ENTRIES and max(Counter(keys).values()) == 1


async def test_replicas_share_the_parts_of_a_job(jobs: Any, replicas: Any) -> None:
    ended = await jobs.ended(await jobs.enter("post", [{"no": number} for number in range(PARTS)], last={}))
    assert (ended.state, ended.done, ended.result) == ("done", PARTS + 1, {"entries": PARTS * ENTRIES})
    assert ended.replicas >= 2
    assert once_each(await jobs.keys())


@pytest.mark.parametrize("where", ["gather", "write"])
async def test_a_killed_replicas_part_is_taken_over_and_applied_once(
    jobs: Any, settings: Any, own_database: Store, tmp_path: Path, where: str
) -> None:
    with replica(settings, own_database) as killed:
        await ready(killed)
        (tmp_path / where).write_text(str(killed.pid))
        made = await jobs.enter("post", [{"no": n, "gate": str(tmp_path)} for n in range(PARTS)], last={})
        await jobs.there(tmp_path / f"{where}.held")
        killed.kill()
        killed.wait()
        ended = await jobs.ended(made)
    assert (ended.state, ended.done, ended.failed) == ("done", PARTS + 1, 0)
    assert ended.result == {"entries": PARTS * ENTRIES}
    assert once_each(await jobs.keys())
