"""A pytest plug-in: every case in a pack's `cases/*.toml` is a test named by its sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from os import PathLike
from pathlib import Path
from typing import Any

import pytest

from yanxiu_rulekit.casefile import Case, pack_modules, read_cases
from yanxiu_rulekit.cases import run_case
from yanxiu_rulekit.errors import CaseRefused
from yanxiu_rulekit.plugins import Rulebook, load_packs
from yanxiu_rulekit.standin import standing_in

_RULEBOOK = pytest.StashKey[Rulebook]()


class CaseFailed(Exception):
    """A case that did not come out; its message is the explanation."""


class CaseItem(pytest.Item):
    """One case as a test."""

    def __init__(self, *, case: Case, **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case

    def runtest(self) -> None:
        """Run the case against the installed pack of its jurisdiction."""
        stash = self.config.stash
        if _RULEBOOK not in stash:
            stash[_RULEBOOK] = load_packs()
        ran = run_case(self.case, stash[_RULEBOOK])
        if not ran.passed:
            raise CaseFailed(ran.explanation())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the explanation alone: it already says what was expected, what came, and why."""
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[PathLike[str] | str, int | None, str]:
        """Return where the case stands and its headline; pytest breaks a bare name at its dots (`1.5` to `1::5`)."""
        return self.path, None, f"{self.path.name}: {self.case.id}"


class CaseFile(pytest.File):
    """One TOML file of cases."""

    def collect(self) -> Iterator[CaseItem]:
        """Return one test for each case; a file that cannot be read is an error of the run."""
        try:
            cases = read_cases(self.path)
        except CaseRefused as error:
            raise self.CollectError(str(error)) from None
        for case in cases:
            yield CaseItem.from_parent(self, name=case.id, case=case)


def pytest_configure(config: pytest.Config) -> None:
    """Let a pack be tested in its own folder before it is installed: it stands in for itself while pytest runs."""
    stack = ExitStack()
    stack.enter_context(standing_in(config.rootpath))
    config.add_cleanup(stack.close)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CaseFile | None:
    """Collect `<pack folder>/cases/*.toml`."""
    if file_path.suffix == ".toml" and file_path.parent.name == "cases" and pack_modules(file_path.parent.parent):
        return CaseFile.from_parent(parent, path=file_path)
    return None
