"""The mutation test itself: every mutant, or a sample, tried against the pack's cases, in forked processes."""

from __future__ import annotations

import multiprocessing
import os
import resource
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import msgspec

from yanxiu_rulekit.casefile import pack_modules, read_cases
from yanxiu_rulekit.errors import PackRefused
from yanxiu_rulekit.mutants.bench import Bench
from yanxiu_rulekit.mutants.excuses import Excuses, load_excuses
from yanxiu_rulekit.mutants.formulas import Edit, edits, trees_of
from yanxiu_rulekit.mutants.mutant import Verdict
from yanxiu_rulekit.mutants.reach import Reach
from yanxiu_rulekit.mutants.values import OtherValue, alike, other_values
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import load_packs

HEADROOM = 1 << 30  # bytes that a mutant may ask for beyond what the process already holds
Progress = Callable[[int, int, int], None]


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What a mutation test of a pack found: a verdict for each mutant tried, of how many, and excuses without use.

    Its rate does not speak of `untried_parameters`, which no case reads, nor of `untried_functions`, which no decision
    reaches: what judges a period, opens a window or answers the visits service.
    """

    jurisdiction: str
    whole: int
    verdicts: tuple[Verdict, ...]
    idle_excuses: tuple[str, ...] = ()
    untried_parameters: tuple[str, ...] = ()
    untried_functions: tuple[str, ...] = ()

    def of(self, outcome: str) -> tuple[Verdict, ...]:
        """Return the verdicts of one kind."""
        return tuple(one for one in self.verdicts if one.outcome == outcome)

    @property
    def rate(self) -> float:
        """The share killed of those that are not excused, in percent; for showing and comparing only."""
        killed, survived = len(self.of("killed")), len(self.of("survived"))
        return 100 * killed / (killed + survived) if killed + survived else 100.0


class Trial:
    """One pack with all its mutants, ready to be tried."""

    def __init__(self, folder: Path) -> None:
        self.pack, module = _pack_of(folder)
        home = folder / module.replace(".", "/")
        cases = [case for file in sorted((folder / "cases").glob("*.toml")) for case in read_cases(file)]
        self.bench = Bench(self.pack, module, cases)
        if self.bench.failing:
            raise PackRefused(f"{self.bench.failing[0].explanation()}\nbring the cases into order first")
        self._trees = trees_of(home, module)
        read = {name for one in self.bench.shown for name in one.read}
        found = edits(self._trees, folder, clauses=self.pack.source.clauses, alike=alike(self.pack.parameters))
        self.untried_parameters = tuple(name for name in self.pack.parameters if name not in read)
        places = Reach({name: tree for name, (_, tree) in self._trees.items()}).untouched()
        self.untried_functions = tuple(f"{place.rpartition('.')[2]}.{name}" for place, name in places)
        self.mutants: list[Edit | OtherValue] = [*found, *other_values(self.pack.parameters, read, folder)]

    def verdict(self, index: int, excuses: Excuses) -> Verdict:
        """Try one mutant; an excused one is tried too, so that an excuse without use is seen."""
        one = self.mutants[index]
        if isinstance(one, OtherValue):
            by = self.bench.parameter_noticed(one.parameter)
        else:
            by = self.bench.formula_noticed(one, one.code(self._trees[one.module][1]))
        if by:
            return Verdict(mutant=one.mutant, outcome="killed", by=by)
        excuse = excuses.reason(one.mutant)
        return Verdict(mutant=one.mutant, outcome="excused" if excuse else "survived", by=excuse)


def _pack_of(folder: Path) -> tuple[RulePack, str]:
    modules = pack_modules(folder)
    if len(modules) != 1:
        raise PackRefused(f"{folder}: name the folder of one rule pack, where its pyproject.toml stands")
    for pack in load_packs().packs.values():
        if folder.resolve() in Path(pack.parameters.file).resolve().parents:
            return pack, modules[0]
    raise PackRefused(f"{folder}: its pack is not installed from here; uv pip install -e {folder}")


def run_mutants(folder: Path, *, sample: int | None = None, jobs: int | None = None, progress: Progress) -> Tally:
    """Try every mutant of the pack in a folder, or the `sample` that its lots draw; always the same ones.

    `progress` is told how many were tried, of how many, and how many survived. Raises `PackRefused`, `CaseRefused`.
    """
    trial = Trial(folder.resolve())
    excuses = load_excuses(folder)
    order = sorted(range(len(trial.mutants)), key=lambda index: trial.mutants[index].mutant.lot)
    drawn = order if sample is None else order[:sample]
    verdicts: list[Verdict] = []
    survived = 0
    for verdict in _tried(trial, excuses, drawn, jobs or os.cpu_count() or 1):
        verdicts.append(verdict)
        survived += verdict.outcome == "survived"
        progress(len(verdicts), len(drawn), survived)
    verdicts.sort(key=lambda one: (one.mutant.file, one.mutant.line, one.mutant.key))
    used = {one.mutant.key for one in verdicts if one.outcome == "excused"}
    idle = tuple(key for key in excuses.reasons if key not in used) if sample is None else ()
    return Tally(
        jurisdiction=trial.pack.jurisdiction,
        whole=len(trial.mutants),
        verdicts=tuple(verdicts),
        idle_excuses=idle,
        untried_parameters=trial.untried_parameters,
        untried_functions=trial.untried_functions,
    )


def _tried(trial: Trial, excuses: Excuses, drawn: Sequence[int], jobs: int) -> Iterator[Verdict]:
    """Deal the mutants out to forked processes; one that dies has killed its mutant, and another takes its place."""
    context = multiprocessing.get_context("fork")
    hands = [list(drawn[place::jobs]) for place in range(jobs)]
    waiting: dict[Connection, tuple[Any, list[int]]] = {}
    for hand in hands:
        _deal(context, trial, excuses, hand, waiting)
    while waiting:
        ready = wait(list(waiting))
        for end in [one for one in waiting if one in ready]:
            process, hand = waiting[end]
            try:
                found = end.recv()
            except EOFError:
                del waiting[end]
                process.join()
                if hand:
                    yield Verdict(
                        mutant=trial.mutants[hand.pop(0)].mutant, outcome="killed", by="the process died of it"
                    )
                    _deal(context, trial, excuses, hand, waiting)
            else:
                if isinstance(found, BaseException):
                    raise found
                yield found
                hand.pop(0)


def _deal(
    context: Any, trial: Trial, excuses: Excuses, hand: list[int], waiting: dict[Connection, tuple[Any, list[int]]]
) -> None:
    if not hand:
        return
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(trial, excuses, tuple(hand), theirs), daemon=True)
    process.start()
    theirs.close()
    waiting[ours] = (process, hand)


def _work(trial: Trial, excuses: Excuses, hand: Sequence[int], end: Any) -> None:
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (held + HEADROOM, held + HEADROOM))
    try:
        for index in hand:
            end.send(trial.verdict(index, excuses))
    except Exception as error:  # noqa: BLE001 - a fault of this tool, not of a mutant: the one who waits must see it
        end.send(error)
    end.close()
