"""`yanxiu supervision`: who is inspected and who is owed an inspection, and draws that are shown, kept and repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_wire import supervision as wire
from yanxiu_wire.message import Page

from yanxiu_cli.console import say
from yanxiu_cli.draw_check import Check, PublishedDraw, against_commitment, checks, is_revealed, read_draw
from yanxiu_cli.failed import Failed
from yanxiu_cli.school_names import officer, school_names
from yanxiu_cli.session import ask, connected

# More are for the front end's pages, not for a screen.
SHOWN = 200
# The exit code of a draw that nothing speaks against and that cannot be verified yet.
NOT_YET = 3
KINDS = {"regular": "定期 regular", "random": "随机 random"}
STATES = {"scheduled": "已安排 scheduled", "reported": "已报告 reported", "cancelled": "已取消 cancelled"}
DRAWS = {"committed": "已承诺 committed", "revealed": "已揭晓 revealed"}


def inspections(*, district: str, school_year: str, state: str | None = None, data: Path = Path("var")) -> None:
    """一学年的督导：谁在何时被督导、状态，还缺哪些学校。Inspections of a school year, and who is owed one.

    Parameters
    ----------
    district
        区县编号。The district's id.
    school_year
        学年，如 2024-2025。The school year.
    state
        只要这个状态的：scheduled、reported、cancelled。Only that stand so.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    if state is not None and state not in STATES:
        raise Failed(f"没有“{state}”这种状态：{'、'.join(STATES)}。", f"No such state: {', '.join(STATES)}.")
    asyncio.run(_inspections(district, school_year, state, data))


def draws(*, district: str, school_year: str | None = None, data: Path = Path("var")) -> None:
    """随机督导的抽签，新的在前，逐一重算核对。Draws, newest first, each repeated and checked.

    Parameters
    ----------
    district
        区县编号。The district's id.
    school_year
        只要这个学年的。Only of this school year.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    asyncio.run(_draws(district, school_year, data))


def keep(
    *,
    district: str,
    draw: str,
    output: Annotated[Path, Parameter(name=("--output", "-o"))],
    data: Path = Path("var"),
) -> None:
    """把一次抽签存成文件，任何人可离线核对。Keep a draw as a file that anyone can check offline.

    Parameters
    ----------
    district
        区县编号。The district's id.
    draw
        抽签编号。The draw's id.
    output
        写入的文件（JSON）。The file to write (JSON).
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    asyncio.run(_keep(district, plain_id("SupervisionDraw", draw), output, data))


def verify(file: Path, *, kept_before: Path | None = None) -> int:
    """离线重算一次抽签：名单、种子、抽出的学校。Repeat a draw from its file, without any platform.

    退出码：0 全部核对通过；1 有不符；2 不能读取；3 尚未揭晓，未能核对。
    Exit codes: 0 all of it agrees; 1 something does not; 2 it cannot be read; 3 not revealed yet, so not verified.

    Parameters
    ----------
    file
        `yanxiu supervision keep` 写出的文件。The file that `yanxiu supervision keep` wrote.
    kept_before
        揭晓前自己保存的文件，与之比对承诺。The file that you kept before the reveal, to hold the commitment against.
    """
    try:
        draw = read_draw(file)
        found = checks(draw)
        if kept_before is not None:
            found = (*found, *against_commitment(draw, read_draw(kept_before)))
    except (OSError, ValueError) as error:
        raise Failed(f"不能核对 {file}：{error}", f"{file} cannot be checked: {error}", code=2) from None
    for one in found:
        say(_said(one))
    if not all(one.holds for one in found):
        return 1
    if not is_revealed(draw):
        say("尚未揭晓：只核对了名单，抽签未经核对。Not revealed yet: only the roster was checked, not the draw.")
        return NOT_YET
    if kept_before is None:
        say(
            "承诺只与文件自身比对；用 --kept-before 给出揭晓前保存的文件。"
            "The commitment was held against this file alone; give the one kept before with --kept-before."
        )
    return 0


def _said(one: Check) -> str:
    return f"{'通过 ok  ' if one.holds else '不符 FAIL'}  {one.zh} / {one.en}"


