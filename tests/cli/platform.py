"""A platform of one's own for tests: `yanxiu up` as a subprocess on a free port, with its console to read."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2
from yanxiu_cli.local.folder import Folder, Run
from yanxiu_gateway.tokens import DevelopmentIssuer
from yanxiu_wire.caller import Caller

YANXIU = (sys.executable, "-m", "yanxiu_cli")
READY_WITHIN = 240.0


class Platform:
    """A running `yanxiu up`. Its console is read all the time, so that it never waits for us."""

    def __init__(self, data: Path, *options: str, command: Sequence[str | Path] = YANXIU) -> None:
        self.data = data
        self.started = time.monotonic()
        self._lines: list[str] = []
        self._news = threading.Condition()
        self.process = subprocess.Popen(
            [*command, "up", "--data", str(data), "--port", "0", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_for(r"^ready http", READY_WITHIN)
        self.ready_after = time.monotonic() - self.started

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self._lines.append(line.rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._lines.append("(end)")
            self._news.notify_all()

    @property
    def console(self) -> str:
        """Everything said so far."""
        with self._news:
            return "\n".join(self._lines)

    def wait_for(self, pattern: str, within: float = 30.0) -> str:
        """Wait until a line of the console matches; returns the line."""
        expression, until = re.compile(pattern), time.monotonic() + within
        with self._news:
            while True:
                for line in self._lines:
                    if expression.search(line):
                        return line
                left = until - time.monotonic()
                if left <= 0 or self._lines[-1:] == ["(end)"]:
                    raise AssertionError(f"no line {pattern!r} in:\n" + "\n".join(self._lines))
                self._news.wait(left)

    @property
    def run(self) -> Run:
        """Ports of the platform."""
        found = Folder(self.data).read_run()
        assert found is not None
        return found

    def token(self, district: str, role: Any = "institute-officer", **scope: str) -> str:
        """A token of the development issuer."""
        caller = Caller(subject=f"test:{role}", role=role, district=district, **scope)
        return DevelopmentIssuer.open(self.data / "keys").issue(caller)

    def ask(self, token: str, operation: str, **variables: Any) -> dict[str, Any]:
        """Send one operation over HTTP and return the answer."""
        with httpx2.Client(timeout=10, trust_env=False) as client:
            answer = client.post(
                f"{self.run.http_url}/graphql",
                json={"query": operation, "variables": variables},
                headers={"Authorization": f"Bearer {token}"},
            )
        return json.loads(answer.text)

    def ask_until(self, token: str, operation: str, within: float = 30.0, **variables: Any) -> dict[str, Any]:
        """Ask again while there is no answer, as a client with retries does."""
        until = time.monotonic() + within
        while True:
            try:
                answer = self.ask(token, operation, **variables)
                if answer.get("data") and not answer.get("errors"):
                    return answer
            except (httpx2.HTTPError, json.JSONDecodeError):
                answer = {"errors": "no answer"}
            if time.monotonic() > until:
                raise AssertionError(f"{answer}\n{self.console}")
            time.sleep(0.1)  # another process's state gives no event

    def children(self) -> dict[str, int]:
        """Name -> process of everything that the platform watches: its own child, or one of the trunk."""
        found = children_of(self.process.pid)
        trunk = found.pop("trunk", None)
        return found if trunk is None else {**found, **children_of(trunk)}

    @property
    def trunk(self) -> int:
        """The process of which the others are forks."""
        return children_of(self.process.pid)["trunk"]

    def stop(self, number: int = signal.SIGINT, within: float = 40.0) -> int:
        """Ask it to end and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(within)
        self.close()
        return code

    def close(self) -> None:
        """Wait for the end of the console and let go of it."""
        self._reader.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


def children_of(process: int) -> dict[str, int]:
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition("(")[2].rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, parent = rest.split()[:2]
        if int(parent) == process and state != "Z":
            found["nats" if name == "nats-server" else name.removeprefix("yanxiu-")] = int(stat.parent.name)
    return found


def yanxiu(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [*YANXIU, *arguments], capture_output=True, text=True, timeout=60, env={**os.environ, **environment}
    )
