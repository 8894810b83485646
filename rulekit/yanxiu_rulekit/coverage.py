"""The coverage table of a pack: what each clause is modelled by, how many cases show it, or why it is not modelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from yanxiu_rulekit.markdown import table, words

if TYPE_CHECKING:
    from yanxiu_rulekit.pack import RulePack
    from yanxiu_rulekit.pages import Basis

HEADINGS = ("条款", "由什么建模", "用例", "未建模的缘由")


def coverage_lines(pack: RulePack, bases: Sequence[Basis]) -> list[str]:
    """Return the sentence and the table of a pack's coverage, clause by clause in the regulation's order."""
    excused = sum(bool(basis.excuse) for basis in bases)
    shown = sum(bool(basis.cases) for basis in bases if not basis.excuse)
    whole = len(bases)
    said = f"共{whole}条：已建模{whole - excused}条，其中{shown}条有用例；未建模{excused}条，均写明缘由。"
    rows = [
        (
            f"[{basis.clause.id}](#{basis.clause.id})",
            "；".join(_modelled_by(pack, basis)) or "—",
            str(len(basis.cases)),
            words(basis.excuse) or "—",
        )
        for basis in bases
    ]
    return [said, table(HEADINGS, rows)]


def _modelled_by(pack: RulePack, basis: Basis) -> Iterator[str]:
    """Yield what answers a clause: decisions, periods judged, questions of visits, workflows, parameters."""
    asked = pack.visits.questions() if pack.visits else {}
    periods = {rule.period for rule in pack.credit.standings} if pack.credit else set[str]()
    named = {
        "裁定": [kind for kind in basis.kinds if kind in pack.decisions],
        "期间": [kind for kind in basis.kinds if kind in periods and kind not in pack.decisions],
        "进校问题": [name for name, one in asked.items() if set(one.kinds) & set(basis.kinds)],
        "流程": [one.name for one in basis.workflows],
        "参数": [one.name for one in basis.parameters],
    }
    for said, names in named.items():
        if names:
            yield f"{said} {'、'.join(f'`{name}`' for name in names)}"
