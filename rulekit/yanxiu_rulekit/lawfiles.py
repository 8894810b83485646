"""What a pack's TOML files show before they load: every value without date, citation or clause, at its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from yanxiu_rulekit.citecheck import unknown_in
from yanxiu_rulekit.errors import PackRefused
from yanxiu_rulekit.problem import Problem
from yanxiu_rulekit.source import declared_clause
from yanxiu_rulekit.toml import read_toml

# One dated value: written inline, or as a table of its own.
_ENTRY = r"\{{(?=[^}}]*\b(?:since|value|cite)\b)|^\s*\[\[\s*{name}\s*\.\s*values\s*\]\]"


class Lines:
    """Where things stand in a TOML file; what is not found stands in the file as a whole."""

    def __init__(self, file: Path) -> None:
        self.file = str(file)
        try:
            self._lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            self._lines = []

    def of_table(self, name: str) -> int | None:
        """Return the line of `[name]`, or of the first table below that name."""
        head = re.compile(rf'^\s*\[+\s*"?{re.escape(name)}"?\s*[.\]]')
        return next((number for number, line in enumerate(self._lines, start=1) if head.match(line)), None)

    def of_key(self, table: str, key: str) -> int | None:
        """Return the line of a key inside a table."""
        start = self.of_table(table)
        if start is None:
            return None
        wanted = re.compile(rf'^\s*"?{re.escape(key)}"?\s*=')
        below = enumerate(self._lines[start:], start=start + 1)
        return next((number for number, line in below if wanted.match(line)), start)

    def of_value(self, parameter: str, index: int) -> int | None:
        """Return the line of a parameter's dated value by its place, from 0."""
        start = self.of_table(parameter)
        if start is None:
            return None
        entry = re.compile(_ENTRY.format(name=re.escape(parameter)))
        own = re.compile(rf'^\s*\[+\s*"?{re.escape(parameter)}"?\s*[.\]]')
        found: list[int] = []
        for number, line in enumerate(self._lines[start - 1 :], start=start):
            if number > start and re.match(r"^\s*\[", line) and not own.match(line):
                break
            found += [number] * len(entry.findall(line))
        return found[index] if index < len(found) else start

    def of_step(self, workflow: str, step: str) -> int | None:
        """Return the line on which a step of a workflow is named, else where the workflow begins."""
        start = self.of_table(workflow)
        named = re.compile(rf'^\s*name\s*=\s*"{re.escape(step)}"')
        below = enumerate(self._lines[start or 0 :], start=(start or 0) + 1)
        return next((number for number, line in below if named.match(line)), start)

    def of_case(self, index: int) -> int | None:
        """Return the line of the case at a place, from 0."""
        heads = [
            number for number, line in enumerate(self._lines, start=1) if re.match(r"^\s*\[\[\s*case\s*\]\]", line)
        ]
        return heads[index] if index < len(heads) else None


def read_law_files(home: Path) -> Iterator[Problem]:
    """Yield what keeps the values of `parameters.toml` from standing on a day and on a clause, all of it at once.

    Files that cannot be read at all, and whatever else their form lacks, are told by loading them.
    """
    try:
        source, parameters = read_toml(home / "source.toml"), read_toml(home / "parameters.toml")
    except PackRefused:
        return
    clauses = source.get("clauses")
    start = source.get("source", {}).get("applies_from") if isinstance(source.get("source"), Mapping) else None
    lines = Lines(home / "parameters.toml")
    for name, entry in parameters.items():
        values = entry.get("values") if isinstance(entry, Mapping) else None
        if isinstance(values, list) and isinstance(clauses, Mapping):
            yield from _dated(lines, name, values, clauses)
            yield from _in_force(lines, name, values, start)


def read_workflow_file(home: Path, clauses: Collection[str]) -> Iterator[Problem]:
    """Yield every workflow, step and thing asked for that cites nothing, or no clause of the law."""
    try:
        workflows = read_toml(home / "workflows.toml")
    except PackRefused:
        return
    lines = Lines(home / "workflows.toml")
    for name, entry in workflows.items():
        if not isinstance(entry, Mapping):
            continue
        yield from _cited(lines.file, lines.of_table(name), f"流程 {name}", f"[{name}]", entry, clauses)
        for step in _tables(entry.get("steps")):
            line = lines.of_step(name, str(step.get("name")))
            zh, en = f"流程 {name} 的步骤 {step.get('name')}", f"[{name}] step {step.get('name')}"
            yield from _cited(lines.file, line, zh, en, step, clauses)
            for ask in _tables(step.get("asks")):
                yield from _cited(lines.file, line, f"{zh}所要的 {ask.get('name')}", en, {"cite": (), **ask}, clauses)


