"""The conformance check finds each defect that is planted, and says where, what and what to do, in both languages."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from yanxiu_rulekit.check import check
from yanxiu_rulekit.newpack import make_pack as make_from_template


def problems(made) -> list[str]:
    return [str(problem) for problem in check(made.folder)]


def test_a_sound_pack_has_no_problems(make_pack) -> None:
    assert problems(make_pack()) == []


PACKS = sorted(file.parent for file in (Path(__file__).resolve().parents[2] / "plugins").glob("*/pyproject.toml"))


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_the_packs_of_this_repository_conform(folder: Path) -> None:
    assert [str(problem) for problem in check(folder)] == []


def test_a_folder_that_is_no_pack_is_told(tmp_path: Path) -> None:
    (problem,) = check(tmp_path)
    assert (problem.code, problem.remedy_en) == ("NOT_A_PACK", "name the folder of a rule pack")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("* factor", "* factor * 3", "the number 3 stands in a formula; make it a parameter"),
        ("* factor", "* factor * Decimal('0.6')", "the number 0.6 stands in a formula"),
        ("* factor", "* factor * 1.0", "the number 1.0 stands in a formula"),
        ("law.rate * factor", "law.rate * factor * law.ratio", "reads the parameter 'ratio', which parameters.toml"),
        ("from decimal", "import random\nfrom decimal", "imports random; a formula sees its facts and its law"),
        ("from decimal", "import os.path\nfrom decimal", "imports os.path"),
        (
            "from decimal",
            "import msgspec\nfrom decimal",
            "imports msgspec; a pack imports yanxiu_rulekit and the standard",
        ),
        ("* factor", "* factor * Decimal.today()", "reads a clock (today); take the day from the facts"),
        ("* factor", "* Decimal(float(factor))", "calls float; a formula is exact"),
        ("expert, lambda: law.expert_factor", "expert, lambda: 1", "[expert_factor]: no formula and no case reads it"),
        ("def credit(facts, law):", "def credit(facts, law)", "is not Python"),
        ("计{value}学分", "计{valeu}学分", "the sentence of credit leaves {valeu} open; give that word"),
        ('clauses=("MADE-1", "MADE-2")', 'clauses=("MADE-9",)', "'MADE-9', which is no clause of source.toml"),
    ],
)
def test_a_defect_in_a_formula_is_found_with_its_line(make_pack, made_code: str, old: str, new: str, said: str) -> None:
    assert old in made_code
    found = problems(make_pack(code=made_code.replace(old, new)))
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2024-01-01, value = 2", "2024-06-01, value = 2", "has no value from 2024-01-01, when the regulation begins"),
        ('value = 2, cite = "MADE-2"', 'value = 2, cite = "MADE-7"', "cite 'MADE-7' is no clause"),
        ("2025-01-01, value = 1.5", "2025-02-01, value = 1.5", "no case reads it on the day it starts, 2025-02-01"),
        ("2025-01-01, value = 1.5", "2025-02-01, value = 1.5", "no case reads it on the day before, 2025-01-31"),
        ("2025-01-01, value = 1.5", "2024-01-01, value = 1.5", "2024-01-01 stands twice"),
    ],
)
def test_a_defect_in_the_values_is_found(make_pack, made_parameters: str, old: str, new: str, said: str) -> None:
    assert old in made_parameters
    found = problems(make_pack(parameters=made_parameters.replace(old, new)))
    assert any(said in problem for problem in found), found


def test_a_clause_without_an_answer_or_a_reason_is_found(make_pack, made_source: str) -> None:
    extra = '\n[clauses.MADE-3]\nheading = "第三条"\nquotation = "原文"\n'
    (found,) = problems(make_pack(source=made_source + extra))
    assert "no decision answers MADE-3, no parameter or workflow cites it, and no reason is given" in found
    assert (
        problems(make_pack(source=made_source + extra + '\n[not_modelled]\nMADE-3 = "尚未建立，没有可核算的数据"\n'))
        == []
    )


def test_a_clause_both_answered_and_given_up_is_found(make_pack, made_source: str) -> None:
    (found,) = problems(make_pack(source=made_source + '\n[not_modelled]\nMADE-2 = "尚未建立，没有可核算的数据"\n'))
    assert "MADE-2 is answered, cited or carried out, and listed as not modelled" in found


def test_a_decision_without_a_case_and_a_case_that_fails_are_found(make_pack, made_cases: str) -> None:
    assert any("no case shows the decision 'credit'" in one for one in problems(make_pack(cases={})))
    (found,) = problems(make_pack(cases={"credit.toml": made_cases.replace("total = 6", "total = 7")}))
    assert "total: expected 7, got 6; correct the formula, the value or the case" in found


def test_a_case_that_cites_an_unknown_clause_is_found(make_pack, made_cases: str) -> None:
    cases = made_cases.replace('clauses = ["MADE-1"]', 'clauses = ["MADE-6"]')
    assert any("MADE-6 not in source.toml" in one for one in problems(make_pack(cases={"credit.toml": cases})))


def test_a_pack_that_is_not_installed_is_checked_as_it_stands(tmp_path: Path) -> None:
    make_from_template(tmp_path, district="hengshan", name_zh="横山县")
    assert [str(problem) for problem in check(tmp_path)] == []
    file = tmp_path / "yanxiu_hengshan" / "record.py"
    file.write_text(file.read_text(encoding="utf-8").replace("hours / rate", "hours / rate * 2"), encoding="utf-8")
    said = [str(problem) for problem in check(tmp_path)]
    assert any("the number 2 stands in a formula" in one for one in said)
    assert any("total: expected 2.5, got 5" in one for one in said), (
        "what was imported before the change was used again"
    )
    assert "yanxiu_hengshan" not in sys.modules
    assert not [one for one in sys.path if str(tmp_path) in one]


def test_the_folder_is_checked_though_another_one_is_installed_and_in_use(make_pack, tmp_path: Path) -> None:
    installed = make_pack()
    copy = shutil.copytree(installed.folder, tmp_path / "copy", ignore=shutil.ignore_patterns("*.dist-info"))
    file = copy / "pyproject.toml"
    needs = 'dependencies = ["yanxiu-rulekit>=1,<2"]\n\n[project.entry'
    file.write_text(file.read_text().replace("\n[project.entry", needs), encoding="utf-8")
    code = copy / installed.module / "__init__.py"
    code.write_text(code.read_text(encoding="utf-8").replace("* factor", "* factor * 3"), encoding="utf-8")
    in_use = installed.entry.load()
    assert next(problem.code for problem in check(copy)) == "NUMBER_IN_FORMULA"
    assert check(installed.folder) == []
    assert sys.modules[installed.module] is in_use
