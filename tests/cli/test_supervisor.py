"""The supervisor with real processes: order, restart, giving up, draining, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import textwrap
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from yanxiu_cli.local.child import Program, StartFailed
from yanxiu_cli.local.supervisor import Supervisor

WITHIN = 20.0


def program(tmp_path: Path, name: str, source: str, *, ready: Callable[[], Awaitable[bool]] | None = None) -> Program:
    """A program of a few lines; by default it answers once it has written the file `<name>.up`."""
    mark = tmp_path / f"{name}.up"

    async def written() -> bool:
        return mark.exists()

    code = f"import pathlib, signal, sys, time, os\nUP = pathlib.Path({str(mark)!r})\n{textwrap.dedent(source)}"
    return Program(
        name=name, command=(sys.executable, "-c", code), log=tmp_path / f"{name}.log", answers=ready or written
    )


LIVES = "UP.write_text(str(os.getpid()))\nsignal.pause()\n"
ENDS_WELL = """
def end(*_):
    print("drained", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
UP.write_text(str(os.getpid()))
while True: signal.pause()
"""


@pytest.fixture
def said() -> list[str]:
    return []


async def until(true: Callable[[], bool]) -> None:
    """Wait until something outside this process has become true, within a bound."""
    async with asyncio.timeout(WITHIN):
        while not true():  # noqa: ASYNC110  another process's state gives no event
            await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_a_killed_process_is_started_again(tmp_path: Path, said: list[str]) -> None:
    supervisor = Supervisor(said.append)
    await supervisor.start([program(tmp_path, "one", LIVES)])
    child = supervisor.children[0]
    first = child.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: child.pid not in (None, first) and child.ready.is_set())
    assert [line for line in said if "SIGKILL" in line]
    await until(lambda: any("已恢复" in line for line in said))
    await supervisor.stop()
    assert not alive(first)


async def test_a_process_that_runs_but_does_its_work_no_more_is_ended_and_started_again(
    tmp_path: Path, said: list[str]
) -> None:
    halted: set[int | None] = set()

    async def stopped() -> bool:
        return any(child.pid in halted for child in supervisor.children)

    one = msgspec.structs.replace(program(tmp_path, "one", LIVES), stopped=stopped, stopped_every=0.02)
    supervisor = Supervisor(said.append)
    await supervisor.start([one])
    child = supervisor.children[0]
    first = child.pid
    assert first is not None
    halted.add(first)
    await until(lambda: child.pid not in (None, first) and child.ready.is_set())
    assert "不再工作" in said[0]
    assert "SIGTERM" in said[1]
    await supervisor.stop()
    assert not alive(first)


async def test_tiers_start_in_order_and_stop_in_the_opposite_order(tmp_path: Path, said: list[str]) -> None:
    supervisor = Supervisor(said.append)
    order = tmp_path / "order"
    note = f"""
    import pathlib
    def end(*_):
        with open({str(order)!r}, "a") as file: file.write(f"stop {{NAME}}\\n")
        sys.exit(0)
    signal.signal(signal.SIGTERM, end)
    with open({str(order)!r}, "a") as file: file.write(f"start {{NAME}}\\n")
    UP.write_text("up")
    while True: signal.pause()
    """
    for name in ("bus", "service", "web"):
        await supervisor.start([program(tmp_path, name, f"NAME = {name!r}\n" + textwrap.dedent(note))])
    await supervisor.stop()
    starts, stops = ["start bus", "start service", "start web"], ["stop web", "stop service", "stop bus"]
    assert order.read_text().splitlines() == starts + stops


async def test_stopping_lets_a_process_finish(tmp_path: Path, said: list[str]) -> None:
    supervisor = Supervisor(said.append)
    await supervisor.start([program(tmp_path, "one", ENDS_WELL)])
    await supervisor.stop()
    assert "drained" in (tmp_path / "one.log").read_text()
    assert said == []


async def test_a_process_that_will_not_stop_is_ended_within_the_bound(tmp_path: Path, said: list[str]) -> None:
    supervisor = Supervisor(said.append)
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + LIVES.replace(
        "signal.pause()", "while True: signal.pause()"
    )
    await supervisor.start([program(tmp_path, "deaf", deaf)])
    pid = supervisor.children[0].pid
    assert pid is not None
    await supervisor.stop(within=0.3)
    assert not alive(pid)
    assert "强制结束" in said[-1]


async def test_a_program_that_cannot_start_is_told_with_the_end_of_its_log(tmp_path: Path, said: list[str]) -> None:
    supervisor = Supervisor(said.append)
    with pytest.raises(StartFailed) as told:
        await supervisor.start([program(tmp_path, "broken", "sys.exit('YANXIU_DATA: must be set')")])
    assert "broken" in str(told.value)
    assert "YANXIU_DATA: must be set" in str(told.value)
    await supervisor.stop()


async def test_the_pause_before_a_restart_grows(tmp_path: Path, said: list[str]) -> None:
    supervisor = Supervisor(said.append)
    with pytest.raises(StartFailed):
        await supervisor.start([program(tmp_path, "broken", "sys.exit(3)")])
    await supervisor.stop()
    assert [line.split("，")[1].split(" ")[0] for line in said] == ["0.2", "0.4"]


async def test_children_end_with_a_killed_supervisor(tmp_path: Path) -> None:
    source = f"""
    import asyncio, pathlib, sys
    from yanxiu_cli.local.child import Program
    from yanxiu_cli.local.supervisor import Supervisor
    MARK = pathlib.Path({str(tmp_path / "child")!r})
    async def up():
        return MARK.exists()
    async def main():
        code = f"import os, pathlib, signal; pathlib.Path({{str(MARK)!r}}).write_text(str(os.getpid())); signal.pause()"
        one = Program(name="one", command=(sys.executable, "-c", code), log=MARK.with_suffix(".log"), answers=up)
        await Supervisor(print).start([one])
        print("started", flush=True)
        await asyncio.Event().wait()
    asyncio.run(main())
    """
    command = (sys.executable, "-c", textwrap.dedent(source))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"started\n"
        child = int((tmp_path / "child").read_text())
        assert alive(child)
    finally:
        process.kill()
        await process.communicate()
    await until(lambda: not alive(child))
