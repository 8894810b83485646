"""`yanxiu dead-letters`: list, show, apply again or drop announcements that a service could not apply."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from rich.table import Table
from uuid_utils import uuid7
from yanxiu_wire import dead_letters as wire
from yanxiu_wire.message import Page

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed
from yanxiu_cli.job import console
from yanxiu_cli.session import OPERATOR, ask, connected

Data = Annotated[Path, Parameter(help="运行中平台的数据目录。The running platform's folder.")]
Service = Literal["credits", "visits"]
_COLUMNS = (
    "编号 id", "消费者 consumer", "事件 event", "次数 tries", "原因 problem", "放弃于 given up", "状态 state",
)  # fmt: skip


def show_list(*, district: str, service: Service = "credits", settled: bool = False, data: Data = Path("var")) -> None:
    """列出死信：无法应用而搁置的事件。List dead letters: announcements that could not be applied.

    Parameters
    ----------
    district
        区县编号。The district's id.
    service
        哪个服务。Which service.
    settled
        已重放、已丢弃的也列出。Those that were replayed or dropped too.
    """
    query = wire.ListDeadLetters(caller=OPERATOR, page=Page(first=200), state=None if settled else "open")
    page = asyncio.run(_ask(data, wire.LIST_DEAD_LETTERS[service], query, district))
    _print(page.items)
    say(f"共 {page.total} 封 / {page.total} letters")


def show(letter: str, /, *, district: str, service: Service = "credits", data: Data = Path("var")) -> None:
    """显示一封死信的内容（身份证号已遮蔽）。Show what a dead letter says; national ids are masked.

    Parameters
    ----------
    letter
        死信编号。The letter's id.
    district
        区县编号。The district's id.
    service
        哪个服务。Which service.
    """
    query = wire.GetDeadLetters(caller=OPERATOR, ids=(letter,))
    (found,) = asyncio.run(_ask(data, wire.GET_DEAD_LETTERS[service], query, district)).items
    if found is None:
        raise Failed(f"{district} 没有死信 {letter}。", f"{district} has no dead letter {letter}.")
    _print((found,))
    if found.state != "open":
        say(f"{found.settled_by} {found.settled_at:%Y-%m-%d %H:%M} {found.reason or ''}".rstrip())
    say(found.body or "")


def replay(
    *letters: str,
    district: str,
    all_of: str | None = None,
    service: Service = "credits",
    data: Data = Path("var"),
) -> int:
    """重放死信：再应用一次（退出码 1：仍有未能应用的）。Apply dead letters again; exit code 1 when one still fails.

    Parameters
    ----------
    letters
        死信编号，一个或多个。Ids of letters.
    district
        区县编号。The district's id.
    all_of
        改为重放这个消费者的全部死信，如 credits-registry。Instead, all letters of this consumer.
    service
        哪个服务。Which service.
    """

    async def run() -> list[wire.DeadLetter]:
        done: list[wire.DeadLetter] = []
        async with connected(data) as bus:
            while True:
                key = f"replay-{uuid7()}"
                command = wire.ReplayDeadLetters(caller=OPERATOR, key=key, ids=letters, consumer=all_of)
                found = (await ask(bus, wire.REPLAY_DEAD_LETTERS[service], command, district=district)).items
                done += found
                # A consumer's letters come by the two hundred; what still cannot be applied would come for ever.
                if all_of is None or not found or any(one.state == "open" for one in found):
                    return done

    done = asyncio.run(run())
    _print(done)
    left = sum(one.state == "open" for one in done)
    say(f"已重放 {len(done) - left}，仍未能应用 {left} / {len(done) - left} applied, {left} still not")
    return 1 if left else 0


def drop(*letters: str, district: str, reason: str, service: Service = "credits", data: Data = Path("var")) -> None:
    """丢弃死信：不再应用，理由留存。Drop dead letters for good; the reason stays on record.

    Parameters
    ----------
    letters
        死信编号，一个或多个。Ids of letters.
    district
        区县编号。The district's id.
    reason
        理由。Why they are not needed any more.
    service
        哪个服务。Which service.
    """
    command = wire.DropDeadLetters(caller=OPERATOR, key=f"drop-{uuid7()}", ids=letters, reason=reason)
    found = asyncio.run(_ask(data, wire.DROP_DEAD_LETTERS[service], command, district))
    say(f"已丢弃 {len(found.items)} 封 / {len(found.items)} dropped")


async def _ask(data: Path, endpoint: Any, request: Any, district: str) -> Any:
    async with connected(data) as bus:
        return await ask(bus, endpoint, request, district=district)


def _print(letters: Any) -> None:
    table = Table()
    for heading in _COLUMNS:
        table.add_column(heading, overflow="fold")
    for one in letters:
        given_up = f"{one.given_up_at:%Y-%m-%d %H:%M:%S}"
        table.add_row(one.id, one.consumer, one.event, str(one.tries), one.problem, given_up, one.state)
    console().print(table)
