"""The conformance check of a pack folder: citations, clauses, dates, formulas and cases, each problem with a remedy."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import msgspec

from yanxiu_rulekit.casefile import Case, pack_modules, read_cases
from yanxiu_rulekit.cases import Ran, run_on_pack
from yanxiu_rulekit.errors import CaseRefused, PackRefused
from yanxiu_rulekit.formulacheck import FormulaReading, Problem, read_formulas
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import Found, Parameters, load_parameters
from yanxiu_rulekit.plugins import GROUP, packs_of
from yanxiu_rulekit.source import Source, declared_clause, load_source
from yanxiu_rulekit.standin import standing_in

UNFILLED = re.compile(r"\{[a-z_]+\}")


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What the checks look at: the folder, its law, its formulas as read from the text, its cases as run."""

    folder: Path
    module: str
    source: Source
    parameters: Parameters
    formulas: FormulaReading
    pack: RulePack
    runs: tuple[Ran, ...]
    reads: frozenset[tuple[str, date]]


class TracedParameters(Parameters):
    """Parameters that note each name asked for, with the day, also where no step tells of it."""

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters, file=parameters.file)
        self.reads: set[tuple[str, date]] = set()

    def value(self, name: str, on: date, settings: Mapping[str, Any] | None = None) -> Found:
        """Return what `Parameters.value` does, noting the question."""
        found = super().value(name, on, settings)
        self.reads.add((name, on))
        return found


def check(path: Path) -> list[Problem]:
    """Return every problem of the rule pack in a folder (where its pyproject.toml stands); none means it conforms."""
    modules = pack_modules(path)
    if not modules:
        return [
            Problem(
                where=str(path),
                what=f"no pyproject.toml with entry points of the group {GROUP} stands here",
                remedy="name the folder of a rule pack",
            )
        ]
    with standing_in(path):
        return [problem for module in modules for problem in _check_module(path, module)]


def _check_module(folder: Path, module: str) -> list[Problem]:
    home = folder / module.replace(".", "/")
    try:
        source = load_source(home / "source.toml")
        parameters = load_parameters(home / "parameters.toml", clauses=source.clauses)
    except PackRefused as error:
        return [Problem(where=str(home), what=str(error), remedy="correct the file and run the check again")]
    formulas = read_formulas(home, module, parameters)
    loaded = _load(folder, module, source.jurisdiction)
    if isinstance(loaded, Problem):
        return [*formulas.problems, loaded]
    traced = TracedParameters(loaded.parameters)
    pack = RulePack(
        name=loaded.name,
        version=loaded.version,
        source=loaded.source,
        parameters=traced,
        decisions=loaded.decisions.values(),
        credit=loaded.credit,
        visits=loaded.visits,
        workflows=loaded.workflows,
        windows=loaded.windows,
        periods=loaded.periods,
    )
    cases, unreadable = _cases(folder)
    checked = Checked(
        folder=folder,
        module=module,
        source=source,
        parameters=parameters,
        formulas=formulas,
        pack=pack,
        runs=tuple(run_on_pack(case, pack) for case in cases),
        reads=frozenset(traced.reads),
    )
    return [*formulas.problems, *unreadable, *(problem for one in CHECKS for problem in one(checked))]


def _load(folder: Path, module: str, jurisdiction: str) -> RulePack | Problem:
    where = str(folder)
    for entry in entry_points(group=GROUP):
        if entry.module == module:
            try:
                packs = packs_of(entry)
            except PackRefused as error:
                return Problem(where=where, what=str(error), remedy="correct it; a pack that fails serves no district")
            file = Path(importlib.import_module(module).__file__ or "")
            if folder.resolve() not in file.resolve().parents:
                return Problem(
                    where=where, what=f"{module} is installed from {file.parent}", remedy="install this folder instead"
                )
            for pack in packs:
                if pack.jurisdiction == jurisdiction:
                    return pack
            return Problem(
                where=where, what=f"{module} returns no pack of {jurisdiction}", remedy="return it from rule_packs()"
            )
    return Problem(where=where, what=f"{module} is not installed", remedy=f"uv pip install -e {folder}")


def _cases(folder: Path) -> tuple[list[Case], list[Problem]]:
    cases: list[Case] = []
    problems: list[Problem] = []
    for file in sorted((folder / "cases").glob("*.toml")):
        try:
            cases += read_cases(file)
        except CaseRefused as error:
            problems.append(Problem(where=str(file), what=str(error), remedy="correct the case file"))
    return cases, problems


