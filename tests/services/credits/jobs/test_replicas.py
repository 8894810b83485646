"""Two processes of the service share a job; what one of them had in hand when it was killed, the other does once."""

from __future__ import annotations

import asyncio
import subprocess
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.credits.jobs.made_up_works import ENTRIES
from tests.services.credits.jobs.processes import ready, replica
from tests.stores import Store

PARTS = 24


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


@pytest.mark.every_case_on_both
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