async def _inspections(district: str, school_year: str, state: str | None, data: Path) -> None:
    caller = officer(district)
    async with connected(data) as bus:
        query = wire.ListInspections(caller=caller, page=Page(first=SHOWN), school_year=school_year, state=state)  # type: ignore[arg-type]  # looked at before
        page = await ask(bus, wire.LIST_INSPECTIONS, query, district=district)
        standing_query = wire.GetSupervisionStanding(caller=caller, school_year=school_year)
        standing = await ask(bus, wire.GET_SUPERVISION_STANDING, standing_query, district=district)
        named = (
            *(one.school for one in page.items),
            *standing.missing,
            *standing.random_missing,
            *standing.drawn_missing,
        )
        names = await school_names(bus, caller, named)
    table = Table("日期 day", "学校 school", "种类 kind", "状态 state", "督导人 by", box=SIMPLE)
    for one in page.items:
        day = (one.held_on or one.due_on).isoformat()
        who = one.reported_by or "、".join(one.supervisors)
        table.add_row(day, names.get(one.school, one.school), KINDS[one.kind], STATES[one.state], who)
    Console(width=max(Console().width, 100)).print(table)
    say(f"共 {page.total} 次，列出 {len(page.items)} 次 / {len(page.items)} of {page.total} inspections")
    _print_standing(standing, names)


def _print_standing(standing: wire.SupervisionStanding, names: dict[str, str]) -> None:
    regular, random = standing.reported_regular, standing.reported_random
    say(
        f"应督导 {standing.schools} 所，已报告定期 {regular} 次、随机 {random} 次 / "
        f"{standing.schools} schools, {regular} regular and {random} random reported"
    )
    for heading, missing in (
        ("尚缺定期督导 without the regular one", standing.missing),
        ("随机督导不足 short of random ones", standing.random_missing),
        ("已抽中未报告 drawn and not reported on", standing.drawn_missing),
    ):
        if missing:
            say(f"{heading}：{_listed(missing, names)}")
    clauses = dict.fromkeys(clause for one in standing.rulings for clause in (*one.failed, *one.warnings))
    if clauses:
        say(f"依据 clauses：{'、'.join(clauses)}")


async def _draws(district: str, school_year: str | None, data: Path) -> None:
    caller = officer(district)
    async with connected(data) as bus:
        query = wire.ListDraws(caller=caller, page=Page(first=SHOWN), school_year=school_year)
        page = await ask(bus, wire.LIST_DRAWS, query, district=district)
        names = await school_names(bus, caller, (school for one in page.items for school in one.drawn))
    table = Table("编号 id", "学年 year", "状态 state", "名单 roster", "抽出 drawn", "核对 check", box=SIMPLE)
    for one in page.items:
        drawn = _listed(one.drawn, names)
        good = all(check.holds for check in checks(_published(one)))
        told = "通过 ok" if is_revealed(_published(one)) else "名单 roster only"
        roster = f"{len(one.roster)} 抽 {one.count}"
        table.add_row(one.id, one.school_year, DRAWS[one.state], roster, drawn, told if good else "不符 FAIL")
    Console(width=max(Console().width, 120)).print(table)
    say(f"共 {page.total} 次，列出 {len(page.items)} 次 / {len(page.items)} of {page.total} draws")


def _listed(schools: Iterable[str], names: dict[str, str]) -> str:
    return "、".join(names.get(one, one) for one in schools)


def _published(draw: wire.SupervisionDraw) -> PublishedDraw:
    return msgspec.convert(msgspec.to_builtins(draw), PublishedDraw)


async def _keep(district: str, draw: str, output: Path, data: Path) -> None:
    caller = officer(district)
    async with connected(data) as bus:
        answer: Any = await ask(bus, wire.GET_DRAWS, wire.GetDraws(caller=caller, ids=(draw,)), district=district)
    (found,) = answer.items
    if found is None:
        raise Failed(f"没有编号为 {draw} 的抽签。", f"There is no draw {draw}.")
    written = msgspec.json.format(msgspec.json.encode(found), indent=1)
    await asyncio.to_thread(output.write_bytes, written + b"\n")
    say(f"已写入 {output}。用 yanxiu supervision verify {output} 离线核对。Written; check it offline with verify.")
