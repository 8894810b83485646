"""`yanxiu rules docs`: write the pages of the rule packs, or check that they are current."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from yanxiu_rulekit.errors import CaseRefused
from yanxiu_rulekit.htmlpages import html_pages
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.packcompare import days_of_change
from yanxiu_rulekit.pages import MARK, pages
from yanxiu_rulekit.plugins import load_packs

from yanxiu_cli.console import complain, say
from yanxiu_cli.failed import Failed

FOLDER = Path("docs/rules")
_OURS = (".md", ".html")


def docs(*, to: Path = FOLDER, check: Annotated[bool, Parameter(negative="")] = False, html: Path | None = None) -> int:
    """写出各规则包的说明页，或核对是否最新。Write a page for each rule pack, or check that they are current.

    Parameters
    ----------
    to
        写到哪个目录。The folder to write to.
    check
        只核对，不写；有出入则退出码为 1。Only compare; exit code 1 when something differs.
    html
        另外写出（或核对）可打印的 HTML 页及两地对照的目录。
        Write (or check) printable HTML pages, and each two laws side by side, in this folder too.
    """
    done = _written(to, _pages(pages), check=check)
    if html is None:
        return done
    return max(done, _written(html, _pages(_html), check=check))


def _html(packs: Iterable[RulePack]) -> dict[str, str]:
    """Return the HTML pages, with the laws side by side as of the newest day on which any of them begins or changes."""
    known = list(packs)
    days = [day for pack in known for day in (pack.source.applies_from, *days_of_change(pack))]
    return html_pages(known, on=max(days, default=date.min))


def _written(to: Path, wanted: dict[str, str], *, check: bool) -> int:
    changed = _changed(to, wanted)
    if check:
        for name, (zh, en) in changed.items():
            complain(f"{to / name}: {zh} / {en}")
        if not changed:
            say(f"{to}: {len(wanted)} 页均为最新 / all {len(wanted)} pages are current")
        return 1 if changed else 0
    to.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in wanted:
            (to / name).write_text(wanted[name], encoding="utf-8")
        else:
            (to / name).unlink()
    say(f"{to}: {len(wanted)} 页，改动 {len(changed)} 页 / {len(wanted)} pages, changed: {len(changed)}")
    return 0


def _pages(made: Callable[[Iterable[RulePack]], dict[str, str]]) -> dict[str, str]:
    rulebook = load_packs()
    if rulebook.broken:
        name, reason = next(iter(sorted(rulebook.broken.items())))
        raise Failed(f"规则包 {name} 不能使用：{reason}", f"the rule pack {name} cannot be used: {reason}")
    try:
        return made(rulebook.packs.values())
    except CaseRefused as error:
        raise Failed(f"用例文件有误：{error}", f"a case file cannot be read: {error}") from None


def _changed(folder: Path, wanted: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return what differs by file name, with the reason; a page of one's own, without the mark, is none of ours."""
    remedy_zh, remedy_en = "请运行 yanxiu rules docs 并一起提交", "run `yanxiu rules docs` and commit what it writes"
    found = [file for file in sorted(folder.glob("*")) if file.suffix in _OURS]
    there = {file.name: file.read_text(encoding="utf-8") for file in found}
    changed: dict[str, tuple[str, str]] = {}
    for name, text in wanted.items():
        if name not in there:
            changed[name] = (f"没有这一页；{remedy_zh}", f"there is no such page; {remedy_en}")
        elif there[name] != text:
            changed[name] = (f"不是最新；{remedy_zh}", f"is not current; {remedy_en}")
    for name, text in there.items():
        if name not in wanted and MARK in text[: 2 * len(MARK)] and _same_kind(name, wanted):
            changed[name] = (f"没有对应的规则包；{remedy_zh}", f"belongs to no rule pack; {remedy_en}")
    return changed


def _same_kind(name: str, wanted: Iterable[str]) -> bool:
    """Whether a page is of the kind that is being written: Markdown and HTML may share a folder."""
    return Path(name).suffix in {Path(one).suffix for one in wanted}
