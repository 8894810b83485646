"""Cases: what a decision must give for given facts, in JSON or TOML, run and reported with the reason.

`python -m yanxiu_rulekit.cases FILE...` prints each failure with the parameters read, then `N passed, M failed`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

import msgspec

from yanxiu_rulekit.casefile import Case, read_cases
from yanxiu_rulekit.compare import Difference, differences, told
from yanxiu_rulekit.errors import CaseRefused, FactsRefused, PackRefused, RulekitError
from yanxiu_rulekit.outcome import Decided, Reading
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.periodcases import asks_a_period, decide_period
from yanxiu_rulekit.plugins import Rulebook, load_packs


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """A case that was run: what went wrong (nothing when it passed), and the decision if there was one."""

    case: Case
    problems: tuple[str, ...]
    decided: Decided | None = None

    @property
    def passed(self) -> bool:
        """Whether the case came out as expected."""
        return not self.problems

    def explanation(self) -> str:
        """Return the failure as a reader needs it: the case, each difference, what was read, each step."""
        case = self.case
        lines = [f"{case.file}: {case.id} ({case.jurisdiction} {case.kind}){': ' + case.reason if case.reason else ''}"]
        lines += [f"  {problem}" for problem in self.problems]
        if self.decided is not None:
            lines += [f"  read {read_as_text(reading)}" for reading in readings_of(self.decided)]
            lines += [f"  step {step.name}: {step.zh}" for step in self.decided.steps]
            lines += [f"  refused {refusal.field}: {refusal.zh}" for refusal in self.decided.refusals]
        return "\n".join(lines)


def run_case(case: Case, rulebook: Rulebook) -> Ran:
    """Run one case against the pack of its jurisdiction; whatever goes wrong is a failure that says so."""
    try:
        pack = rulebook.pack(case.jurisdiction)
    except PackRefused as error:
        return Ran(case=case, problems=(str(error),))
    return run_on_pack(case, pack)


def run_on_pack(case: Case, pack: RulePack) -> Ran:
    """Run one case against a pack."""
    strange = [cite for cite in case.clauses if pack.source.clause(cite) is None]
    if strange:
        return Ran(case=case, problems=(f"clauses: {', '.join(strange)} not in source.toml of {pack.name}",))
    try:
        if asks_a_period(case):
            decided = decide_period(pack, case)
        else:
            decided = pack.decide(case.kind, case.given, on=case.on, settings=case.settings)
    except FactsRefused as error:
        if case.refused == (error.field,):
            return Ran(case=case, problems=())
        return Ran(case=case, problems=(f"the facts were refused: {error}",))
    except RulekitError as error:
        return Ran(case=case, problems=(str(error),))
    except Exception as error:  # noqa: BLE001 - a formula is foreign code; its fault is this case's failure
        return Ran(case=case, problems=(f"the formula raised {type(error).__name__}: {error}",))
    found = [str(one) for one in differences(case.expect, decided.result)]
    if case.refused is not None:
        fields = {refusal.field for refusal in decided.refusals}
        if fields != set(case.refused):
            found.append(str(Difference("refused", told(sorted(case.refused)), told(sorted(fields)))))
    return Ran(case=case, problems=tuple(found), decided=decided)


def readings_of(decided: Decided) -> tuple[Reading, ...]:
    """Return every parameter that the decision read and told, once."""
    return tuple(dict.fromkeys(reading for step in decided.steps for reading in step.readings))


def read_as_text(reading: Reading) -> str:
    """Return a reading on one line: name, value with unit, since when, by which clause."""
    row = f"[{reading.key}]" if reading.key is not None else ""
    by = f", {reading.decided_by}" if reading.decided_by else ""
    value = f"{told(reading.value)} {reading.unit}".strip()
    return f"{reading.parameter}{row} = {value} (since {reading.since}, {reading.cite}{by})"


def run_files(paths: Iterable[Path], rulebook: Rulebook) -> list[Ran]:
    """Read every file, then run every case; raises `CaseRefused` before running any when a file cannot be read."""
    cases = [case for path in paths for case in read_cases(path)]
    return [run_case(case, rulebook) for case in cases]


def report(paths: Sequence[Path], out: TextIO, err: TextIO) -> int:
    """Run the files, write failures and the count; return 0, 1 when a case failed, 2 when a file cannot be read."""
    if not paths:
        err.write("cases: name at least one case file (.json or .toml)\n")
        return 2
    try:
        ran = run_files(paths, load_packs())
    except CaseRefused as error:
        err.write(f"cases: {error}\n")
        return 2
    failed = [one for one in ran if not one.passed]
    for one in failed:
        out.write(one.explanation() + "\n")
    out.write(f"{len(ran) - len(failed)} passed, {len(failed)} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(report([Path(name) for name in sys.argv[1:]], sys.stdout, sys.stderr))
