"""What every test may ask for: a real nats-server with JetStream, a bus on it, places for databases of either kind."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import signal
import subprocess
import sysconfig
import time
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from yanxiu_durable import sqlite_databases
from yanxiu_rulekit import plugins
from yanxiu_wire import heap
from yanxiu_wire.rpc import Bus

import tests.examples  # noqa: F401 - how hypothesis plays, from the first test on
from tests.guard import Guard
from tests.installed import Installed
from tests.on_postgresql import Instead
from tests.postgres_server import PostgresServer
from tests.stores import KINDS, Stores, Templates

_START_SECONDS = 15.0
# What takes eight seconds of a core and more to start, by its fixture, and who shares it: one process runs them all.
_STARTED_ONCE = {
    "demo": {
        "tests/cli/test_backup.py",
        "tests/cli/test_demo.py",
        "tests/cli/test_law_on_demo.py",
        "tests/cli/test_person.py",
        "tests/cli/test_transcript.py",
        "tests/slices/test_readme.py",
    },
    "platform": {
        "tests/slices/test_audit_trail.py",
        "tests/slices/test_bad_input.py",
        "tests/slices/test_erasure.py",
        "tests/slices/test_extreme_days.py",
        "tests/slices/test_fuzz.py",
        "tests/slices/test_main_job.py",
        "tests/slices/test_moves.py",
        "tests/slices/test_no_leak.py",
        "tests/slices/test_orders.py",
        "tests/slices/test_person_export.py",
        "tests/slices/test_stats.py",
        "tests/slices/test_traces.py",
    },
}


def pytest_configure(config: pytest.Config) -> None:
    # nats-py 2.16 still calls datetime.utcnow(), deprecated from Python 3.12 on; everything else is an error.
    config.addinivalue_line("filterwarnings", r"ignore:datetime\.datetime\.utcnow:DeprecationWarning:nats")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-case", action="store_true", help="run every case on PostgreSQL too, not a test's first")
    told = "give services that tests start in this process PostgreSQL, also where a test names no database"
    parser.addoption("--on-postgresql", action="store_true", help=told)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """Thousands of tests come to be and none goes: the collector would look through all of them, time and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what tells nothing more, and begin with the files that take longest: a late one keeps one core busy."""
    for item in items:
        _stands_with_its_like(item)
    if not config.getoption("every_case"):
        first: dict[str, pytest.Item] = {}
        left = [item for item in items if _is_a_case(item) and first.setdefault(_function(item), item) is not item]
        items[:] = [item for item in items if item not in set(left)]
        config.hook.pytest_deselected(items=left)
    items.sort(key=lambda item: not item.nodeid.startswith("tests/slices/"))


def pytest_collection_finish() -> None:
    """Thousands of tests and their modules stay until the end: the collector need not look through them each time."""
    heap.settle()


def _is_a_case(item: pytest.Item) -> bool:
    """One of a test's cases on PostgreSQL: it sends the statements of the others, with other values in them."""
    given = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return len(given) > 1 and "postgresql" in given.values() and not item.get_closest_marker("every_case_on_both")


def _stands_with_its_like(item: pytest.Item) -> None:
    """Refuse a test that would have its process start once more what others share."""
    file = item.nodeid.partition("::")[0]
    asked = getattr(item, "fixturenames", ())
    for name, files in _STARTED_ONCE.items():
        shared = name == "demo" or file.startswith("tests/slices/")  # others call something else their platform
        if shared and name in asked and file not in files:
            raise pytest.UsageError(f"{file} asks for `{name}`: name it in _STARTED_ONCE, beside those who share that")


