"""The data folder of a local deployment: who holds it, its ports, its keys, and where everything lies in it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import msgspec

from yanxiu_cli.failed import Failed

HOST = "127.0.0.1"


class Run(msgspec.Struct, kw_only=True, frozen=True):
    """What `run.json` keeps from one start to the next: the ports.

    `own_ports` are those of each gateway where several share `http_port`.
    """

    nats_port: int
    monitor_port: int
    http_port: int
    own_ports: tuple[int, ...] = ()
    pid: int = 0

    @property
    def nats_url(self) -> str:
        """The address of the embedded nats-server."""
        return f"nats://{HOST}:{self.nats_port}"

    @property
    def http_url(self) -> str:
        """The address of the gateway."""
        return f"http://{HOST}:{self.http_port}"

    @property
    def gateway_urls(self) -> tuple[str, ...]:
        """Where each gateway process answers for itself."""
        return tuple(f"http://{HOST}:{port}" for port in self.own_ports) or (self.http_url,)


class Folder:
    """Paths inside the data folder; everything in it is readable by its owner alone."""

    def __init__(self, root: Path) -> None:
        self.root = root.expanduser().resolve()
        self.keys = self.root / "keys"
        self.data = self.root / "data"
        self.logs = self.root / "logs"
        self.nats = self.root / "nats"
        self.credentials = self.nats / "credentials"
        self.budgets = self.root / "budgets"
        self.run_file = self.root / "run.json"
        self.lock_file = self.root / "up.lock"
        self.demo_file = self.root / "demo.json"

    def prepare(self) -> None:
        """Create the folders; raises Failed when the place cannot be written."""
        try:
            for path in (self.root, self.keys, self.data, self.logs, self.nats):
                path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise Failed(
                f"无法写入数据目录 {self.root}：{error.strerror}。请用 --data 指定可写的目录。",
                f"Cannot write the data folder {self.root}: {error.strerror}. Name a writable one with --data.",
            ) from None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for this process; raises Failed, naming the holder, when another `up` has it."""
        with self.lock_file.open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                holder = lock.read().strip() or "?"
                raise Failed(
                    f"数据目录 {self.root} 正被另一个 yanxiu up 使用（进程 {holder}）。"
                    "请先停止它，或用 --data 另指目录。",
                    f"Another yanxiu up (process {holder}) uses the data folder {self.root}. "
                    "Stop it first, or name another folder with --data.",
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def read_run(self) -> Run | None:
        """What the last start left, None when there was none."""
        try:
            return msgspec.json.decode(self.run_file.read_bytes(), type=Run)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def settle(self, http_port: int, gateways: int = 1) -> Run:
        """Choose the ports (those of the last start where they are free) and write `run.json`.

        Several gateways share the port, and each has one of its own. Raises Failed when the gateway's port is taken; 0
        means any free one.
        """
        last = self.read_run()
        if http_port and not is_free(http_port):
            raise Failed(
                f"端口 {http_port} 已被占用。请用 --port 指定其他端口（--port 0 自动选择）。",
                f"Port {http_port} is taken. Name another with --port (--port 0 chooses a free one).",
            )
        own = gateways if gateways > 1 else 0
        wanted = (last.nats_port, last.monitor_port, *last.own_ports) if last else ()
        nats_port, monitor_port, *own_ports = free_ports(2 + own, *(port for port in wanted if port != http_port))
        run = Run(
            own_ports=tuple(own_ports),
            nats_port=nats_port,
            monitor_port=monitor_port,
            http_port=http_port or free_ports(1, *((last.http_port,) if last else ()))[0],
            pid=os.getpid(),
        )
        write_private(self.run_file, msgspec.json.format(msgspec.json.encode(run), indent=2))
        return run


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the port of the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(count: int, *wanted: int) -> list[int]:
    """Return that many different free ports, the wanted ones where they are free."""
    chosen = [port for port in wanted[:count] if is_free(port)]
    with contextlib.ExitStack() as held:
        while len(chosen) < count:
            probe = held.enter_context(socket.socket())
            probe.bind((HOST, 0))
            chosen.append(probe.getsockname()[1])
    return chosen


def write_private(path: Path, content: bytes) -> None:
    """Write a file for its owner's eyes alone, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
