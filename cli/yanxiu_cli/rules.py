"""`yanxiu rules`: the packs in force, any clause with what rests on it, a pack's conformance, the generated pages."""

from __future__ import annotations

import difflib
from io import StringIO
from pathlib import Path
from typing import Annotated

from cyclopts import App
from cyclopts import Parameter as Option
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from yanxiu_rulekit.casefile import Case, read_cases
from yanxiu_rulekit.check import report as report_on
from yanxiu_rulekit.compare import told
from yanxiu_rulekit.errors import CaseRefused
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import Parameter
from yanxiu_rulekit.plugins import load_packs
from yanxiu_rulekit.source import Clause, declared_clause

from yanxiu_cli.console import complain, say
from yanxiu_cli.failed import Failed
from yanxiu_cli.rules_compare import compare
from yanxiu_cli.rules_docs import docs
from yanxiu_cli.rules_install import install
from yanxiu_cli.rules_mutants import mutants
from yanxiu_cli.rules_new import new
from yanxiu_cli.rules_try import try_facts

NARROWEST = 100  # columns; a narrower terminal breaks lines itself rather than the table breaking names

app = App(name="rules", help="规则包与条款。Rule packs and clauses.")
app.command(docs)
app.command(try_facts, name="try")
app.command(compare)
app.command(mutants)
app.command(new)
app.command(install)


@app.command(name="list")
def list_packs() -> int:
    """列出已安装的规则包；不能使用的说明原因（退出码 1）。List the rule packs; exit code 1 when one is broken."""
    rulebook = load_packs()
    table = Table(box=SIMPLE, header_style="bold")
    for heading in ("辖区\nJurisdiction", "规则包\nPack"):
        table.add_column(heading, no_wrap=True)
    table.add_column("规定\nRegulation", overflow="fold", min_width=24)
    table.add_column("适用自\nApplies from", no_wrap=True)
    table.add_column("条款\nClauses", justify="right")
    table.add_column("未建模\nNot\nmodelled", justify="right")
    for jurisdiction, pack in sorted(rulebook.packs.items()):
        source = pack.source
        table.add_row(
            jurisdiction,
            f"{pack.name} {pack.version}",
            source.title,
            source.applies_from.isoformat(),
            str(len(source.clauses)),
            str(len(source.not_modelled)),
        )
    console = Console()
    console.print(table, width=max(console.width, NARROWEST), crop=False)
    for name, reason in sorted(rulebook.broken.items()):
        complain(f"{name} 不能使用 / cannot be used: {reason}")
    return 1 if rulebook.broken else 0


@app.command
def show(clause: str) -> int:
    """显示一条：原文、参数及其沿革、由谁作答、哪些用例引用。Show a clause and what rests on it.

    Parameters
    ----------
    clause
        条款编号，如 PUTUO-5-3a。The clause's id.
    """
    packs = load_packs().packs.values()
    for pack in packs:
        found = pack.source.clause(clause)
        if found is not None:
            for text in (*_said(pack, found), *_parameters(pack, found), *_answers(pack, found), *_cases(pack, found)):
                say(text)
            return 0
    known = [one for pack in packs for one in pack.source.clauses]
    near = difflib.get_close_matches(clause.upper(), known, n=3) or difflib.get_close_matches(clause, known, n=3)
    raise Failed(
        f"没有条款 {clause}。" + (f"相近的有：{'、'.join(near)}。" if near else "用 yanxiu rules list 查看规则包。"),
        f"no clause {clause!r}; " + (f"near it: {', '.join(near)}" if near else "see yanxiu rules list"),
    )


@app.command
def check(path: Path, *, json: Annotated[bool, Option(negative="")] = False) -> int:
    """核对一个规则包的目录，逐处写明位置、问题和改法。Check a pack's folder; exit code 1 when there are problems.

    Parameters
    ----------
    path
        规则包目录（pyproject.toml 所在处），不必先安装。The folder of the pack; it need not be installed.
    json
        以 JSON 写出，供程序读取。Write JSON for machines.
    """
    written = StringIO()
    code = report_on([path], written, as_json=json)
    say(written.getvalue().rstrip("\n"))
    return code


def _said(pack: RulePack, clause: Clause) -> list[str]:
    lines = [
        f"{clause.id}  {pack.source.title}（{pack.source.issuer}）",
        clause.heading,
        f"    {clause.quotation}",
    ]
    lines += [f"    {text}" for text in (clause.says_zh, clause.says_en) if text]
    if clause.note:
        lines.append(f"注 Note: {clause.note}")
    if clause.id in pack.source.not_modelled:
        lines.append(f"未建模 Not modelled: {pack.source.not_modelled[clause.id]}")
    return lines


def _parameters(pack: RulePack, clause: Clause) -> list[str]:
    cited = [
        parameter
        for parameter in pack.parameters.values()
        if any(declared_clause(dated.cite, pack.source.clauses) == clause.id for dated in parameter.values)
    ]
    return [line for parameter in cited for line in _one_parameter(parameter)]


def _one_parameter(parameter: Parameter) -> list[str]:
    lines = [f"参数 Parameter {parameter.name}: {parameter.label} / {parameter.label_en}"]
    lines += [
        f"    {dated.since} 起 from: {told(dated.value)} {parameter.unit} [{dated.cite}]" for dated in parameter.values
    ]
    if parameter.reading_note:
        lines.append(f"    解读 Reading {parameter.reading}: {parameter.reading_note}")
    if parameter.allowed is not None:
        lines.append(f"    区县可定 A district may set: {parameter.allowed}")
    return lines


def _answers(pack: RulePack, clause: Clause) -> list[str]:
    kinds = [
        kind
        for kind, clauses in (*pack.answered(), *pack.carried_out())
        if any(declared_clause(cite, pack.source.clauses) == clause.id for cite in clauses)
    ]
    return [f"作答 Answered by: {', '.join(kinds)}"] if kinds else []


def _cases(pack: RulePack, clause: Clause) -> list[str]:
    cases: list[Case] = []
    for file in pack.case_files():
        try:
            cases += read_cases(file)
        except CaseRefused as error:
            complain(str(error))
    cited = [
        case for case in cases if clause.id in {declared_clause(cite, pack.source.clauses) for cite in case.clauses}
    ]
    return [f"用例 Case {case.file}: {case.id}" for case in cited]
