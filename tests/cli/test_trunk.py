"""The trunk: a fork of it begins as a program of its own would, and what one is given no other sees."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from yanxiu_cli.local.trunk import Trunk

WITHIN = 20.0
PROGRAM = """
import json, os, signal, sys, threading
def main():
    told = dict(os.environ)
    told.update(argv=sys.argv, leads=os.getsid(0) == os.getpid(),
                open=sorted(int(one) for one in os.listdir("/proc/self/fd")),
                handled=signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, threads=threading.active_count())
    print(json.dumps(told), flush=True)
    if "WAIT" in os.environ:
        signal.pause()
    if "RAISE" in os.environ:
        raise ValueError("made up")
    sys.exit(int(os.environ.get("CODE", "0")) or None)
"""


@pytest.fixture
async def trunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Trunk]:
    """One that has prepared nothing, and a package to run."""
    package = tmp_path / "yanxiu_made_up"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(PROGRAM)
    monkeypatch.syspath_prepend(str(tmp_path))
    made = Trunk.fork(lambda: None)
    yield made
    await made.stop()


async def run(trunk: Trunk, log: Path, **environment: str) -> tuple[int, str]:
    with log.open("wb") as output:
        grown = await trunk.start("yanxiu_made_up", environment, output.fileno())
    async with asyncio.timeout(WITHIN):
        code = await grown.wait()
    return code, await asyncio.to_thread(log.read_text)


async def told(trunk: Trunk, log: Path, **environment: str) -> dict[str, Any]:
    code, text = await run(trunk, log, **environment)
    assert code == 0, text
    return json.loads(text)


async def test_a_fork_has_its_own_environment_session_and_output_and_nothing_of_another(
    trunk: Trunk, tmp_path: Path
) -> None:
    one, other = await asyncio.gather(
        told(trunk, tmp_path / "one.log", MINE="of one", ONLY="one"),
        told(trunk, tmp_path / "other.log", MINE="of other"),
    )
    assert (one["MINE"], one["ONLY"], other["MINE"]) == ("of one", "one", "of other")
    assert "ONLY" not in other
    assert not {"MINE", "ONLY"} & os.environ.keys()
    assert one["argv"] == ["yanxiu_made_up"]
    assert one["leads"]
    assert one["handled"]
    assert one["threads"] == 1
    # Nothing, output, output, and the folder that it looks at.
    assert one["open"] == [0, 1, 2, 3]


async def test_a_fork_ends_with_the_code_of_its_program_or_its_signal_and_says_why(
    trunk: Trunk, tmp_path: Path
) -> None:
    assert (await run(trunk, tmp_path / "log", CODE="78"))[0] == 78
    code, text = await run(trunk, tmp_path / "log", RAISE="yes")
    assert code == 1
    assert "ValueError: made up" in text
    with (tmp_path / "log").open("wb") as output:
        grown = await trunk.start("yanxiu_made_up", {"WAIT": "yes"}, output.fileno())
    assert grown.returncode is None
    grown.send_signal(signal.SIGKILL)
    assert await grown.wait() == grown.returncode == -signal.SIGKILL


async def test_the_forks_end_with_the_trunk_and_another_trunk_is_started(
    trunk: Trunk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    with (tmp_path / "log").open("wb") as output:
        grown = await trunk.start("yanxiu_made_up", {"WAIT": "yes"}, output.fileno())
    first = trunk.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert await grown.wait() == -signal.SIGKILL
    monkeypatch.setattr("yanxiu_cli.local.trunk.COMMAND", (sys.executable, "-c", BARE))
    assert (await told(trunk, tmp_path / "log"))["argv"] == ["yanxiu_made_up"]
    assert trunk.pid not in (None, first)


BARE = "import sys\nfrom yanxiu_cli.local import trunk\ntrunk.main(*sys.argv[1:], prepare=lambda: None)"