def _function(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a test waits for servers, disks and processes a third of its time."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share the tests among processes so that what is started once for many of them is started by one alone."""
    from xdist.scheduler import LoadScopeScheduling

    class Sharing(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _group(nodeid)

    return Sharing(config, log)


def _group(nodeid: str) -> str:
    """Files stay together; the two halves of a file that runs on both kinds of database share nothing."""
    file = nodeid.partition("::")[0]
    for shared, files in _STARTED_ONCE.items():
        if file in files:
            return shared
    if file.startswith("tests/packaging/"):
        return "wheels"
    case = nodeid.rpartition("[")[2]
    kind = next((kind for kind in KINDS if kind in case), "")
    return f"{file} {kind}"


class NatsServer:
    """A nats-server process of our own on 127.0.0.1, with JetStream on disk, every message synchronised unless told.

    `kill` ends it as a power cut would, `restart` brings it back on the same port with the same store.
    """

    def __init__(
        self,
        folder: Path,
        *,
        fsync: bool = True,
        host: str = "127.0.0.1",
        guard: Guard | None = None,
        monitored: bool = False,
    ) -> None:
        self._folder = folder
        self.guard = guard
        self._host = host
        self._port = -1
        self._monitored = monitored
        self.monitor = ""
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "server.conf").write_text(
            f'jetstream {{ store_dir: "{folder / "store"}", sync_interval: {"always" if fsync else "1h"} }}\n'
            + (guard.lines if guard else ""),
            encoding="utf-8",
        )
        self.start()

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"nats://127.0.0.1:{self._port}"

    @property
    def store(self) -> Path:
        """The folder that JetStream keeps its streams in."""
        return self._folder / "store"

    def start(self) -> None:
        """Start and wait until it listens."""
        command = [
            Path(sysconfig.get_path("scripts")) / "nats-server",
            *("-a", self._host, "-p", str(self._port), "-c", self._folder / "server.conf"),
            *("--ports_file_dir", self._folder, "-l", self._folder / "server.log"),
            *(("-m", "-1") if self._monitored else ()),
        ]
        self._process = subprocess.Popen(command, preexec_fn=_die_with_parent)
        ports = self._folder / f"nats-server_{self._process.pid}.ports"
        until = time.monotonic() + _START_SECONDS
        while not (found := _ports(ports)):
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self._folder / "server.log").read_text(encoding="utf-8"))
            time.sleep(0.002)  # a file that another process writes gives no event to wait for
        self._port = int(found["nats"][0].rpartition(":")[2])
        if self._monitored:
            self.monitor = f"http://127.0.0.1:{found['monitoring'][0].rpartition(':')[2]}"

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def fill(self, size: int | None) -> None:
        """Have each write beyond that many bytes of a file fail, as on a full disk; None makes room again."""
        assert self._process is not None
        most = resource.RLIM_INFINITY if size is None else size
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    def pause(self) -> None:
        """SIGSTOP."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def reload(self) -> None:
        """Have it read its configuration again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def restart(self) -> None:
        """Start again where it was; kills it first when it still runs."""
        self.kill()
        self.start()

    def stop(self) -> None:
        """End it, at the end of the test."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()


def _ports(path: Path) -> dict[str, list[str]]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """The server that tests share; a test that kills a server asks for `own_nats`."""
    server = NatsServer(tmp_path_factory.mktemp("nats"), fsync=False)
    yield server
    server.stop()


@pytest.fixture
def own_nats(tmp_path: Path) -> Iterator[NatsServer]:
    """A server for one test alone."""
    folder = tmp_path / "own-nats"
    folder.mkdir()
    server = NatsServer(folder)
    yield server
    server.stop()


@pytest.fixture
async def bus(nats_server: NatsServer) -> AsyncIterator[Bus]:
    """A bus on the shared server."""
    connected = await Bus.connect(nats_server.url, name="test")
    yield connected
    await connected.close()


@pytest.fixture
async def own_bus(own_nats: NatsServer) -> AsyncIterator[Bus]:
    """A bus on the test's own server."""
    connected = await Bus.connect(own_nats.url, name="test")
    yield connected
    await connected.close()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty folder for databases."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The PostgreSQL server that tests share; a test that ends a server asks for `own_postgres`."""
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A server for one test alone."""
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture(scope="session", autouse=True)
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Services in this process open a new district's file by copying one that was migrated once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_databases, "upgrade", Templates(tmp_path_factory.mktemp("templates")).upgrade)
        yield


@pytest.fixture(scope="session", autouse=True)
def installed_packs() -> Iterator[None]:
    """A service in this process is given the installed packs as they were read for the first one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plugins, "packs_of", Installed(plugins.packs_of).packs_of)
        yield


@pytest.fixture(scope="session", autouse=True)
def on_postgresql(request: pytest.FixtureRequest) -> Iterator[None]:
    """The same tests on the other store, where the option asks for it."""
    with pytest.MonkeyPatch.context() as patch:
        if request.config.getoption("on_postgresql"):
            Instead(lambda: request.getfixturevalue("postgres")).put(patch)
        yield


@pytest.fixture(scope="session")
def stores(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """Makes the places for a service's data: SQLite files, or a database of the PostgreSQL server."""
    return Stores(lambda: request.getfixturevalue("postgres"), lambda: tmp_path_factory.mktemp("data"))
