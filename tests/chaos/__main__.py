"""`python -m tests.chaos`: faults while commands are sent, and whether every promise was kept (`make chaos`)."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from yanxiu_wire.contracts import AREAS

from tests.chaos.bugs import Bug, Found, hunt, known, sound
from tests.chaos.campaign import Outcome, Settings, run
from tests.chaos.disks import own_namespaces
from tests.chaos.faults import FAULTS
from tests.chaos.rollout import Rolled, Rollout
from tests.chaos.world import CLIENT_SECONDS, has_clock
from tests.slices.platform import PATIENCE_SECONDS

app = App(name="chaos", help=__doc__)
console = Console()


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How a campaign is run.

    Parameters
    ----------
    rooted
        断电、断网、满盘、改时钟需要 root；不写则看本机能否。Power, partition, disk and clock need root.
    on_postgresql
        用本程序自己启动的 PostgreSQL，并加上它的故障。On a PostgreSQL of its own, with faults of it.
    rate
        每秒至多发送多少条命令。Commands a second at most.
    seconds
        至多持续多少秒；到时核对已做的部分。For how many seconds at most; what was done by then is judged.
    patience
        客户反复重试多少秒后算失败。For how many seconds a client tries again before the run has failed.
    client
        客户等候答复的秒数。For how many seconds a client waits for an answer before it sends again.
    """

    rooted: bool | None = None
    on_postgresql: bool = False
    rate: float | None = None
    seconds: float | None = None
    patience: float = PATIENCE_SECONDS
    client: float = CLIENT_SECONDS


_AS_USUAL = Ways()


@app.default
def chaos(
    *,
    commands: int = 20_000,
    faults: int = 200,
    teachers: int = 200,
    seed: int = 20240520,
    kinds: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = (),
    ways: Annotated[Ways, Parameter(name="*")] = _AS_USUAL,
    to: Path | None = None,
    keep: bool = False,
) -> int:
    """发送命令的同时制造故障，最后核对一切承诺。Make faults while commands are sent; hold everything to its promises.

    Parameters
    ----------
    commands
        命令数，为教师数的整数倍。Commands, a multiple of the teachers.
    faults
        故障数。Faults.
    teachers
        虚构教师数。Made-up teachers.
    seed
        随机种子：同一种子，同样的故障。The seed: the same faults again.
    kinds
        只要这些故障。Only faults of these kinds.
    to
        结果文件（JSON）。Where to write the outcome.
    keep
        保留数据与日志。Keep data and logs.
    """
    settings = _settled(Settings(commands=commands, faults=faults, teachers=teachers, seed=seed, kinds=kinds), ways)
    return _play(settings, to, keep=keep) if settings.kinds else 2


def _settled(asked: Settings, ways: Ways) -> Settings:
    """Choose the kinds. What no chosen fault needs is not set up: disks, a network and a clock of its own cost time."""
    rooted = os.geteuid() == 0 and has_clock() if ways.rooted is None else ways.rooted
    chosen = _chosen(asked.kinds, rooted=rooted, on="postgresql" if ways.on_postgresql else "sqlite")
    return msgspec.structs.replace(
        asked,
        kinds=chosen,
        rooted=rooted and any(fault.rooted for fault in FAULTS if fault.name in chosen),
        rate=ways.rate,
        seconds=ways.seconds,
        patience=ways.patience,
        client=ways.client,
        on_postgresql=ways.on_postgresql,
    )


def _chosen(kinds: tuple[str, ...], *, rooted: bool, on: str) -> tuple[str, ...]:
    """The kinds that were asked for, all that are possible without; none, and why, where one cannot be made here."""
    possible = tuple(one.name for one in FAULTS if (rooted or not one.rooted) and one.on in ("", on))
    if unknown := set(kinds) - set(possible):
        console.print(f"不能制造 / cannot be made here: {', '.join(sorted(unknown))}", style="red")
        return ()
    if left := [fault.name for fault in FAULTS if fault.name not in (kinds or possible)]:
        console.print(f"未包括的故障 / faults left out: {', '.join(left)}")
    return kinds or possible


