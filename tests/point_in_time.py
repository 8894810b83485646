"""The recipe of docs/operating.md for losing nothing of a PostgreSQL, run block by block beside a server of tests."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.postgres_server import PostgresServer, die_with_parent

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "operating.md"
_HEADING = "**恢复到某一时刻 Point in time.**"
_SECONDS = 60.0


def blocks() -> tuple[str, str, str, str]:
    """The recipe's commands: receiving the log, waiting for it at each COMMIT, a base backup, putting it back."""
    recipe = GUIDE.read_text(encoding="utf-8").partition(_HEADING)[2].partition("\n**")[0]
    found = re.findall(r"^```sh\n(.*?)^```", recipe, flags=re.MULTILINE | re.DOTALL)
    receive, wait, base, restore = found
    return receive, wait, base, restore


class Drill:
    """A server, the host that receives its log, and where base backups are kept."""

    def __init__(self, server: PostgresServer, folder: Path) -> None:
        self.server = server
        self.log, self.base = folder / "log", folder / "base"
        for kept in (folder, self.log):
            kept.mkdir(mode=0o700, exist_ok=True)
            server.give(kept)
        self._receive, self._wait, self._back_up, self._restore = blocks()

    @contextlib.contextmanager
    def receiving(self) -> Iterator[None]:
        """Receive the log beside the server and have each COMMIT wait for that, for as long as the block lasts."""
        command, env = ["bash", "-ec", self._receive], self._variables()
        # What it complains of when the server is gone is as it should be.
        with subprocess.Popen(
            command, env=env, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent, **self.server.its_user
        ) as host:
            try:
                self._until("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", host)
                self._run(self._wait)
                self._until("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", host)
                yield
            finally:
                host.terminate()

    def back_up(self) -> None:
        """Make a base backup and check it."""
        self._run(self._back_up)

    def lose(self) -> None:
        """The server's machine is gone for good, between two instructions."""
        self.server.kill()
        shutil.rmtree(self.server.data)

    def restore(self, *, until: str = "") -> None:
        """Put the base and the log after it in the server's place, all of it or until a moment, and start."""
        self._run(self._restore, MOMENT=until)
        self.server.start()

    def _run(self, commands: str, **more: str) -> None:
        done = subprocess.run(
            ["bash", "-ec", commands],
            env=self._variables(**more),
            capture_output=True,
            text=True,
            check=False,
            **self.server.its_user,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _variables(self, **more: str) -> dict[str, str]:
        path = f"{self.server.programs}{os.pathsep}{os.environ['PATH']}"
        where = {"PGHOST": self.server.folder, "PGDATA": self.server.data, "LOG": self.log, "BASE": self.base}
        return {**{name: str(one) for name, one in where.items()}, "PATH": path, "PGUSER": "postgres", **more}

    def _until(self, question: str, host: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + _SECONDS
        while not self.server.execute(question)[0][0]:
            assert host.poll() is None, "the log is not received any more"
            assert time.monotonic() < until, question
            time.sleep(0.02)  # another program's state: there is no event to wait for
