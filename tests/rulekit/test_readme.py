"""What the kit's README shows is true: its TOML reads, its decision runs, its case passes."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from yanxiu_rulekit import RulePack, load_packs
from yanxiu_rulekit.casefile import read_cases
from yanxiu_rulekit.cases import run_case

README = (Path(__file__).resolve().parents[2] / "rulekit" / "README.md").read_text(encoding="utf-8")
PUTUO = load_packs().pack("putuo")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_decision_shown_runs_and_explains_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    example = ModuleType("readme_example")
    monkeypatch.setitem(sys.modules, example.__name__, example)
    exec(blocks("python")[0], vars(example))  # noqa: S102 - the README's own example is what is tested
    pack = RulePack(
        name="example", version="1", source=PUTUO.source, parameters=PUTUO.parameters, decisions=[example.session]
    )
    decided = pack.decide("session", {"lecture": True, "hours": "15"})
    assert decided.steps[0].zh == "15课时，每10课时1学分，计1.5学分。"
    assert [one.parameter for one in decided.steps[0].readings] == ["lecture_hours_per_credit"]


def test_the_source_and_parameter_shown_stand_in_the_pack() -> None:
    shown = {key: value for block in blocks("toml") for key, value in tomllib.loads(block).items()}
    assert shown["source"]["title"] == PUTUO.source.title
    for name, clause in shown["clauses"].items():
        assert clause["quotation"] == PUTUO.source.clauses[name].quotation
    assert shown["not_modelled"].items() <= PUTUO.source.not_modelled.items()
    assert shown["rounding"]["label"] == PUTUO.parameters["rounding"].label


def test_the_case_shown_passes(tmp_path: Path) -> None:
    file = tmp_path / "case.toml"
    (case,) = [block for block in blocks("toml") if block.startswith("[[case]]")]
    file.write_text('jurisdiction = "putuo"\n' + case, encoding="utf-8")
    (ran,) = [run_case(one, load_packs()) for one in read_cases(file)]
    assert ran.passed, ran.explanation()