def _play(settings: Settings, to: Path | None, *, keep: bool) -> int:
    if settings.rooted:
        own_namespaces()
    folder = Path(tempfile.mkdtemp(prefix="yanxiu-chaos-"))
    try:
        outcome = _watched(folder, settings)
    finally:
        if keep:
            console.print(f"数据与日志 / data and logs: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    _show(outcome)
    if to is not None:
        to.write_bytes(msgspec.json.format(msgspec.json.encode(outcome)) + b"\n")
    return 1 if outcome.violations else 0


@app.command
def bugs(
    *,
    only: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = (),
    seed: int = 20240520,
    sources: bool = True,
    to: Path | None = None,
) -> int:
    """把已知的错误逐个放进源码副本，看是否都被发现。Seed known bugs one at a time; every one must be noticed.

    Parameters
    ----------
    only
        只试这些。Only these.
    seed
        随机种子。The seed.
    sources
        先看未改的源码在同样的故障下是否合格。Whether the sources as they are must pass first, under the same faults.
    to
        结果文件（每行一个错误）。Where to write what was found, a line each.
    """
    listed = [bug for bug in known() if not only or bug.id in only]
    if sources and not _sound(listed, seed, to):
        return 2
    missed = sum(not _hunted(bug, seed, to) for bug in listed)
    console.print(f"{len(listed) - missed}/{len(listed)}")
    return 1 if missed else 0


def _sound(listed: list[Bug], seed: int, to: Path | None) -> bool:
    with tempfile.TemporaryDirectory(prefix="yanxiu-bug-") as folder:
        found = sound(listed, Path(folder), seed)
    _note(found, to)
    if found.by:
        console.print(f"源码本身就不合格 / the sources themselves do not pass: {found.by}", style="red", markup=False)
        return False
    console.print(f"源码合格 / the sources pass ({found.seconds} s), told {found.told}", markup=False)
    return True


def _hunted(bug: Bug, seed: int, to: Path | None) -> bool:
    with tempfile.TemporaryDirectory(prefix="yanxiu-bug-") as folder:
        found = hunt(bug, Path(folder), seed)
    said = f"{bug.id}: {'caught' if found.caught else 'MISSED'} in {found.seconds} s: {found.by}"
    console.print(said, markup=False, soft_wrap=True)
    _note(found, to)
    return found.caught


def _note(found: Found, to: Path | None) -> None:
    if to is not None:
        with to.open("ab") as lines:
            lines.write(msgspec.json.encode(found) + b"\n")


@app.command
def rollout(
    *,
    rate: float = 40.0,
    services: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = tuple(AREAS),
    servers: bool = True,
    on_postgresql: bool = False,
    to: Path | None = None,
    keep: bool = False,
) -> int:
    """在负载下滚动升级各服务、网关与 nats-server，并更改数据库结构。Upgrade everything under load, schema included.

    Parameters
    ----------
    rate
        每秒请求数。Requests a second.
    services
        更换哪些服务。Which services are replaced.
    on_postgresql
        用本程序自己启动的 PostgreSQL。On a PostgreSQL of its own.
    servers
        也逐台更换 nats-server（约两分钟）。The nats-servers too, some two minutes.
    to
        结果文件（JSON）。Where to write the outcome.
    keep
        保留数据与日志。Keep data and logs.
    """
    outcome = _rolled(services, rate=rate, servers=servers, on_postgresql=on_postgresql, keep=keep)
    for failed in outcome.failed:
        console.print(failed, style="red", markup=False)
    console.print(
        f"请求 requests {outcome.requests}，失败 failed {len(outcome.failed)}，已登记 registered {outcome.registered}，"
        f"分录 entries {outcome.entries}，{outcome.seconds} s，最慢 slowest {outcome.slowest_ms} ms"
    )
    if to is not None:
        to.write_bytes(msgspec.json.format(msgspec.json.encode(outcome)) + b"\n")
    return 0 if outcome.holds else 1


def _rolled(services: tuple[str, ...], *, rate: float, servers: bool, on_postgresql: bool, keep: bool) -> Rolled:
    folder = Path(tempfile.mkdtemp(prefix="yanxiu-rollout-"))

    async def play() -> Rolled:
        rolling = Rollout(
            folder, rate=rate, services=services, servers=servers, on_postgresql=on_postgresql, tell=console.print
        )
        try:
            return await rolling.run()
        finally:
            await rolling.close()

    try:
        return asyncio.run(play())
    finally:
        if keep:
            console.print(f"数据与日志 / data and logs: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _watched(folder: Path, settings: Settings) -> Outcome:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        commands = progress.add_task("命令 commands", total=settings.commands)
        faults = progress.add_task("故障 faults", total=settings.faults)

        seen = 0

        def tell(acknowledged: int, done: int, last: str) -> None:
            nonlocal seen
            if not console.is_terminal and done > seen:
                seen = done
                console.print(f"{datetime.now(UTC):%H:%M:%S} {acknowledged} commands, {done} faults, {last}")
            progress.update(commands, completed=acknowledged)
            progress.update(faults, completed=done, description=f"故障 faults {last}")

        return asyncio.run(run(folder, settings, tell))


def _show(outcome: Outcome) -> None:
    table = Table("故障 fault", "次数 times", title=f"种子 seed {outcome.settings.seed}")
    for name, times in outcome.faults.items():
        table.add_row(name, str(times))
    console.print(table)
    console.print(
        f"已确认 acknowledged {outcome.acknowledged}，重发 sent again {outcome.sent_again}，"
        f"{outcome.seconds} s，最慢 slowest {outcome.slowest_ms} ms"
    )
    for violation in outcome.violations:
        console.print(violation, style="red")
    if not outcome.violations:
        console.print(f"告知的代码 codes told {outcome.told}", markup=False)
        console.print("0 丢失 lost，0 重复 doubled，账链完整 chain intact，事件与副本一致 events and copy equal")


if __name__ == "__main__":
    sys.exit(app())