def _clauses_answered(checked: Checked) -> Iterator[Problem]:
    where = f"{checked.module}/source.toml"
    cites = {dated.cite for parameter in checked.parameters.values() for dated in parameter.values}
    for ordered in (checked.pack.answered(), checked.pack.carried_out()):
        cites |= {cite for _, clauses in ordered for cite in clauses}
    answered = {declared_clause(cite, checked.source.clauses) for cite in cites}
    for clause in checked.source.clauses:
        if clause in answered and clause in checked.source.not_modelled:
            yield Problem(
                where=f"{where}: [not_modelled] {clause}",
                what=f"{clause} is answered, cited or carried out, and listed as not modelled",
                remedy="take it out of [not_modelled]; what is left open of it belongs in the clause's note",
            )
        elif clause not in answered and clause not in checked.source.not_modelled:
            yield Problem(
                where=f"{where}: [clauses.{clause}]",
                what=f"no decision answers {clause}, no parameter or workflow cites it, and no reason is given",
                remedy="answer it, cite it, or give the reason under [not_modelled]",
            )


def _values_from_the_start(checked: Checked) -> Iterator[Problem]:
    start = checked.source.applies_from
    for parameter in checked.parameters.values():
        first = parameter.values[0].since
        if first > start:
            yield Problem(
                where=f"{checked.module}/parameters.toml: [{parameter.name}]",
                what=f"has no value from {start}, when the regulation begins to apply, until {first}",
                remedy="give the value of that time, or the one that means 'not yet'",
            )


def _parameters_read(checked: Checked) -> Iterator[Problem]:
    read = {name for name, _ in checked.reads} | checked.formulas.parameters
    for name in checked.parameters:
        if name not in read:
            yield Problem(
                where=f"{checked.module}/parameters.toml: [{name}]",
                what="no formula and no case reads it",
                remedy=f"read law.{name} in the formula of its clause, or take it out",
            )


def _kinds_have_cases(checked: Checked) -> Iterator[Problem]:
    shown = {ran.case.kind for ran in checked.runs}
    for kind in checked.pack.decisions:
        if kind not in shown:
            yield Problem(
                where=str(checked.folder / "cases"),
                what=f"no case shows the decision {kind!r}",
                remedy=f'add a [[case]] with kind = "{kind}"',
            )


def _cases_pass(checked: Checked) -> Iterator[Problem]:
    for ran in checked.runs:
        if not ran.passed:
            yield Problem(
                where=f"cases/{ran.case.file}: {ran.case.id}",
                what="; ".join(ran.problems),
                remedy="correct the formula, the value or the case",
            )


def _sentences_filled(checked: Checked) -> Iterator[Problem]:
    for ran in checked.runs:
        said = [(one.name, one.zh, one.en) for one in ran.decided.steps] if ran.decided else []
        said += [(one.code, one.zh, one.en) for one in ran.decided.refusals] if ran.decided else []
        for name, *sentences in said:
            for word in (word for sentence in sentences for word in UNFILLED.findall(sentence)):
                yield Problem(
                    where=f"cases/{ran.case.file}: {ran.case.id}",
                    what=f"the sentence of {name} leaves {word} open",
                    remedy="give that word to law.step or law.refuse, or correct its name",
                )


def _changes_have_cases(checked: Checked) -> Iterator[Problem]:
    for parameter in checked.parameters.values():
        for dated in parameter.values[1:]:
            days = {"the day before": dated.since - timedelta(days=1), "the day it starts": dated.since}
            for said, day in days.items():
                if (parameter.name, day) not in checked.reads:
                    yield Problem(
                        where=f"{checked.module}/parameters.toml: [{parameter.name}] since {dated.since}",
                        what=f"no case reads it on {said}, {day}",
                        remedy=f"add a [[case]] with on = {day} whose decision reads {parameter.name}",
                    )


CHECKS: tuple[Callable[[Checked], Iterable[Problem]], ...] = (
    _clauses_answered,
    _values_from_the_start,
    _parameters_read,
    _kinds_have_cases,
    _cases_pass,
    _sentences_filled,
    _changes_have_cases,
)


if __name__ == "__main__":
    found = [problem for path in sys.argv[1:] or ["."] for problem in check(Path(path))]
    sys.stdout.write("".join(f"{problem}\n" for problem in found) + f"{len(found)} 处问题 / problems\n")
    sys.exit(1 if found else 0)
