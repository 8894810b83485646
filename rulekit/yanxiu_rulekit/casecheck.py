"""What a pack's own cases must show: each parameter, each decision, each change of the law, in whole sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec

from yanxiu_rulekit.casefile import Case
from yanxiu_rulekit.cases import Ran
from yanxiu_rulekit.citecheck import unknown_in
from yanxiu_rulekit.lawfiles import Lines
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import Parameters
from yanxiu_rulekit.periodcases import PREFIX
from yanxiu_rulekit.problem import Problem
from yanxiu_rulekit.source import declared_clause

UNFILLED = re.compile(r"\{[a-z_]+\}")

# Where a case stands, by its file's name and its own.
CaseLines = dict[tuple[str, str], tuple[str, int | None]]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What the checks look at: the folder, its law, the parameters its text names, its cases as run.

    `reads` are the parameters that cases read, each with the day; `shown` those of cases that expect a value.
    """

    folder: Path
    home: Path
    parameters: Parameters
    named: frozenset[str]
    pack: RulePack
    runs: tuple[Ran, ...]
    lines: Mapping[tuple[str, str], tuple[str, int | None]]
    reads: frozenset[tuple[str, date]]
    shown: frozenset[tuple[str, date]]

    def at(self, ran: Ran) -> dict[str, Any]:
        """Return where a case stands."""
        file, line = self.lines[ran.case.file, ran.case.id]
        return {"file": file, "line": line}


def parameters_read(checked: Checked) -> Iterator[Problem]:
    """Every parameter is read by a formula or a case."""
    read = {name for name, _ in checked.reads} | checked.named
    lines = Lines(checked.home / "parameters.toml")
    for name in checked.parameters:
        if name not in read:
            yield Problem(
                code="PARAMETER_UNREAD",
                file=lines.file,
                line=lines.of_table(name),
                zh=f"参数 {name} 没有公式读取，也没有用例用到",
                en=f"[{name}]: no formula and no case reads it",
                remedy_zh=f"在这一条的公式里读取 law.{name}，或删去",
                remedy_en=f"read law.{name} in the formula of its clause, or take it out",
            )


def decisions_cite(checked: Checked) -> Iterator[Problem]:
    """Every decision and every case names the clauses it is about."""
    for kind, one in checked.pack.decisions.items():
        if not one.clauses:
            file, line = _written(checked, one.answer)
            yield _uncited(f"裁定 {kind}", f"the decision {kind!r}", file, line)
    for ran in checked.runs:
        if not ran.case.clauses:
            yield _uncited(f"用例“{ran.case.id}”", f"the case {ran.case.id!r}", **checked.at(ran))


def _uncited(zh: str, en: str, file: str, line: int | None) -> Problem:
    return Problem(
        code="CITATION_MISSING",
        file=file,
        line=line,
        zh=f"{zh}没有写明是哪一条",
        en=f"{en} names no clause",
        remedy_zh='写 clauses，如 ["PUTUO-5-3a"]',
        remedy_en='give clauses, such as ["PUTUO-5-3a"]',
    )


def answers_cite(checked: Checked) -> Iterator[Problem]:
    """Every clause that an answer names, in a step, a refusal or its result, is quoted in the source."""
    clauses = checked.pack.source.clauses
    for ran in checked.runs:
        if ran.decided is None:
            continue
        told = [one for each in (*ran.decided.steps, *ran.decided.refusals) for one in each.clauses]
        strange = [one for one in told if declared_clause(one, clauses) is None]
        for cite in dict.fromkeys((*strange, *unknown_in(ran.decided.result, clauses))):
            yield Problem(
                code="CITATION_UNKNOWN",
                **checked.at(ran),
                zh=f"用例“{ran.case.id}”的裁定引用的 {cite} 不在 source.toml 的条款中",
                en=f"the decision of the case {ran.case.id!r} cites {cite!r}, which is no clause of source.toml",
                remedy_zh="在 source.toml 中引出这一条，或改正公式里的编号",
                remedy_en="quote it there or correct the id in the formula",
            )


def expects_a_value(case: Case) -> bool:
    """Say whether a case expects more than that something is decided: a value, or a field that is refused."""
    return bool(set(case.expect) - {"status"} or case.refused)


