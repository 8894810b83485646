"""A rule pack as pages that an official can read: clauses with their words, parameters and cases, in Markdown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from yanxiu_rulekit.casefile import Case, read_cases
from yanxiu_rulekit.changepages import change_lines
from yanxiu_rulekit.coverage import coverage_lines
from yanxiu_rulekit.markdown import anchored, table, words
from yanxiu_rulekit.numbers import plain
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import DatedValue, Parameter
from yanxiu_rulekit.setting import Allowed
from yanxiu_rulekit.source import Clause, declared_clause
from yanxiu_rulekit.valuewords import WORDS
from yanxiu_rulekit.workedexamples import example_lines
from yanxiu_rulekit.workflow import Workflow
from yanxiu_rulekit.workflowpages import workflow_tables

# The first line of every generated page: what bears it may be overwritten, or taken away with its pack.
MARK = "<!-- 由 yanxiu rules docs 生成，请勿手改；改规则包后重新生成。Generated: change the pack, not this page. -->"
INDEX = "README.md"


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """What rests on one clause: the kinds and workflows that answer it, the parameters that cite it, its cases."""

    clause: Clause
    kinds: tuple[str, ...]
    workflows: tuple[Workflow, ...]
    parameters: tuple[Parameter, ...]
    cases: tuple[Case, ...]
    excuse: str = ""


def cases_of(pack: RulePack) -> list[Case]:
    """Return the pack's own cases, file by file; none of one installed without them. Raises `CaseRefused`."""
    return [case for file in pack.case_files() for case in read_cases(file)]


def pages(packs: Iterable[RulePack]) -> dict[str, str]:
    """Return every page by file name: one a pack, and their index. Raises `CaseRefused` for a case file."""
    whole = [(pack, cases_of(pack)) for pack in sorted(packs, key=lambda pack: pack.jurisdiction)]
    return {INDEX: index_page(whole)} | {f"{pack.jurisdiction}.md": pack_page(pack, cases) for pack, cases in whole}


def index_page(packs: Sequence[tuple[RulePack, Sequence[Case]]]) -> str:
    """Return the page that leads to those of the packs, with the figures of each."""
    rows = []
    for pack, cases in packs:
        source = pack.source
        excused = len(source.not_modelled)
        figures = (len(source.clauses), len(source.clauses) - excused, excused, len(pack.parameters), len(cases))
        regulation = f"[{words(source.title)}]({pack.jurisdiction}.md)"
        rows.append((f"`{pack.jurisdiction}`", regulation, source.applies_from.isoformat(), *map(str, figures)))
    return _page(
        "# 规则：已安装的规则包",
        "> *In English:* one page for each rule pack: every clause with its words, what is computed of it, the "
        "parameters with their history, and the cases that show it.",
        "每个规则包一页：每条条款的原文、据以裁定的问题、参数及其沿革、引用它的用例；未建模的条款写明缘由。",
        table(("辖区", "文件", "适用自", "条款", "已建模", "未建模", "参数", "用例"), rows),
    )


def pack_page(pack: RulePack, cases: Sequence[Case]) -> str:
    """Return the page of one pack: its source, each clause in order, the coverage, the parameters with history."""
    bases = bases_of(pack, cases)
    return _page(
        f"# {words(pack.source.title)}",
        f"> *In English:* {words(pack.source.title_en or pack.source.title)}: every clause as the rule pack "
        f"`{pack.name}` holds it, with what is computed, the parameters and the cases.",
        _head(pack),
        " · ".join(_ways(pack)),
        anchored("decisions", "## 裁定"),
        _decisions(pack, cases),
        *([anchored("workflows", "## 流程"), *workflow_tables(pack.workflows)] if pack.workflows else []),
        anchored("clauses", "## 条款"),
        *(_clause(pack, basis) for basis in bases),
        anchored("coverage", "## 覆盖情况"),
        *coverage_lines(pack, bases),
        anchored("parameters", "## 参数沿革"),
        _history(pack),
        *_titled("changes", "## 沿革对照", change_lines(pack)),
        *_titled("examples", "## 算例", example_lines(pack, cases)),
    )


def _titled(name: str, heading: str, lines: list[str]) -> list[str]:
    return [anchored(name, heading), *lines] if lines else []


def _ways(pack: RulePack) -> list[str]:
    ways = [
        "[裁定](#decisions)",
        "[条款](#clauses)",
        "[覆盖情况](#coverage)",
        "[参数沿革](#parameters)",
        "[算例](#examples)",
    ]
    return [ways[0], "[流程](#workflows)", *ways[1:]] if pack.workflows else ways


