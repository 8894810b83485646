"""`yanxiu status`: every process, district and stream of a running platform, once or refreshed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text
from yanxiu_wire.rpc import Bus

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed
from yanxiu_cli.platform_state import Instance, State, look
from yanxiu_cli.session import connected

PIPED_WIDTH = 140
_NONE = "—"


def status(
    *,
    data: Path = Path("var"),
    watch: Annotated[float | None, Parameter(name="--watch")] = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """各进程、区县、事件流的状况。退出码：0 正常，1 有停止，3 须查看。How every process, district and stream is.

    Exit code: 0 all well, 1 something is down, 3 everything answers and something needs a look.

    Parameters
    ----------
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    watch
        每隔若干秒刷新，Ctrl-C 结束。Refresh every so many seconds until Ctrl-C.
    json
        输出 JSON，供脚本使用。Write JSON, for scripts.
    """
    if watch is not None and (json or not watch >= 0.5):
        raise Failed(
            "--watch 须不小于 0.5，且不与 --json 同用。", "--watch is 0.5 at least, and not with --json.", code=2
        )
    return asyncio.run(_shown(data, watch, as_json=json))


async def _shown(data: Path, every: float | None, *, as_json: bool) -> int:
    async with connected(data) as bus:
        state = await look(bus)
        if as_json:
            say(msgspec.json.encode(state).decode())
            return state.code
        console = _console()
        if every is None:
            console.print(page(state))
            return state.code
        if not console.is_terminal:
            while True:
                console.print(page(state))
                state = await _look_again(bus, every)
        with Live(console=console, screen=True, auto_refresh=False) as live:
            while True:
                live.update(page(state, on_screen=True), refresh=True)
                state = await _look_again(bus, every)


async def _look_again(bus: Bus, every: float) -> State:
    await asyncio.sleep(every)
    return await look(bus)


def _console() -> Console:
    # What is piped is not cut to the width of a window that is not there.
    return Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)


def page(state: State, *, on_screen: bool = False) -> Group:
    """The state as tables: processes, districts, streams, and what needs a look.

    That stands at the end of what is printed, and at the head of a screen, which cuts what does not fit.
    """
    told = Text(f"{state.at:%Y-%m-%d %H:%M:%S}  nats-server {state.server or _NONE}")
    tables = (_processes(state.instances), _packs(state.instances), _districts(state.instances), _streams(state))
    return Group(told, _troubles(state), *tables) if on_screen else Group(told, *tables, _troubles(state))


def _processes(instances: tuple[Instance, ...]) -> Table:
    table = _table("进程 process", "编号 id", "版本 build", "起 up")
    for name in ("请求 requests", "错误 errors", "平均 avg ms", "在办 running", "等候 waiting"):
        table.add_column(name, justify="right")
    table.add_column("其他 more")
    for one in instances:
        build = one.vitals.build if one.vitals else _NONE
        average = f"{one.average_us / 1000:.1f}" if one.requests else _NONE
        figures = (str(one.requests), str(one.errors), average, str(one.running), str(one.waiting))
        table.add_row(one.service, one.id[-6:], build, _age(one.started), *figures, ", ".join(_more(one)))
    return table


def _more(one: Instance) -> Iterator[str]:
    if one.vitals is None:
        return
    for service, state in one.vitals.circuits.items():
        if state != "closed":
            yield f"{service}: {state}"
    for name, figure in one.vitals.figures.items():
        yield f"{name} {figure}"


def _packs(instances: tuple[Instance, ...]) -> Text:
    """Which packs are installed where; one line where all have the same."""
    having: dict[str, set[str]] = {}
    for one in instances:
        if one.vitals is not None and one.vitals.packs:
            packs = ", ".join(f"{pack} {version}" for pack, version in sorted(one.vitals.packs.items()))
            having.setdefault(packs, set()).add(one.service)
    where = len(having) > 1
    lines = [
        "规则包 packs" + (f" ({', '.join(sorted(who))})" if where else "") + f": {packs}"
        for packs, who in having.items()
    ]
    return Text("\n".join(lines) or f"规则包 packs: {_NONE}")


def _districts(instances: tuple[Instance, ...]) -> Table:
    table = _table("区县 district", "服务 service")
    for name in ("发件箱 outbox", "最早 oldest s", "死信 dead letters", "作业 job parts", "台账 ledger"):
        table.add_column(name, justify="right")
    table.add_column("已签署 signed")
    rows = {
        (district, one.service): its
        for one in instances
        if one.vitals is not None
        for district, its in one.vitals.districts.items()
    }
    for (district, service), its in sorted(rows.items()):
        ledger = its.ledger
        lag = f"{its.waiting}!" if its.stream_behind else str(its.waiting)
        entries = _NONE if ledger is None else f"{ledger.entries}{' 停 closed' if ledger.closed else ''}"
        signed = _NONE
        if ledger is not None and ledger.signed_on is not None:
            signed = f"{ledger.signed_on.isoformat()}: {ledger.signed_entries}"
        figures = (lag, str(its.oldest_seconds), str(its.dead_letters), str(its.job_parts), entries, signed)
        table.add_row(district, service, *figures)
    return table


def _streams(state: State) -> Table:
    table = _table("事件流 stream")
    for name in ("条数 messages", "末号 newest", "兆字节 MB"):
        table.add_column(name, justify="right")
    table.add_column("消费者 consumers（未收 waiting / 在办 in hand）")
    for one in state.streams or ():
        consumers = ", ".join(f"{each.name} {each.waiting}/{each.in_hand}" for each in one.consumers)
        size = f"{one.bytes / 1_000_000:.1f}"
        table.add_row(one.name, str(one.messages), str(one.newest), size, consumers or _NONE)
    if state.streams is None:
        table.add_row("无权查看 not permitted, or no answer")
    return table


def _troubles(state: State) -> Text:
    if not state.troubles:
        return Text("一切正常 all well", style="green")
    lines = [f"{'停止 down' if one.down else '注意 look'}  {one.zh} / {one.en}" for one in state.troubles]
    return Text("\n".join(lines), style="bold red" if state.code == 1 else "yellow")


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, no_wrap=True)
    return table


def _age(started: str) -> str:
    try:
        seconds = int((datetime.now().astimezone() - datetime.fromisoformat(started)).total_seconds())
    except ValueError:
        return _NONE
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{max(seconds, 0)}s"
