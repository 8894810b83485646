"""Made-up rule packs: a whole small district in a temporary folder, installed for one test."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest
from yanxiu_rulekit.plugins import GROUP

SOURCE = """
[source]
jurisdiction = "{jurisdiction}"
title = "虚构县教师研修办法"
issuer = "虚构县教育局"
signed_on = 2024-01-01
published_on = 2024-01-02
applies_from = 2024-01-01

[clauses.MADE-1]
heading = "第一条"
quotation = "每课时计1学分,每年不少于10学分"

[clauses.MADE-2]
heading = "第二条"
quotation = "专家讲座按2倍计"
"""

PARAMETERS = """
[rate]
label = "每课时学分"
label_en = "credits for an hour"
unit = "学分/课时"
values = [ { since = 2024-01-01, value = 1, cite = "MADE-1" }, { since = 2025-01-01, value = 1.5, cite = "MADE-1" } ]

[expert_factor]
label = "专家讲座倍数"
label_en = "factor for expert lectures"
unit = "倍"
district_may_set = { min = 1, max = 3 }
values = [ { since = 2024-01-01, value = 2, cite = "MADE-2" } ]
"""

CODE = '''
"""A made-up district."""

from decimal import Decimal

from yanxiu_rulekit import Facts, RulePack, choose, decision, hookimpl


class Hours(Facts, frozen=True, kw_only=True):
    """Hours of one training."""

    hours: Decimal
    expert: bool = False


@decision("credit", facts=Hours, clauses=("MADE-1", "MADE-2"))
def credit(facts, law):
    """Hours times the rate."""
    factor = choose((facts.expert, lambda: law.expert_factor), otherwise=1)
    total = law.step(
        "credit", facts.hours * law.rate * factor, unit="学分", clauses=("MADE-1",), zh="计{value}学分。", en="{value}."
    )
    return {"total": total}


@hookimpl
def rule_packs():
    """Return the pack."""
    return [RulePack.load(__name__, name=DISTRIBUTION, decisions=[credit])]
'''

CASES = """
[[case]]
name = "2025年起每课时1.5学分"
kind = "credit"
on = 2025-01-01
given = { hours = "4" }
expect = { total = 6 }
clauses = ["MADE-1"]

[[case]]
name = "2024年底仍为每课时1学分，专家讲座按2倍"
kind = "credit"
on = 2024-12-31
given = { hours = "4", expert = true }
expect = { total = 8 }
clauses = ["MADE-1", "MADE-2"]
"""

_numbers = itertools.count()


@dataclass(frozen=True)
class Made:
    """A made-up pack: its folder, its import package and its entry point."""

    folder: Path
    module: str
    distribution: str
    entry: EntryPoint

    @property
    def home(self) -> Path:
        return self.folder / self.module


MakePack = Callable[..., Made]


@pytest.fixture
def make_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakePack]:
    made: list[str] = []

    def make(
        jurisdiction: str = "made",
        *,
        source: str = SOURCE,
        parameters: str = PARAMETERS,
        code: str = CODE,
        cases: Mapping[str, str] | None = None,
        requires: str | None = "yanxiu-rulekit>=1,<2",
    ) -> Made:
        module = f"made_up_{next(_numbers)}"
        distribution = module.replace("_", "-")
        folder = tmp_path / module
        home = folder / module
        (folder / "cases").mkdir(parents=True)
        home.mkdir()
        (home / "source.toml").write_text(source.replace("{jurisdiction}", jurisdiction), encoding="utf-8")
        (home / "parameters.toml").write_text(parameters, encoding="utf-8")
        (home / "__init__.py").write_text(code.replace("DISTRIBUTION", repr(distribution)), encoding="utf-8")
        for name, text in ({"credit.toml": CASES} if cases is None else cases).items():
            (folder / "cases" / name).write_text(text, encoding="utf-8")
        (folder / "pyproject.toml").write_text(
            f'[project]\nname = "{distribution}"\n\n[project.entry-points."{GROUP}"]\n{jurisdiction} = "{module}"\n',
            encoding="utf-8",
        )
        info = folder / f"{module}-1.0.dist-info"
        info.mkdir()
        needs = f"Requires-Dist: {requires}\n" if requires else ""
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n{needs}")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{jurisdiction} = {module}\n")
        monkeypatch.syspath_prepend(folder)
        made.append(module)
        (entry,) = [one for one in entry_points(group=GROUP) if one.module == module]
        return Made(folder=folder, module=module, distribution=distribution, entry=entry)

    yield make
    for module in made:
        sys.modules.pop(module, None)


@pytest.fixture
def made_code() -> str:
    return CODE


@pytest.fixture
def made_parameters() -> str:
    return PARAMETERS


@pytest.fixture
def made_source() -> str:
    return SOURCE


@pytest.fixture
def made_cases() -> str:
    return CASES
