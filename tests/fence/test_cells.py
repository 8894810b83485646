"""Cells come and go: forked when asked, drained when told, ended when idle, gone with the process they serve."""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace
from prometheus_client import REGISTRY
from yanxiu_footing.audit.declared import PLAIN
from yanxiu_footing.fence.cell_process import CellProcess
from yanxiu_footing.fence.fence import Fence
from yanxiu_footing.fence.frames import Reply
from yanxiu_footing.fence.settings import FenceSettings
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, Overloaded, RulePackFailed, ServiceUnavailable
from yanxiu_wire.known import HELD, SAME, digest_of

SOON = 20.0


@asynccontextmanager
async def fencing(folder: Path, **limits: int) -> AsyncIterator[Fence]:
    settings = replace(FenceSettings(data=folder), **limits)
    fence = Fence("made-up", "tests.fence.made_up_cell", settings)
    await fence.start()
    try:
        yield fence
    finally:
        await fence.stop()


async def ask(fence: Fence, verb: str, message: str = "", *, district: str = "one", seconds: float = SOON) -> str:
    return (await fence.ask(district, verb, message.encode(), Deadline.after(seconds))).decode()


async def pid_of(fence: Fence, district: str = "one") -> int:
    return int(await ask(fence, "pid", district=district))


def alive(pid: int) -> bool:
    """Whether the process runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])


async def gone(pid: int) -> None:
    """Return when the process has ended; another's child tells us nothing, so it is looked for."""
    async with asyncio.timeout(SOON):
        while alive(pid):  # noqa: ASYNC110  another process: no event to await
            await asyncio.sleep(0.02)


async def test_each_district_has_a_process_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    async with fencing(tmp_path) as fence:
        one, other = await asyncio.gather(pid_of(fence), pid_of(fence, "other"))
        assert len({one, other, os.getpid()}) == 3
        assert await pid_of(fence) == one
    assert not alive(one)
    assert not alive(other)


async def test_cells_are_there_before_anybody_asks_for_as_many_districts_as_the_settings_say(tmp_path: Path) -> None:
    async with fencing(tmp_path, fence_warm=2) as fence:
        await fence.warm(("one", "other", "third"))
        before = {cell.pid for cell in fence._cells}
        assert len(before) == 2
        assert {await pid_of(fence), await pid_of(fence, "other")} == before


async def test_what_is_in_hand_when_the_service_ends_is_answered_first(tmp_path: Path) -> None:
    waiting = asyncio.Event()
    async with fencing(tmp_path) as fence:
        fence.told["waiting"] = lambda _district: waiting.set()
        asked = asyncio.create_task(ask(fence, "wait"))
        await waiting.wait()
        fence.tell("arrived")
        stopping = asyncio.create_task(fence.stop())
        assert await asked == "arrived"
        await stopping


async def test_a_cell_that_is_killed_ends_its_requests_at_once_and_its_district_has_another_soon(
    tmp_path: Path,
) -> None:
    waiting = asyncio.Event()
    async with fencing(tmp_path) as fence:
        fence.told["waiting"] = lambda _district: waiting.set()
        killed = await pid_of(fence)
        asked = asyncio.create_task(ask(fence, "wait"))
        await waiting.wait()
        os.kill(killed, signal.SIGKILL)
        # No pack was in use: nobody is to blame, the service was away for a moment.
        with pytest.raises(ServiceUnavailable):
            await asked
        assert await _again(fence) != killed


async def _again(fence: Fence) -> int:
    async with asyncio.timeout(SOON):
        while True:
            try:
                return await pid_of(fence)
            except (RulePackFailed, ServiceUnavailable):
                await asyncio.sleep(0.1)  # a pause is waited for as a client does


async def test_a_loop_that_stands_still_is_ended_and_a_slow_answer_is_not(tmp_path: Path) -> None:
    async with fencing(tmp_path, fence_silent_seconds=2) as fence:
        assert await ask(fence, "block", "0.9") == "awake"
        stuck = await pid_of(fence)
        began = asyncio.get_running_loop().time()
        with pytest.raises(RulePackFailed) as failed:
            await ask(fence, "block", "600")
        assert (failed.value.problem, failed.value.district) == ("hangs", "one")
        assert asyncio.get_running_loop().time() - began < SOON / 2
        await gone(stuck)
        with pytest.raises(RulePackFailed) as paused:
            await ask(fence, "pid")
        assert paused.value.problem == "paused"


async def test_a_district_whose_requests_pile_up_takes_no_place_of_another_and_only_so_many_of_its_own(
    tmp_path: Path,
) -> None:
    async with fencing(tmp_path, fence_silent_seconds=2) as fence:
        await asyncio.gather(pid_of(fence), pid_of(fence, "other"))
        # 32 at work and four times as many waiting, for each endpoint.
        piled = [asyncio.create_task(ask(fence, "wait")) for _ in range(200)]
        async with asyncio.timeout(SOON):
            while sum(one.done() for one in piled) < 40:  # noqa: ASYNC110  refused one by one, with no event
                await asyncio.sleep(0.01)
        assert await pid_of(fence, "other")
        assert await pid_of(fence), "another endpoint of the district has places of its own"
        fence.tell("arrived")
        told = await asyncio.gather(*piled, return_exceptions=True)
    assert sum(one == "arrived" for one in told) == 160
    assert sum(isinstance(one, Overloaded) for one in told) == 40


