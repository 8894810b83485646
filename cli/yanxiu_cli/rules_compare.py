"""`yanxiu rules compare`: two laws side by side, or one law on two days, on the screen or as a page."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from yanxiu_rulekit.changepages import comparison_page, side
from yanxiu_rulekit.errors import PackRefused
from yanxiu_rulekit.htmlpages import html_comparison
from yanxiu_rulekit.packcompare import Compared, PackOn, compare_packs
from yanxiu_rulekit.plugins import load_packs

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed

_NARROWEST = 120
_TWO = 2
_CHINA = timezone(timedelta(hours=8))


def compare(
    first: str,
    second: str | None = None,
    /,
    *,
    on: Annotated[list[date] | None, Parameter(name="--on", negative="")] = None,
    differing: Annotated[bool, Parameter(negative="")] = False,
    to: Path | None = None,
) -> int:
    """并列两地的规定，或同一规定的两个日期。Two laws side by side, or one law on two days.

    Parameters
    ----------
    first
        辖区。The jurisdiction.
    second
        另一辖区；只给一个时须写两次 --on。Another one; with one alone give --on twice.
    on
        以哪天为准，默认今天；可写两次。As of which day, today by default; may be given twice.
    differing
        只列不同之处。Only what differs.
    to
        写成文件：.html 或 .md。Write a file instead: .html or .md.
    """
    sides = _sides(first, second, on or [])
    compared = compare_packs(*sides)
    if to is not None:
        return _write(to, sides, compared)
    _show(sides, compared, differing=differing)
    return 0


def _sides(first: str, second: str | None, on: list[date]) -> tuple[PackOn, PackOn]:
    if len(on) > _TWO:
        raise Failed("--on 至多写两次。", "Give --on twice at most.", code=2)
    if second is None and len(on) != _TWO:
        raise Failed("请写明另一辖区，或写两次 --on。", "Name another jurisdiction, or give --on twice.", code=2)
    days = on or [datetime.now(_CHINA).date()]
    rulebook = load_packs()
    try:
        return PackOn(rulebook.pack(first), days[0]), PackOn(rulebook.pack(second or first), days[-1])
    except PackRefused as refused:
        raise Failed("没有这个规则包，或不能使用。", str(refused)) from None


def _names(sides: tuple[PackOn, PackOn]) -> tuple[str, str]:
    return tuple(f"{one.pack.jurisdiction} {one.on}" for one in sides)  # type: ignore[return-value]  # two of them


def _write(to: Path, sides: tuple[PackOn, PackOn], compared: Compared) -> int:
    if to.suffix not in (".html", ".md"):
        raise Failed("文件名须以 .html 或 .md 结尾。", "The file's name must end in .html or .md.", code=2)
    page = html_comparison(*sides) if to.suffix == ".html" else comparison_page(compared, *_names(sides))
    try:
        to.write_text(page, encoding="utf-8")
    except OSError as error:
        raise Failed(f"无法写入 {to}：{error.strerror}", f"Cannot write {to}: {error.strerror}") from None
    say(f"{to}")
    return 0


def _show(sides: tuple[PackOn, PackOn], compared: Compared, *, differing: bool) -> None:
    console = Console(width=max(Console().width, _NARROWEST))
    sections = (
        ("文件 Regulations", compared.source),
        ("对教师的要求 What is asked of a teacher", compared.duties),
        ("参数 Parameters", compared.parameters),
        ("问题与流程 Questions and workflows", compared.questions),
    )
    for title, rows in sections:
        shown = [row for row in rows if row.differs or not differing]
        if not shown:
            continue
        table = Table(box=SIMPLE, header_style="bold", title=title, title_justify="left")
        for heading in ("项目", *_names(sides)):
            table.add_column(heading, overflow="fold")
        for row in shown:
            table.add_row(row.label, side(row.first), side(row.second))
        console.print(table)
    if not any(row.differs for _, rows in sections[1:] for row in rows):
        say("要求、参数与问题没有不同。Duties, parameters and questions do not differ.")