def decisions_have_cases(checked: Checked) -> Iterator[Problem]:
    """Every decision is shown by a case."""
    shown = {ran.case.kind for ran in checked.runs}
    for kind, one in checked.pack.decisions.items():
        if kind not in shown:
            file, line = _written(checked, one.answer)
            yield Problem(
                code="FORMULA_WITHOUT_CASE",
                file=file,
                line=line,
                zh=f"裁定 {kind} 没有用例",
                en=f"no case shows the decision {kind!r}",
                remedy_zh=f'在 cases/ 中加一个 [[case]]，kind = "{kind}"',
                remedy_en=f'add a [[case]] with kind = "{kind}"',
            )


def periods_have_cases(checked: Checked) -> Iterator[Problem]:
    """Every period that the pack judges is shown by a case."""
    shown = {ran.case.kind for ran in checked.runs}
    for rule in checked.pack.credit.standings if checked.pack.credit else ():
        kind = f"{PREFIX}{rule.period}"
        if kind not in shown:
            file, line = _written(checked, rule.judge)
            yield Problem(
                code="PERIOD_WITHOUT_CASE",
                file=file,
                line=line,
                zh=f"{rule.label_zh}（{rule.period}）的核算没有用例",
                en=f"no case shows how a period {rule.period!r} is judged",
                remedy_zh=f'在 cases/ 中加一个 [[case]]，kind = "{kind}"，given.records 写各次记录',
                remedy_en=f'add a [[case]] with kind = "{kind}", its records under given.records',
            )


def cases_pass(checked: Checked) -> Iterator[Problem]:
    """Every case comes out."""
    for ran in checked.runs:
        if not ran.passed:
            said = "; ".join(ran.problems)
            yield Problem(
                code="CASE_FAILED",
                **checked.at(ran),
                zh=f"用例“{ran.case.id}”没有通过：{said}",
                en=f"the case {ran.case.id!r} fails: {said}",
                remedy_zh="改正公式、参数或用例",
                remedy_en="correct the formula, the value or the case",
            )


def sentences_filled(checked: Checked) -> Iterator[Problem]:
    """Every sentence that a decision tells has all its words."""
    for ran in checked.runs:
        said = [(one.name, one.zh, one.en) for one in ran.decided.steps] if ran.decided else []
        said += [(one.code, one.zh, one.en) for one in ran.decided.refusals] if ran.decided else []
        for name, *sentences in said:
            for word in (word for sentence in sentences for word in UNFILLED.findall(sentence)):
                yield Problem(
                    code="SENTENCE_OPEN",
                    **checked.at(ran),
                    zh=f"用例“{ran.case.id}”：{name} 的说明里 {word} 没有填上",
                    en=f"the sentence of {name} leaves {word} open",
                    remedy_zh="把这个词交给 law.step 或 law.refuse，或改正它的名称",
                    remedy_en="give that word to law.step or law.refuse, or correct its name",
                )


def changes_have_cases(checked: Checked) -> Iterator[Problem]:
    """Every change of a value is shown on the day before it and on its day."""
    lines = Lines(checked.home / "parameters.toml")
    for parameter in checked.parameters.values():
        for index, dated in enumerate(parameter.values):
            days = {
                ("前一天", "the day before"): dated.since - timedelta(days=1),
                ("当天", "the day it starts"): dated.since,
            }
            for (zh, en), day in days.items() if index else ():
                if (parameter.name, day) not in checked.shown:
                    yield Problem(
                        code="CHANGE_WITHOUT_CASE",
                        file=lines.file,
                        line=lines.of_value(parameter.name, index),
                        zh=f"参数 {parameter.name} 自 {dated.since} 起变动，{zh}（{day}）没有用例",
                        en=f"[{parameter.name}] since {dated.since}: no case reads it on {en}, {day}",
                        remedy_zh=f"加一个 on = {day} 的 [[case]]，其裁定读取 {parameter.name}",
                        remedy_en=f"add a [[case]] with on = {day} whose decision reads {parameter.name}",
                    )


def _written(checked: Checked, function: Any) -> tuple[str, int | None]:
    """Return the file and the line where a function of the pack is written."""
    file = Path(function.__code__.co_filename).resolve()
    if checked.home.resolve() not in file.parents:
        return str(checked.home / "__init__.py"), None
    return str(checked.home / file.relative_to(checked.home.resolve())), function.__code__.co_firstlineno


CASE_CHECKS: tuple[Callable[[Checked], Iterable[Problem]], ...] = (
    decisions_cite,
    answers_cite,
    parameters_read,
    decisions_have_cases,
    periods_have_cases,
    cases_pass,
    sentences_filled,
    changes_have_cases,
)
