"""`yanxiu status --watch`: the screen follows what changes, says when nobody can be asked, and is left as it was."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from yanxiu_cli.platform_state import EXPECTED
from yanxiu_wire.rpc import Bus

from tests.conftest import NatsServer

from .platform import YANXIU
from .test_status import Made

WITHIN = 60.0
ROWS = 6
ENTER_SCREEN, LEAVE_SCREEN = "\x1b[?1049h", "\x1b[?1049l"


class Reader:
    """What a command writes, read all the time."""

    def __init__(self, descriptor: int) -> None:
        self._text = ""
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._read, args=(descriptor,), daemon=True)
        self._thread.start()

    def _read(self, descriptor: int) -> None:
        # A terminal whose other side is closed ends with an error.
        while said := _read(descriptor):
            with self._news:
                self._text += said
                self._news.notify_all()
        os.close(descriptor)

    async def until(self, holds: Callable[[str], object]) -> str:
        """Wait until what was written since the last time holds; returns that."""
        return await asyncio.to_thread(self._until, holds)

    def _until(self, holds: Callable[[str], object]) -> str:
        until = time.monotonic() + WITHIN
        with self._news:
            while not holds(self._text):
                assert time.monotonic() < until, self._text
                self._news.wait(until - time.monotonic())
            text, self._text = self._text, ""
            return text


def _read(descriptor: int) -> str:
    try:
        return os.read(descriptor, 65_536).decode("utf-8", "replace")
    except OSError:
        return ""


@pytest.fixture
async def made(own_nats: NatsServer) -> AsyncIterator[Made]:
    bus = await Bus.connect(own_nats.url, name="made")
    its = Made(bus)
    await its.serve(*EXPECTED)
    yield its
    await its.stop()
    await bus.close()


@pytest.fixture
def screen(own_nats: NatsServer, made: Made) -> Iterator[tuple[subprocess.Popen[bytes], Reader]]:
    """The command on a terminal of so few rows that the tables do not fit."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, 200, 0, 0))
    with started(own_nats, its, terminal=True) as process:
        yield process, Reader(ours)


@contextlib.contextmanager
def started(own_nats: NatsServer, out: int, *, terminal: bool) -> Iterator[subprocess.Popen[bytes]]:
    """The command, until the block ends."""
    env = {**os.environ, "YANXIU_NATS_URL": own_nats.url, "TERM": "xterm"}
    its = out if terminal else None
    command = [*YANXIU, "status", "--watch", "0.5"]
    with subprocess.Popen(command, env=env, stdin=its, stdout=out, stderr=its, preexec_fn=_heed_interrupts) as process:
        os.close(out)
        try:
            yield process
        finally:
            process.kill()


def _heed_interrupts() -> None:
    # Who was started in the background ignores them, and hands that down.
    signal.signal(signal.SIGINT, signal.default_int_handler)


async def test_the_screen_follows_and_begins_with_what_needs_a_look(
    own_nats: NatsServer, made: Made, screen: tuple[subprocess.Popen[bytes], Reader]
) -> None:
    process, reader = screen
    assert ENTER_SCREEN in await reader.until(lambda text: text.count("一切正常 all well") >= 2)
    await made.stop()
    await made.serve("registry", "credits", "visits")
    await reader.until(lambda text: "gateway 没有应答 / gateway does not answer" in text)
    own_nats.kill()
    text = await reader.until(lambda text: "与 NATS 的连接已断" in text)
    assert "registry does not answer" not in text, "of it nothing is known"
    own_nats.restart()
    await made.serve("gateway")
    await reader.until(lambda text: "一切正常 all well" in text)
    process.send_signal(signal.SIGINT)
    assert "Traceback" not in await reader.until(lambda text: LEAVE_SCREEN in text)
    assert await asyncio.to_thread(process.wait, WITHIN) == 130


async def test_into_a_pipe_one_page_follows_another(own_nats: NatsServer, made: Made) -> None:
    ours, its = os.pipe()
    with started(own_nats, its, terminal=False) as process:
        text = await Reader(ours).until(lambda text: text.count("一切正常 all well") >= 2)
        assert "\x1b" not in text
        assert text.count("nats-server 2.") >= 2
        process.send_signal(signal.SIGINT)
        assert await asyncio.to_thread(process.wait, WITHIN) == 130