def _cited(
    file: str, line: int | None, zh: str, en: str, entry: Mapping[str, Any], clauses: Collection[str]
) -> Iterator[Problem]:
    cites = entry.get("cite", [])
    if cites == [] or not isinstance(cites, list | tuple):
        yield Problem(
            code="CITATION_MISSING",
            file=file,
            line=line,
            zh=f"{zh} 没有写明依据哪一条",
            en=f"{en} cites no clause",
            remedy_zh='写 cite = ["条款编号"]，条款须在 source.toml 中引出',
            remedy_en='give cite = ["..."], clauses that source.toml quotes',
        )
        return
    for cite in cites:
        if declared_clause(str(cite), clauses) is None:
            yield Problem(
                code="CITATION_UNKNOWN",
                file=file,
                line=line,
                zh=f"{zh} 引用的 {cite} 不在 source.toml 的条款中",
                en=f"{en}: cite {cite!r} is no clause of source.toml",
                remedy_zh="在 source.toml 中引出这一条，或改正编号",
                remedy_en="quote it there or correct it",
            )


def _tables(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _dated(lines: Lines, name: str, values: list[Any], clauses: Collection[str]) -> Iterator[Problem]:
    """Every value has a day and the clause that sets it."""
    for index, entry in enumerate(values):
        if not isinstance(entry, Mapping):
            continue
        place: dict[str, Any] = {"file": lines.file, "line": lines.of_value(name, index)}
        cite = entry.get("cite")
        if not _is_day(entry.get("since")):
            yield Problem(
                code="VALUE_WITHOUT_DATE",
                **place,
                zh=f"参数 {name} 的值没有写明从哪一天起",
                en=f"[{name}]: a value does not say since when",
                remedy_zh="写 since = 2024-09-01 这样的日期，不加引号",
                remedy_en="give since = 2024-09-01, a date without quotation marks",
            )
        if cite is None or cite == "":
            yield Problem(
                code="CITATION_MISSING",
                **place,
                zh=f"参数 {name} 的值没有写明依据哪一条",
                en=f"[{name}]: a value cites no clause",
                remedy_zh='写 cite = "条款编号"，条款须在 source.toml 中引出',
                remedy_en='give cite = "...", a clause that source.toml quotes',
            )
        # A value stands on a clause as it is quoted, not on a part of it that nothing quotes.
        strange = [cite] if cite not in (None, "") and (not isinstance(cite, str) or cite not in clauses) else []
        for one in (*strange, *unknown_in(entry.get("value"), clauses)):
            yield Problem(
                code="CITATION_UNKNOWN",
                **place,
                zh=f"参数 {name} 引用的 {one} 不在 source.toml 的条款中",
                en=f"[{name}]: cite {one!r} is no clause of source.toml",
                remedy_zh="在 source.toml 中引出这一条，或改正编号",
                remedy_en="quote it there or correct it",
            )


def _in_force(lines: Lines, name: str, values: list[Any], start: Any) -> Iterator[Problem]:
    """One value is in force on each day from the first day of the regulation on: no gap, no overlap."""
    days = [
        (index, one["since"])
        for index, one in enumerate(values)
        if isinstance(one, Mapping) and _is_day(one.get("since"))
    ]
    for (_, before), (index, since) in pairwise(days):
        if since <= before:
            said = (
                (f"有两个值都从 {since} 起", f"{since} stands twice")
                if since == before
                else (f"{since} 起的值写在 {before} 之后", f"{since} comes after {before}")
            )
            yield Problem(
                code="FORCE_OVERLAP",
                file=lines.file,
                line=lines.of_value(name, index),
                zh=f"参数 {name} {said[0]}，生效的日期重叠",
                en=f"[{name}]: {said[1]}: two values claim the same days",
                remedy_zh="按日期先后排列，一天只留一个值",
                remedy_en="order the values by date, one a day",
            )
    if len(days) == len(values) and days and _is_day(start) and days[0][1] > start:
        yield Problem(
            code="FORCE_GAP",
            file=lines.file,
            line=lines.of_value(name, 0),
            zh=f"参数 {name} 自 {start}（规定开始适用）至 {days[0][1]} 没有值",
            en=f"[{name}]: has no value from {start}, when the regulation begins to apply, until {days[0][1]}",
            remedy_zh="补上这段时间的值；尚未实行的，写表示“不作要求”的值",
            remedy_en="give the value of that time, or the one that means 'not yet'",
        )


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
