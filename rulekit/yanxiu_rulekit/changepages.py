"""What a change of law changes: the values before and after each day on which any of a pack's values changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from yanxiu_rulekit.markdown import anchored, table, words
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.packcompare import Compared, PackOn, Row, Told, compare_packs, days_of_change


def change_lines(pack: RulePack) -> list[str]:
    """Return a table in Markdown for each day of change, the rows that differ alone; none where nothing changed."""
    lines: list[str] = []
    for day in days_of_change(pack):
        before = PackOn(pack, day - timedelta(days=1))
        compared = compare_packs(before, PackOn(pack, day))
        lines += [anchored(f"change-{day}", f"### {day} 起"), differing(compared, f"{before.on}", f"{day}")]
    return lines


def differing(compared: Compared, first: str, second: str) -> str:
    """Return the duties and parameters that differ, side by side, under the names of the two sides."""
    rows = [row for row in (*compared.duties, *compared.parameters) if row.differs]
    return table(("项目", words(first), words(second)), [_cells(row) for row in rows]) if rows else "没有不同。"


def comparison_page(compared: Compared, first: str, second: str) -> str:
    """Return a whole comparison in Markdown: the regulations, what they ask of a teacher, parameters, questions."""
    parts = [f"# 对照：{words(first)} 与 {words(second)}"]
    sections: tuple[tuple[str, Iterable[Row]], ...] = (
        ("文件", compared.source),
        ("对教师的要求", compared.duties),
        ("参数", compared.parameters),
        ("可回答的问题与流程", compared.questions),
    )
    for title, rows in sections:
        cells = [(*_cells(row), "≠" if row.differs else "=") for row in rows]
        if cells:
            parts += [f"## {title}", table(("项目", words(first), words(second), ""), cells)]
    return "\n\n".join(parts) + "\n"


def _cells(row: Row) -> tuple[str, str, str]:
    return words(row.label), side(row.first), side(row.second)


def side(told: Told | None) -> str:
    """Return what one side says, with its clause and day."""
    if told is None:
        return "—"
    since = f"{told.since}起" if told.since is not None else ""
    basis = "，".join(part for part in (told.clause, since) if part)
    return words(told.text) + (f"〔{basis}〕" if basis else "")