async def test_who_waits_is_told_before_the_time_is_up_that_the_cell_stands_still(tmp_path: Path) -> None:
    async with fencing(tmp_path, fence_silent_seconds=600) as fence:
        await pid_of(fence)
        with pytest.raises(RulePackFailed) as failed:
            await ask(fence, "block", "600", seconds=4)
        assert failed.value.problem == "hangs"


async def test_a_computation_beside_the_requests_has_its_limit_too(tmp_path: Path) -> None:
    async with fencing(tmp_path, fence_thread_seconds=2) as fence:
        assert await ask(fence, "in-a-thread", "0.1") == "awake"
        busy = await pid_of(fence)
        with pytest.raises(DeadlineExceeded):
            await ask(fence, "in-a-thread", "600", seconds=0.5)
        # Nobody waits for it any more, and it is ended all the same.
        await gone(busy)


async def test_a_cell_that_nobody_asks_ends_and_comes_again(tmp_path: Path) -> None:
    async with fencing(tmp_path, fence_idle_seconds=1) as fence:
        first = await pid_of(fence)
        await gone(first)
        assert await pid_of(fence) != first


async def test_what_a_pack_starts_ends_with_its_cell_and_what_it_prints_goes_nowhere(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with fencing(tmp_path) as fence:
        killed, drained = int(await ask(fence, "litter")), int(await ask(fence, "litter", district="other"))
        assert alive(killed)
        assert alive(drained)
        os.kill(await pid_of(fence), signal.SIGKILL)
        await gone(killed)
        assert alive(drained), "it is another cell's"
    await gone(drained)
    printed, told = capfd.readouterr()
    assert "rubbish" not in printed + told
    assert '"told"' in told, "the log still comes out"


async def test_the_cells_end_with_their_parent_and_another_parent_is_started(tmp_path: Path) -> None:
    async with fencing(tmp_path) as fence:
        cell = await pid_of(fence)
        os.kill(parent_of(cell), signal.SIGKILL)
        await gone(cell)
        assert await _again(fence) != cell


async def test_kill_9_of_the_service_ends_its_cells_even_one_that_stands_still(tmp_path: Path) -> None:
    script = (
        "import asyncio\nfrom pathlib import Path\nfrom tests.fence.test_cells import ask, fencing, pid_of\n"
        "async def main():\n"
        f"    async with fencing(Path({str(tmp_path)!r})) as fence:\n"
        "        print(await pid_of(fence), await ask(fence, 'litter'), flush=True)\n"
        "        await ask(fence, 'block', '600', seconds=600)\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    cell, child = map(int, (await process.stdout.readline()).split())
    process.kill()
    await process.wait()
    await gone(cell)
    await gone(child)


def shown(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, {"service": "made-up", **labels}) or 0.0


async def test_what_is_counted_in_a_cell_is_told_by_its_service_and_what_it_uses_when_asked(tmp_path: Path) -> None:
    def transactions() -> float:
        return shown("yanxiu_database_transactions_total", kind="read", outcome="done")

    before, started = transactions(), shown("yanxiu_cells_started_total", district="one")
    async with fencing(tmp_path) as fence:
        assert await asyncio.gather(*(ask(fence, "count", "2") for _ in range(20))) == ["counted"] * 20
        async with asyncio.timeout(SOON):
            while transactions() < before + 40:  # noqa: ASYNC110  told after the answers, by another process
                await asyncio.sleep(0.01)
        assert shown("yanxiu_cells_started_total", district="one") == started + 1
        assert shown("yanxiu_cell_resident_bytes", district="one") > 10_000_000
        assert shown("yanxiu_cell_cpu_seconds_total", district="one") >= 0
        await ask(fence, "count", "1")
    # What was counted last arrives with the end of the cell.
    assert transactions() == before + 41


async def test_an_answer_that_its_asker_holds_does_not_leave_the_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fencing(tmp_path) as fence:
        pid = str(await pid_of(fence)).encode()
        came: list[bytes] = []
        heard = CellProcess._heard
        monkeypatch.setattr(CellProcess, "_heard", lambda cell, frame: (came.append(frame), heard(cell, frame)))
        asked = functools.partial(fence.ask, "one", "pid", b"", Deadline.after(SOON))
        assert [await asked(known=known) for known in ("", digest_of(b"other"), digest_of(pid))] == [pid, pid, SAME]
        assert [frame.body for frame in came if isinstance(frame, Reply)] == [pid, pid, SAME]
        # As the service's table hands a question over, whose asker holds the answer.
        endpoint = Endpoint("made-up", "pid", dict[str, str], int)
        offer = fence.table({endpoint: (_nobody, frozenset(), PLAIN)})[endpoint][0]
        assert encode(await offer(None, "one", {}, Deadline.after(SOON))) == pid
        HELD.set(digest_of(pid))
        assert encode(await offer(None, "one", {}, Deadline.after(SOON))) == SAME


async def _nobody(*_asked: object) -> None:
    raise AssertionError("the cell answers")
