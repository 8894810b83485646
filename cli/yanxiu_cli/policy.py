"""`yanxiu policy`: try a draft law on a district's real data, export what it would change, adopt it."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.table import Table
from uuid_utils import uuid7
from yanxiu_wire.caller import Caller
from yanxiu_wire.message import Page
from yanxiu_wire.policy import (
    ADOPT_POLICY,
    GET_PREVIEWS,
    LIST_PREVIEW_LINES,
    PREVIEW_POLICY,
    SUMMARISE_PREVIEW,
    AdoptPolicy,
    DraftValue,
    GetPreviews,
    ListPreviewLines,
    Preview,
    PreviewLine,
    PreviewPolicy,
    PreviewSchool,
    SummarisePreview,
)
from yanxiu_wire.rpc import Bus

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed
from yanxiu_cli.job import Data, console, told, watched
from yanxiu_cli.session import ask, connected

_SHOWN = 20
_TOGETHER = 500
COLUMNS: tuple[str, ...] = (
    "teacher", "school", "effect", "records",
    "before_verdict", "after_verdict", "before_hours", "after_hours", "before_credits", "after_credits",
    "before_recognised_hours", "after_recognised_hours", "before_recognised_credits", "after_recognised_credits",
    "causes", "locked", "matched",
)  # fmt: skip


District = Annotated[str, Parameter(help="区县编号。The district's id.")]
Since = Annotated[datetime, Parameter(help="草案自哪天起适用。The day from which the draft applies.")]
Kind = Annotated[str, Parameter(help="比较哪类周期，如 year。The kind of period to compare.")]
On = Annotated[datetime, Parameter(help="包含这一天的周期。The period that contains this day.")]
Settings = Annotated[
    tuple[str, ...],
    Parameter(
        name="--set", negative=(), help="本区的设定，如 school_hours_cap=40（可重复）。A setting; may be repeated."
    ),
]
Values = Annotated[
    tuple[str, ...],
    Parameter(
        name="--value",
        negative=(),
        help="参数草案：参数,生效日,值,单位,条款（可重复）。"
        "A draft value: parameter,since,value,unit,clause; may be repeated.",
    ),
]
Release = Annotated[
    str | None, Parameter(help='供预览安装的规则包“名称 版本”。A pack installed for previews, as "name version".')
]
Pack = Annotated[str | None, Parameter(help="另一地区的规则包。Another jurisdiction's pack.")]
DecidedBy = Annotated[str | None, Parameter(help="作此决定的文件。The decision it rests on.")]
Csv = Annotated[
    Path | None, Parameter(name="--csv", help="把每位教师的结果写入 CSV。Write every teacher's line to this file.")
]


def preview(
    *,
    district: District,
    since: Since,
    kind: Kind,
    on: On,
    settings: Settings = (),
    values: Values = (),
    release: Release = None,
    pack: Pack = None,
    decided_by: DecidedBy = None,
    file: Csv = None,
    data: Data = Path("var"),
) -> int:
    """在真实数据上试行一份规则草案：谁得益、谁受损、因何而变；台账不动。Try a draft law; the ledger is not touched."""
    command = PreviewPolicy(
        caller=_officer(district),
        key=f"preview-{uuid7()}",
        since=since.date(),
        kind=kind,
        on=on.date(),
        settings=dict(_setting(one) for one in settings),
        values=tuple(_value(one) for one in values),
        release=release,
        pack=pack,
        decided_by=decided_by,
    )
    return asyncio.run(_previewed(command, district, file, data))


async def _previewed(command: PreviewPolicy, district: str, file: Path | None, data: Path) -> int:
    """Ask, watch and show; the exit code."""
    async with connected(data) as bus:
        asked = await ask(bus, PREVIEW_POLICY, command, district=district)
        job = await watched(bus, district, asked.job)
        if job.state != "done":
            return told(job)
        await _show(bus, district, asked.id)
        if file is not None:
            await _write(bus, district, asked.id, file)
        return 0


def adopt(preview_id: str, /, *, district: str, reason: str, data: Data = Path("var")) -> int:
    """采纳一个预览：重新认定其所列记录，结果须与预览逐行相符。Adopt a preview; every line must come out as it said.

    Parameters
    ----------
    preview_id
        预览编号。The preview's id.
    district
        区县编号。The district's id.
    reason
        依据，记入每一笔冲正。The reason; it stands in every reversal.
    """

    async def run() -> int:
        async with connected(data) as bus:
            command = AdoptPolicy(caller=_officer(district), key=f"adopt-{uuid7()}", preview=preview_id, reason=reason)
            started = await ask(bus, ADOPT_POLICY, command, district=district)
            return told(await watched(bus, district, started.adoption))

    return asyncio.run(run())


def export(preview_id: str, file: Path, /, *, district: str, data: Data = Path("var")) -> None:
    """把一个预览的每位教师写入 CSV。Write every teacher's line of a preview to a CSV file.

    Parameters
    ----------
    preview_id
        预览编号。The preview's id.
    file
        写到哪里。The file to write.
    district
        区县编号。The district's id.
    """

    async def run() -> None:
        async with connected(data) as bus:
            await _write(bus, district, preview_id, file)

    asyncio.run(run())


def _officer(district: str) -> Caller:
    return Caller(subject="cli", role="district-officer", district=district)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise Failed(f"--set {text}：应写成 参数=值。", f"--set {text}: write parameter=value.", code=2)
    return name, value


def _value(text: str) -> DraftValue:
    parts = [part.strip() for part in text.split(",")]
    try:
        parameter, since, *value, unit, cite = parts
        day = date.fromisoformat(since)
    except ValueError:
        raise Failed(
            f"--value {text}：应写成 参数,生效日,值,单位,条款。",
            f"--value {text}: write parameter,since,value,unit,clause.",
            code=2,
        ) from None
    return DraftValue(parameter=parameter, since=day, value=",".join(value), unit=unit, cite=cite)


async def _show(bus: Bus, district: str, preview_id: str) -> None:
    """Say what a preview came to: the sums, school by school, and the first of those it changes."""
    officer = _officer(district)
    found: Preview | None = (
        await ask(bus, GET_PREVIEWS, GetPreviews(caller=officer, ids=(preview_id,)), district=district)
    ).items[0]
    if found is None or found.total is None:
        raise Failed(f"没有预览 {preview_id}。", f"There is no preview {preview_id}.")
    say(f"预览 preview {found.id}：{found.kind} {found.label}，台账 ledger {found.head_seq}")
    say(f"记录变动 {found.records}，因封账不动 {found.locked_records} / records that change, and that stay: locked")
    for lock in found.locks:
        say(f"  封账 locked: {lock}")
    sums = await ask(bus, SUMMARISE_PREVIEW, SummarisePreview(caller=officer, preview=found.id), district=district)
    table = Table(title="按学校 by school")
    headings = ("学校 school", "教师 teachers", "得益 gain", "受损 lose", "得失皆有 mixed", "不变 same",
                "转为达标 now pass", "转为未达标 now fail", "认定学分 credits")  # fmt: skip
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="right" if number else "left")
    for one in (*sums.items, found.total):
        table.add_row(*_row(one, found))
    console().print(table)
    await _show_changed(bus, district, preview_id)
    if found.binding is None:
        say("草案改动了规则包本身，须先发布规则包新版本。A pack with these values must be released before adoption.")
    else:
        say(f"采纳前须绑定 bind first: {found.binding}")
        say(f"采纳 adopt: yanxiu policy adopt {found.id} --district {district} --reason …")


def _row(one: PreviewSchool, found: Preview) -> list[str]:
    name = "总计 total" if one is found.total else one.school or "（不在校 none）"
    counts = (one.teachers, one.gains, one.loses, one.mixed, one.same, one.now_pass, one.now_fail)
    return [name, *map(str, counts), f"{one.recognised_credits:+f}"]


async def _show_changed(bus: Bus, district: str, preview_id: str) -> None:
    query = ListPreviewLines(
        caller=_officer(district), preview=preview_id, effects=("gains", "loses", "mixed"), page=Page(first=_SHOWN)
    )
    page = await ask(bus, LIST_PREVIEW_LINES, query, district=district)
    table = Table(title=f"有变动的教师 teachers whose standing changes ({len(page.items)} / {page.total})")
    for heading in ("教师 teacher", "学校 school", "影响 effect", "结论 verdict", "认定学分 credits", "原因 why"):
        table.add_column(heading, overflow="fold")
    for line in page.items:
        table.add_row(
            line.teacher,
            line.school or "",
            line.effect,
            f"{line.before.verdict} → {line.after.verdict}",
            f"{line.before.recognised_credits:f} → {line.after.recognised_credits:f}",
            _why(line),
        )
    console().print(table)


def _why(line: PreviewLine) -> str:
    return "；".join(f"{one.clause} {one.label} {one.before}→{one.after}{one.unit}" for one in line.causes)


async def _write(bus: Bus, district: str, preview_id: str, file: Path) -> None:
    count = 0
    with file.open("w", encoding="utf-8-sig", newline="") as opened:  # the mark lets Excel read Chinese
        writer = csv.DictWriter(opened, COLUMNS)
        writer.writeheader()
        async for line in _lines(bus, district, preview_id):
            writer.writerow(_cells(line))
            count += 1
    say(f"已写出 {count} 行 / {count} lines written: {file}")


def _cells(line: PreviewLine) -> dict[str, Any]:
    cells: dict[str, Any] = {
        name: getattr(line, name) for name in ("teacher", "school", "effect", "records", "locked", "matched")
    }
    for side in ("before", "after"):
        figures = getattr(line, side)
        amounts = ("hours", "credits", "recognised_hours", "recognised_credits")
        cells |= {f"{side}_{name}": f"{getattr(figures, name):f}" for name in amounts}
        cells[f"{side}_verdict"] = figures.verdict
    return {**cells, "causes": _why(line)}


async def _lines(bus: Bus, district: str, preview_id: str) -> AsyncIterator[PreviewLine]:
    after = None
    while True:
        page = Page(first=_TOGETHER, after=after)
        query = ListPreviewLines(caller=_officer(district), preview=preview_id, page=page)
        found = await ask(bus, LIST_PREVIEW_LINES, query, district=district)
        for line in found.items:
            yield line
        if not found.has_next:
            return
        after = found.cursors[-1]
