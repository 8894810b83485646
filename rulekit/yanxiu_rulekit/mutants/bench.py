"""A pack on the bench: its cases as run once, what each of them enters and reads, and whether one notices a mutant."""

from __future__ import annotations

import importlib
import importlib.machinery
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

import msgspec

from yanxiu_rulekit.casefile import Case
from yanxiu_rulekit.cases import Ran, run_on_pack
from yanxiu_rulekit.check import TracedParameters
from yanxiu_rulekit.decision import Decision
from yanxiu_rulekit.mutants.clockwork import OutOfTime, time_limit
from yanxiu_rulekit.mutants.formulas import Edit, Lines
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import Parameter, Parameters
from yanxiu_rulekit.source import declared_clause

LIMIT = 0.5  # CPU seconds for one case, which takes a thousandth of them


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it comes out of the sound pack: the places it enters, what it reads.

    `told` says of the clauses that it names how many steps and refusals of the answer cite each.
    """

    case: Case
    entered: frozenset[tuple[str, int]]
    read: frozenset[str]
    told: Mapping[str, int]

    def enters(self, lines: Lines) -> bool:
        """Say whether it runs something between two lines of a file."""
        file, first, last = lines
        return any(where == file and first <= line <= last for where, line in self.entered)


class Bench:
    """Runs a pack's cases against mutants of it, one after the other, in this process."""

    def __init__(self, pack: RulePack, module: str, cases: Sequence[Case]) -> None:
        self._pack = pack
        self._module = module
        self._sound = _modules(module)
        self._codes = {name: _code_of(one) for name, one in self._sound.items()}
        self.failing: list[Ran] = []
        self.shown = sorted((self._show(case) for case in cases), key=lambda one: len(one.entered))

    def _show(self, case: Case) -> Shown:
        traced = TracedParameters(self._pack.parameters)
        entered: set[tuple[str, int]] = set()

        def note(frame: FrameType, event: str, _argument: Any) -> None:
            if event == "call":
                entered.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

        before = sys.getprofile()
        sys.setprofile(note)
        try:
            ran = run_on_pack(case, self._pack.under(traced))
        finally:
            sys.setprofile(before)
        if not ran.passed:
            self.failing.append(ran)
        return Shown(
            case=case,
            entered=frozenset(entered),
            read=frozenset(name for name, _ in traced.reads),
            told=self._told(case, ran),
        )

    def _told(self, case: Case, ran: Ran) -> Counter[str]:
        """Return how often the answer cites each of the clauses that a case names, in its steps and refusals."""
        if ran.decided is None:
            return Counter()
        known = self._pack.source.clauses
        told = (one.clauses for one in (*ran.decided.steps, *ran.decided.refusals))
        cites = Counter(
            cite for clauses in told for one in clauses for cite in {one, declared_clause(one, known) or one}
        )
        return Counter({cite: number for cite, number in cites.items() if cite in case.clauses})

    def parameter_noticed(self, changed: Parameter) -> str:
        """Return the case that notices a changed parameter, or the accident; empty where none does."""
        parameters = Parameters({**self._pack.parameters, changed.name: changed}, file=self._pack.parameters.file)
        return self._noticed(self._pack.under(parameters), [one for one in self.shown if changed.name in one.read])

    def formula_noticed(self, edit: Edit, code: CodeType) -> str:
        """Return the case that notices a changed formula, or the accident; empty where none does."""
        with replaced(self._module):
            try:
                with time_limit(LIMIT):
                    pack = self._with(_decisions(imported({**self._codes, edit.module: code}, self._sound)))
            except OutOfTime:
                return "does not end when it is loaded"
            except Exception as error:  # noqa: BLE001 - a mutant may raise whatever it likes; that is noticed at once
                return f"does not load: {type(error).__name__}"
            # Facts find the classes of facts inside them when they are first read: the mutant must still stand here.
            return self._noticed(pack, self._concerned(edit))

    def _concerned(self, edit: Edit) -> list[Shown]:
        """Return the cases that run what was changed; first those that enter the definition itself."""
        near, far = [], []
        for one in self.shown:
            if one.enters(edit.near):
                near.append(one)
            elif any(one.enters(lines) for lines in edit.far):
                far.append(one)
        return near + far

    def _with(self, decisions: Mapping[str, Decision]) -> RulePack:
        return RulePack(
            name=self._pack.name,
            version=self._pack.version,
            source=self._pack.source,
            parameters=self._pack.parameters,
            decisions=[decisions[kind] for kind in self._pack.decisions],
        )

    def _noticed(self, pack: RulePack, shown: Sequence[Shown]) -> str:
        for one in shown:
            try:
                with time_limit(LIMIT):
                    ran = run_on_pack(one.case, pack)
            except (OutOfTime, MemoryError, RecursionError) as error:
                return f"{one.case.id}: {type(error).__name__}"
            told = self._told(one.case, ran)
            if not ran.passed or any(told[cite] < number for cite, number in one.told.items()):
                return one.case.id
        return ""


def _modules(module: str) -> dict[str, ModuleType]:
    importlib.import_module(module)
    return {name: one for name, one in sys.modules.items() if name == module or name.startswith(f"{module}.")}


def _code_of(module: ModuleType) -> CodeType:
    file = Path(module.__file__ or "")
    return compile(file.read_text(encoding="utf-8"), str(file), "exec")


@contextmanager
def replaced(module: str) -> Iterator[None]:
    """Set a package aside, so that another may be imported under its name; afterwards it is as it was."""
    before = _modules(module)
    for name in before:
        del sys.modules[name]
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name == module or name.startswith(f"{module}.")]:
            del sys.modules[name]
        sys.modules.update(before)


def imported(codes: Mapping[str, CodeType], sound: Mapping[str, ModuleType]) -> dict[str, ModuleType]:
    """Import the modules of a package from code; `sound` are those whose place they take."""
    finder = _Finder(sound, codes)
    sys.meta_path.insert(0, finder)
    try:
        return {name: importlib.import_module(name) for name in codes}
    finally:
        sys.meta_path.remove(finder)


class _Finder(MetaPathFinder, Loader):
    """Finds the modules of a package as code held in memory."""

    def __init__(self, modules: Mapping[str, ModuleType], codes: Mapping[str, CodeType]) -> None:
        self._modules = modules
        self._codes = codes

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any:
        """Return how a module of the package is loaded; None for any other."""
        if name not in self._codes:
            return None
        sound = self._modules[name].__spec__
        searched = list(sound.submodule_search_locations or []) if sound else None
        spec = importlib.machinery.ModuleSpec(name, self, origin=sound.origin if sound else None)
        if sound is not None and sound.submodule_search_locations is not None:
            spec.submodule_search_locations = searched
        return spec

    def create_module(self, spec: Any) -> None:
        """Leave the making of the module to the interpreter."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code."""
        exec(self._codes[module.__name__], module.__dict__)  # noqa: S102 - the pack's own code, which a check imports too


def _decisions(modules: Mapping[str, ModuleType]) -> dict[str, Decision]:
    found = (value for module in modules.values() for value in vars(module).values())
    return {value.kind: value for value in found if isinstance(value, Decision)}