def bases_of(pack: RulePack, cases: Sequence[Case]) -> list[Basis]:
    """Return what rests on each clause of the pack, in the order of the regulation."""
    clauses = pack.source.clauses
    answered = [(kind, _declared(cites, clauses)) for kind, cites in pack.answered()]
    cited = [(one, _declared((dated.cite for dated in one.values), clauses)) for one in pack.parameters.values()]
    ordered = [(one, _declared(one.clauses, clauses)) for one in pack.workflows.values()]
    shown = [(case, _declared(case.clauses, clauses)) for case in cases]
    return [
        Basis(
            clause=clause,
            kinds=tuple(kind for kind, names in answered if clause.id in names),
            workflows=tuple(workflow for workflow, names in ordered if clause.id in names),
            parameters=tuple(parameter for parameter, names in cited if clause.id in names),
            cases=tuple(case for case, names in shown if clause.id in names),
            excuse=pack.source.not_modelled.get(clause.id, ""),
        )
        for clause in clauses.values()
    ]


def _declared(cites: Iterable[str], clauses: Collection[str]) -> set[str | None]:
    return {declared_clause(cite, clauses) for cite in cites}


def _head(pack: RulePack) -> str:
    source = pack.source
    rows = [
        ("文号", words(source.number)),
        ("制定机关", words(source.issuer)),
        ("落款日期", source.signed_on.isoformat()),
        ("发布日期", source.published_on.isoformat()),
        ("适用自", source.applies_from.isoformat()),
        ("来源", source.url and f"<{source.url}>"),
        ("规则包", f"`{pack.name}` {pack.version}"),
        ("说明", words(source.note)),
    ]
    return table(("项目", "内容"), [row for row in rows if row[1]])


def _asked(pack: RulePack) -> dict[str, str]:
    """Return what each kind asks, in the words of its pack."""
    asked = {kind: one.asks_zh for kind, one in pack.decisions.items()}
    for rule in pack.credit.standings if pack.credit else ():
        asked.setdefault(rule.period, f"{rule.label_zh}内各项要求是否达到、还差多少")
    return asked


def _decisions(pack: RulePack, cases: Sequence[Case]) -> str:
    shown = {kind: str(sum(case.kind == kind for case in cases)) for kind in pack.decisions}
    rows = [(f"`{kind}`", words(asks) or "—", shown.get(kind, "—")) for kind, asks in _asked(pack).items()]
    return table(("问题", "回答什么", "用例"), rows)


def _clause(pack: RulePack, basis: Basis) -> str:
    clause = basis.clause
    lines = [anchored(clause.id, f"### {clause.id}　{words(clause.heading)}"), f"> {words(clause.quotation)}"]
    lines += [words(clause.says_zh)] if clause.says_zh else []
    lines += [f"注：{words(clause.note)}"] if clause.note else []
    if basis.excuse:
        lines.append(f"**未建模**：{words(basis.excuse)}")
    asked = _asked(pack)
    told = [f"- 裁定 `{kind}`" + (f"：{words(asked[kind])}" if asked[kind] else "") for kind in basis.kinds]
    told += [f"- 流程 [`{one.name}`](#workflow-{one.name})：{words(one.label)}" for one in basis.workflows]
    told += [line for parameter in basis.parameters for line in _parameter(parameter)]
    if basis.cases:
        told.append(f"- 用例{len(basis.cases)}个：")
        told += [f"    - {words(case.id)}" for case in basis.cases]
    return "\n\n".join([*lines, *(["\n".join(told)] if told else [])])


def _parameter(parameter: Parameter) -> Iterator[str]:
    yield f"- 参数 {words(parameter.label)}（`{parameter.name}`）：{_values(parameter)}"
    if parameter.reading_note:
        yield f"    - 读法 {words(parameter.reading)}：{words(parameter.reading_note)}"
    if parameter.allowed is not None:
        yield f"    - 区县可另定：{_allowed(parameter.allowed)}"


def _values(parameter: Parameter) -> str:
    return "；".join(f"{dated.since}起 {_dated(parameter, dated)}〔{dated.cite}〕" for dated in parameter.values)


def _dated(parameter: Parameter, dated: DatedValue) -> str:
    if not isinstance(dated.value, Mapping):
        return f"{_value(dated.value)} {words(parameter.unit)}"
    rows = "、".join(f"{_value(key)} {_value(value)}" for key, value in dated.value.items())
    return f"{rows}（{words(parameter.unit)}）"


def _value(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    said = str(value)
    if said in WORDS:
        return f"{WORDS[said]}（`{said}`）"
    return f"`{said}`" if said.isascii() else words(said)


def _allowed(allowed: Allowed) -> str:
    said = []
    if allowed.min is not None and allowed.max is not None:
        said.append(f"{plain(allowed.min)}至{plain(allowed.max)}")
    elif allowed.min is not None:
        said.append(f"不小于{plain(allowed.min)}")
    elif allowed.max is not None:
        said.append(f"不大于{plain(allowed.max)}")
    if allowed.one_of:
        said.append("、".join(_value(one) for one in allowed.one_of))
    return "，或".join(said)


def _history(pack: RulePack) -> str:
    rows = [
        (
            f"`{parameter.name}`",
            words(parameter.label),
            _values(parameter),
            _allowed(parameter.allowed) if parameter.allowed else "—",
        )
        for parameter in pack.parameters.values()
    ]
    return table(("参数", "名称", "沿革", "区县可另定"), rows)


def _page(*parts: str) -> str:
    return "\n\n".join((MARK, *parts)) + "\n"
