"""The embedded nats-server: its binary, its configuration (loopback, JetStream on fsync), and its health."""

from __future__ import annotations

import sysconfig
from collections.abc import Sequence
from pathlib import Path

from yanxiu_cli.failed import Failed
from yanxiu_cli.local.child import Program
from yanxiu_cli.local.folder import HOST, Folder, Run, write_private
from yanxiu_cli.local.readiness import http_answers
from yanxiu_cli.local.stopped_stream import stream_stopped
from yanxiu_cli.nats.configuration import quoted

# It lets its heap grow to twice what lives before it looks what is garbage, and would keep 40 MB of nothing.
_SPARING = {"GOGC": "50", "GOMEMLIMIT": "64MiB"}


def binary() -> Path:
    """The nats-server of this environment (never one that happens to be on the PATH: it may be years old)."""
    path = Path(sysconfig.get_path("scripts")) / "nats-server"
    if not path.exists():
        raise Failed(
            f"找不到 {path}。请重新安装：make setup", f"{path} is missing. Install it again with: make setup", code=1
        )
    return path


def configuration(folder: Folder, run: Run, accounts: Sequence[Path]) -> str:
    """The server's configuration. JetStream acknowledges only what it has synced to disk (`sync_interval: always`).

    Without `max_file_store` it would use three quarters of what is free when it starts: nothing of a full disk.
    `accounts` are the files that say who is admitted and who may do what.
    """
    included = "\n".join(f"include {quoted(path.relative_to(folder.nats))}" for path in accounts)
    return f"""# 由 yanxiu up 生成 / written by yanxiu up
server_name: yanxiu
listen: "{HOST}:{run.nats_port}"
http: "{HOST}:{run.monitor_port}"
jetstream {{
  store_dir: {quoted(folder.nats)}
  sync_interval: always
  max_file_store: 1TB
}}
{included}
"""


def program(folder: Folder, run: Run, accounts: Sequence[Path]) -> Program:
    """The nats-server as a program to supervise."""
    path = folder.nats / "nats.conf"
    monitor = f"http://{HOST}:{run.monitor_port}"
    write_private(path, configuration(folder, run, accounts).encode())
    return Program(
        name="nats",
        command=(str(binary()), "-c", str(path)),
        log=folder.logs / "nats.log",
        environment=_SPARING,
        answers=http_answers(f"{monitor}/healthz"),
        stopped=stream_stopped(monitor, folder.nats),
    )
