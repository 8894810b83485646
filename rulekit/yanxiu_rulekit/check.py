"""The conformance check of a pack folder: citations, dates, clauses, formulas, cases and columns, each with a remedy.

`python -m yanxiu_rulekit.check [--json] FOLDER` prints each problem with file and line; the exit code is 1 when there
is one. The pack need not be installed, and what is checked is the folder whatever else is.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, TextIO

from yanxiu_rulekit.casecheck import CASE_CHECKS, CaseLines, Checked, expects_a_value
from yanxiu_rulekit.casefile import Case, pack_modules, read_cases
from yanxiu_rulekit.cases import Ran, run_on_pack
from yanxiu_rulekit.columncheck import check_columns
from yanxiu_rulekit.errors import CaseRefused, PackRefused
from yanxiu_rulekit.formulacheck import read_formulas
from yanxiu_rulekit.lawfiles import Lines, read_law_files, read_workflow_file
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import Found, Parameters, load_parameters
from yanxiu_rulekit.plugins import GROUP, packs_of
from yanxiu_rulekit.problem import Problem
from yanxiu_rulekit.source import Source, declared_clause, load_source
from yanxiu_rulekit.standin import standing_in

# Problems told from the files' text that also keep the pack from loading: it is not said again that it does not load.
KEEP_IT_FROM_LOADING = frozenset({"CITATION_UNKNOWN", "CITATION_MISSING", "FILE_UNREADABLE"})


# Characters below which nobody says why a clause is not modelled.
SHORTEST_REASON = 6
# Parameters that were read, each with the day.
Reads = frozenset[tuple[str, date]]


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
                code="NOT_A_PACK",
                file=str(path),
                zh=f"这里没有写明入口组 {GROUP} 的 pyproject.toml",
                en=f"no pyproject.toml with entry points of the group {GROUP} stands here",
                remedy_zh="指明规则包的目录",
                remedy_en="name the folder of a rule pack",
            )
        ]
    with standing_in(path):
        return [problem for module in modules for problem in _check_module(path, module)]


def _check_module(folder: Path, module: str) -> list[Problem]:
    home = folder / module.replace(".", "/")
    problems = list(read_law_files(home))
    try:
        source = load_source(home / "source.toml")
    except PackRefused as error:
        return [*problems, _refused(error, home)]
    try:
        parameters = load_parameters(home / "parameters.toml", clauses=source.clauses)
    except PackRefused as error:
        return problems or [_refused(error, home)]
    formulas = read_formulas(home, module, parameters, source.clauses)
    problems += [*read_workflow_file(home, source.clauses), *formulas.problems]
    try:
        loaded = _loaded(module, source.jurisdiction)
    except PackRefused as error:
        told = any(problem.code in KEEP_IT_FROM_LOADING for problem in problems)
        return problems if told else [*problems, _refused(error, home)]
    traced = TracedParameters(loaded.parameters)
    pack = loaded.under(traced)
    cases, lines, unreadable = _cases(folder)
    runs, reads, shown = _run(cases, pack, traced)
    checked = Checked(
        folder=folder,
        home=home,
        parameters=parameters,
        named=formulas.parameters,
        pack=pack,
        runs=runs,
        lines=lines,
        reads=reads,
        shown=shown,
    )
    problems += [*_entry_name(folder, module, source.jurisdiction), *unreadable, *_clauses(home, source, loaded)]
    problems += [problem for one in CASE_CHECKS for problem in one(checked)]
    return [*problems, *check_columns(loaded, home, cases)]


def _run(cases: Sequence[Case], pack: RulePack, traced: TracedParameters) -> tuple[tuple[Ran, ...], Reads, Reads]:
    """Run the cases; return what they read, and what those of them read that expect a value."""
    runs: list[Ran] = []
    reads: set[tuple[str, date]] = set()
    shown: set[tuple[str, date]] = set()
    for case in cases:
        traced.reads = set()
        runs.append(run_on_pack(case, pack))
        reads |= traced.reads
        shown |= traced.reads if expects_a_value(case) else set()
    return tuple(runs), frozenset(reads), frozenset(shown)


def _loaded(module: str, jurisdiction: str) -> RulePack:
    """Load the pack as a platform would; raises `PackRefused`."""
    for entry in entry_points(group=GROUP):
        if entry.module == module:
            for pack in packs_of(entry):
                if pack.jurisdiction == jurisdiction:
                    return pack
            raise PackRefused(f"{module} returns no pack of {jurisdiction}; return it from rule_packs()")
    raise PackRefused(f"{module} is not found by its entry point; correct pyproject.toml")


def _entry_name(folder: Path, module: str, jurisdiction: str) -> Iterator[Problem]:
    """A platform looks for a pack by the name of its entry point, before it loads anything."""
    names = [entry.name for entry in entry_points(group=GROUP) if entry.module == module]
    if jurisdiction not in names:
        named = ", ".join(names)
        yield Problem(
            code="ENTRY_NAME",
            file=str(folder / "pyproject.toml"),
            line=Lines(folder / "pyproject.toml").of_key(f'project.entry-points."{GROUP}"', named),
            zh=f"入口的名称是 {named}，而 source.toml 的 jurisdiction 是 {jurisdiction}",
            en=f"the entry point is called {named}, and the jurisdiction in source.toml {jurisdiction}",
            remedy_zh="两处写成一样：平台按入口的名称找规则包",
            remedy_en="let both be the same: a platform finds a pack by the name of its entry point",
        )


def _refused(error: PackRefused, home: Path) -> Problem:
    """Tell what the loading itself refused, where it names a file and a table of it."""
    said = str(error)
    named = re.search(r"(?:^|[\s/])(\w+\.toml): (?:\[([\w.-]+)\])?(?: step (\w+))?", said)
    lines = Lines(home / (named[1] if named else "__init__.py"))
    line = re.search(r"at line (\d+)", said)
    if line is None and named and named[2]:
        at = lines.of_step(named[2], named[3]) if named[3] else lines.of_table(named[2])
    else:
        at = int(line[1]) if line else None
    return Problem(
        code="PACK_REFUSED",
        file=lines.file,
        line=at,
        zh=f"规则包不能装载：{error}",
        en=f"the pack does not load: {error}",
        remedy_zh="改正后再核对；不能装载的规则包不为任何区服务",
        remedy_en="correct it and check again; a pack that fails serves no district",
    )


def _cases(folder: Path) -> tuple[list[Case], CaseLines, list[Problem]]:
    cases: list[Case] = []
    lines: CaseLines = {}
    problems: list[Problem] = []
    for file in sorted((folder / "cases").glob("*.toml")):
        try:
            own = read_cases(file)
        except CaseRefused as error:
            problems.append(
                Problem(
                    code="FILE_UNREADABLE",
                    file=str(file),
                    zh=f"用例文件不能读：{error}",
                    en=f"the case file cannot be read: {error}",
                    remedy_zh="改正后再核对",
                    remedy_en="correct the case file",
                )
            )
            continue
        standing = Lines(file)
        lines |= {(one.file, one.id): (str(file), standing.of_case(index)) for index, one in enumerate(own)}
        cases += own
    return cases, lines, problems


def _clauses(home: Path, source: Source, pack: RulePack) -> Iterator[Problem]:
    """Every clause is answered, cited or carried out, or given up with a reason; not both, not neither."""
    cites = {dated.cite for parameter in pack.parameters.values() for dated in parameter.values}
    for ordered in (pack.answered(), pack.carried_out()):
        cites |= {cite for _, clauses in ordered for cite in clauses}
    answered = {declared_clause(cite, source.clauses) for cite in cites}
    lines = Lines(home / "source.toml")
    for clause in source.clauses:
        if clause in answered and clause in source.not_modelled:
            yield Problem(
                code="CLAUSE_BOTH",
                file=lines.file,
                line=lines.of_key("not_modelled", clause),
                zh=f"{clause} 已有裁定、参数或流程，又列为未建模",
                en=f"{clause} is answered, cited or carried out, and listed as not modelled",
                remedy_zh="从 [not_modelled] 中去掉；尚未办到的写进这一条的 note",
                remedy_en="take it out of [not_modelled]; what is left open of it belongs in the clause's note",
            )
        elif clause not in answered and clause not in source.not_modelled:
            yield Problem(
                code="CLAUSE_UNANSWERED",
                file=lines.file,
                line=lines.of_table(f"clauses.{clause}"),
                zh=f"{clause} 没有裁定作答，没有参数或流程引用，也没有写明理由",
                en=f"no decision answers {clause}, no parameter or workflow cites it, and no reason is given",
                remedy_zh="作答、引用，或在 [not_modelled] 中写明理由",
                remedy_en="answer it, cite it, or give the reason under [not_modelled]",
            )
        elif (reason := source.not_modelled.get(clause)) is not None and _says_nothing(reason):
            yield Problem(
                code="REASON_MISSING",
                file=lines.file,
                line=lines.of_key("not_modelled", clause),
                zh=f"{clause} 未建模的理由“{reason}”没有说出为什么",
                en=f"the reason {reason!r} does not say why {clause} is not modelled",
                remedy_zh="用一句话写明为什么不建模，官员会读到它",
                remedy_en="say in a sentence why it is not modelled: officials read it",
            )


def _says_nothing(reason: str) -> bool:
    """Say whether a reason is a dash, a note to oneself or shorter than any sentence."""
    words = re.sub(r"[\W_]", "", reason)
    return len(words) < SHORTEST_REASON or re.match(r"(?i)todo|tbd|fixme|xxx|待补|待定|暂无", words) is not None


def report(paths: Sequence[Path], out: TextIO, *, as_json: bool = False) -> int:
    """Check the folders and write what is found, as lines or as one JSON object; return 1 when there are problems."""
    problems = [problem for path in paths for problem in check(path)]
    if as_json:
        told = {"paths": [str(path) for path in paths], "problems": [problem.plain() for problem in problems]}
        out.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        for problem in problems:
            out.write(f"{problem}\n")
        out.write(f"{', '.join(map(str, paths))}: {len(problems)} 处问题 / problems: {len(problems)}\n")
    return 1 if problems else 0


def main(words: Iterable[str]) -> int:
    """Run the check as a command: folders (this one unless named), and `--json`."""
    listed = list(words)
    paths = [Path(word) for word in listed if word != "--json"] or [Path()]
    return report(paths, sys.stdout, as_json="--json" in listed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
