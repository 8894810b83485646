"""The whole platform with each part as its own process, and a client that speaks GraphQL to it as front ends do."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ctypes
import math
import os
import random
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
from yanxiu_gateway.tokens import DevelopmentIssuer
from yanxiu_wire.access import OPEN, Access
from yanxiu_wire.caller import PLATFORM, Caller, Role
from yanxiu_wire.rpc import Bus

from tests.conftest import NatsServer
from tests.guard import Guard

SEED = 20240520
READY_SECONDS = 60.0
PATIENCE_SECONDS = 60.0
TOKEN_SECONDS = 3600.0
ERRORS = "errors { code field value clauses messageZh messageEn remedyZh remedyEn }"
# What a service may not have heard of yet from the registry.
LATE = (
    "DISTRICT_UNKNOWN",
    "LAW_NOT_IN_FORCE",
    "TEACHER_UNKNOWN",
    "TERM_UNKNOWN",
    "RESEARCHER_UNKNOWN",
    "SCHOOL_UNKNOWN",
    "TERMS_MISSING",
)
NO_ANSWER = frozenset({"SERVICE_UNAVAILABLE", "STORAGE_FULL", "DEADLINE_EXCEEDED"})


def chance(seed: int) -> random.Random:
    """Chance that can be had again: a failing run is repeated with its seed."""
    return random.Random(seed)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Program:
    """One part as its own process, which a test kills without warning and starts again."""

    def __init__(self, module: str, folder: Path, environment: Mapping[str, str]) -> None:
        self._command = (sys.executable, "-m", module)
        self._log = folder / f"{module}.log"
        self._environment = self.whole(environment)
        self._process: asyncio.subprocess.Process | None = None
        self._began_at = 0

    @staticmethod
    def whole(environment: Mapping[str, str]) -> dict[str, str]:
        """Return everything that a process finds in its environment, given what is our own."""
        return {**os.environ, **environment}

    async def start(self) -> None:
        """Start it; whoever calls it finds out when it answers."""
        with self._log.open("ab") as log:
            self._began_at = log.tell()
            self._process = await asyncio.create_subprocess_exec(
                *self._command, env=self._environment, stdout=log, stderr=log, preexec_fn=_die_with_parent
            )

    async def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.signal(signal.SIGKILL)
        assert self._process is not None
        await self._process.wait()

    async def kill_family(self) -> None:
        """SIGKILL, for itself and for every process that it has started, as when their host is gone."""
        self._send_all(signal.SIGKILL)
        assert self._process is not None
        await self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal; it must be running."""
        assert self._process is not None
        assert self._process.returncode is None, self.told()
        self._process.send_signal(number)

    @property
    def ended(self) -> bool:
        """Whether it was started and runs no more."""
        return self._process is not None and self._process.returncode is not None

    @property
    def serves(self) -> bool:
        """Whether it has said since it was started that it is ready, or has answered a request."""
        said = self._log.read_bytes()[self._began_at :]
        return b'"event": "ready"' in said or b'"event":"graphql"' in said

    def pause(self) -> None:
        """SIGSTOP, for itself and for every process that it has started: those judge and write for it."""
        self._send_all(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT, for all of them."""
        self._send_all(signal.SIGCONT)

    def stands_still(self) -> bool:
        """Whether it was stopped by SIGSTOP, with all its threads and all that it has started."""
        tasks = [task for pid in self._family() for task in Path(f"/proc/{pid}/task").glob("*/stat")]
        return all(_state(task) in {"T", "Z", ""} for task in tasks)

    def _send_all(self, number: signal.Signals) -> None:
        for pid in self._family():
            with contextlib.suppress(ProcessLookupError):  # one that ends at this moment
                os.kill(pid, number)

    def _family(self) -> list[int]:
        assert self._process is not None
        family = [self._process.pid]
        for pid in family:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                    family += [int(child) for child in children.read_text(encoding="ascii").split()]
        return family

    async def end(self) -> int:
        """SIGTERM, and the code it ended with."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        return await self._process.wait()

    def told(self) -> str:
        """The end of its log."""
        return self._log.read_text(encoding="utf-8")[-4000:]


def guarded(folder: Path) -> NatsServer:
    """A server as in a deployment: each part may do there what it has to, and nothing else."""
    return NatsServer(folder, guard=Guard(folder))


def _state(task: Path) -> str:
    """The state of a thread in one letter, none when it is gone."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return task.read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    return ""


class NoAnswer(Exception):
    """Nobody answered: the client cannot know whether the command was done, and tries again with its key."""


class Platform:
    """Registry, credits, visits and gateway as processes on one nats-server, under the installed rule packs."""

    # What may be refused now and not a moment later.
    passes = LATE

    def __init__(
        self, nats: NatsServer, folder: Path, *, timeout: float = 15.0, also: Mapping[str, str] | None = None
    ) -> None:
        self.nats = nats
        self.data = folder / "data"
        self.keys = folder / "keys"
        self.issuer = DevelopmentIssuer.open(self.keys)
        secret = self.keys / "national-id.key"
        secret.write_bytes(base64.b64encode(chance(SEED).randbytes(32)))
        secret.chmod(0o600)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.environment = {
            "YANXIU_NATS_URL": nats.url,
            "YANXIU_DATA": str(self.data),
            "YANXIU_KEYS": str(self.keys),
            "YANXIU_PACKS": "puer,putuo,ouhai",
            "YANXIU_HTTP_PORT": str(port),
            **(also or {}),
        }
        names = ("registry", "credits", "visits", "gateway")
        given = {name: nats.guard.variables(name) if nats.guard else {} for name in names}
        self.parts = {name: Program(f"yanxiu_{name}", folder, {**self.environment, **given[name]}) for name in names}
        self._kept = contextlib.AsyncExitStack()
        limits = httpx2.Limits(max_connections=64, max_keepalive_connections=64)
        self.http = httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", timeout=timeout, limits=limits, trust_env=False
        )
        self.unanswered = 0
        # How often each code was told, of faults and of refusals.
        self.told: Counter[str] = Counter()
        # How long all of it may take to start, in seconds.
        self.ready_within = READY_SECONDS
        # What says that nothing was done, and that the same may be sent again.
        self.no_answer = NO_ANSWER
        # For how long a client tries again before it gives the platform up, in seconds.
        self.patience = PATIENCE_SECONDS
        # With when each was issued (monotonic).
        self._tokens: dict[Caller, tuple[str, float]] = {}

    async def start(self) -> None:
        """Start every part and return when the gateway says that it is ready."""
        if self.nats.guard is not None:
            await self._kept.enter_async_context(self.nats.guard.keeping(self.nats.url))
        for part in self.parts.values():
            await part.start()
        async with asyncio.timeout(self.ready_within):
            while True:
                if await self.is_ready():
                    return
                await asyncio.sleep(0.02)  # a port opens without telling anybody

    async def is_ready(self) -> bool:
        """Whether the gateway says that it is ready, and every service with it."""
        try:
            answer = await self.http.get("/ready")
        except httpx2.TransportError:
            return False
        return answer.status_code == 200 and answer.json()["status"] == "ready"

    async def stop(self) -> dict[str, int]:
        """End every part; returns the codes they ended with."""
        await self.http.aclose()
        parts = list(self.parts.items())[::-1]
        codes = await asyncio.gather(*(part.end() for _, part in parts))
        await self._kept.aclose()
        return {name: code for (name, _), code in zip(parts, codes, strict=True)}

    def access(self, name: str) -> Access:
        """What a process connects with: its credential, where the server asks for one."""
        return self.nats.guard.access(name) if self.nats.guard else OPEN

    async def bus(self) -> Bus:
        """A connection of the test's own, as the operator's commands connect."""
        return await Bus.connect(self.nats.url, name="test", access=self.access("operator"))

    async def kill(self, name: str) -> None:
        """kill -9 of a part, or of nats-server, and start it again at once."""
        if name == "nats":
            await asyncio.to_thread(self.nats.restart)
            return
        await self.parts[name].kill()
        await self.parts[name].start()

    def token(self, district: str, role: Role, **scope: str) -> str:
        """A token of the development issuer, the same for a caller as long as it has half its time left at least."""
        caller = Caller(subject=f"synthetic:{role}", role=role, district=district, **scope)
        token, issued_at = self._tokens.get(caller, ("", -math.inf))
        if time.monotonic() - issued_at > TOKEN_SECONDS / 2:
            token, issued_at = self.issuer.issue(caller, ttl=timedelta(seconds=TOKEN_SECONDS)), time.monotonic()
            self._tokens[caller] = token, issued_at
        return token

    @property
    def operator(self) -> str:
        """The platform operator's token."""
        return self.token(PLATFORM, "platform-operator")

    async def post(self, token: str | None, query: str, variables: Mapping[str, Any] | None = None) -> httpx2.Response:
        """Send one operation; raises `NoAnswer` when the connection broke or no answer came in time."""
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        try:
            return await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        except httpx2.TransportError as broken:
            raise NoAnswer(repr(broken)) from None

    async def read(self, token: str, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        answer = (await self.post(token, query, variables)).json()
        assert "errors" not in answer, answer
        return answer["data"]

    async def write(self, token: str, name: str, given: Mapping[str, Any], fields: str = "") -> dict[str, Any]:
        """One mutation's payload with its `errors`; raises `NoAnswer` when a service could not be asked."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {fields} {ERRORS} }} }}"
        answer = (await self.post(token, query, {"input": dict(given)})).json()
        problems = answer.get("errors", [])
        self.told.update(codes := {one["extensions"]["code"] for one in problems})
        if problems and codes <= self.no_answer:
            raise NoAnswer(str(problems))
        # Whatever else goes wrong is a fault of the platform: a kill is no reason for an internal error.
        assert not problems, problems
        payload = answer["data"][name]
        self.told.update({one["code"] for one in payload["errors"]})
        return payload

    async def persist(
        self,
        token: str,
        name: str,
        given: Mapping[str, Any],
        fields: str = "",
        *,
        waits_for: tuple[str, ...] | None = None,
    ) -> dict[str, Any]:
        """Write with the same key until it is done; a refusal in `waits_for` (or `passes`) may turn into an answer.

        The credits service hears of a new district, its law and its teachers by the registry's events, a little late.
        """
        pause = 0.05
        async with asyncio.timeout(self.patience):
            while True:
                try:
                    payload = await self.write(token, name, given, fields)
                except NoAnswer:
                    self.unanswered += 1
                    payload = None
                if payload is not None and not {one["code"] for one in payload["errors"]} & set(
                    waits_for or self.passes
                ):
                    assert payload["errors"] == [], payload
                    return payload
                # A client is not told when a killed server is back: it tries again, ever more slowly, as clients do.
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, 0.5)
