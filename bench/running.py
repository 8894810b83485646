"""Programs under measurement: started, waited for, and ended."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


@contextlib.contextmanager
def running(*command: str, environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program for as long as the block lasts."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_open(port: int, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Return when something listens on the port; raises RuntimeError when the program ends or time runs out."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on {port}")


def wait_until_ready(log: Path, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Return when `yanxiu up` has printed `ready`."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up and process.poll() is None:
        if b"ready http" in log.read_bytes():
            return
        time.sleep(0.05)
    raise RuntimeError(log.read_text())


def issue_token(keys: Path, district: str) -> str:
    """Return a token of a district officer."""
    command = [str(BIN / "yanxiu"), "token", "--district", district, "--role", "district-officer", "--keys", str(keys)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
