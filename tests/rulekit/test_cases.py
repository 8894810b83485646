"""The case runner: how results are compared, what a failure says, and the exit code."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import load_packs
from yanxiu_rulekit.casefile import read_cases
from yanxiu_rulekit.cases import report, run_case
from yanxiu_rulekit.compare import comparable, differences
from yanxiu_rulekit.errors import CaseRefused


def golden(tmp_path: Path, *cases: dict[str, Any], **meta: Any) -> Path:
    file = tmp_path / "golden.json"
    file.write_text(json.dumps({"meta": meta, "cases": cases}, ensure_ascii=False), encoding="utf-8")
    return file


def year(id: str, terms: list[dict[str, Any]], expected: dict[str, Any], **rest: Any) -> dict[str, Any]:  # noqa: A002 - the file's own word
    return {"id": id, "kind": "year_credits", "input": {"terms": terms, **rest}, "expected": expected, "reason": "why"}


def run(*files: Path) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = report(files, out, err)
    return code, out.getvalue(), err.getvalue()


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4), st.integers(min_value=0, max_value=3))
def test_a_number_equals_itself_however_it_is_written(value: Decimal, zeros: int) -> None:
    written = f"{value:f}" + "0" * zeros
    assert comparable(written) == comparable(value)


@pytest.mark.parametrize(
    ("expected", "got", "paths"),
    [
        ({"a": "24"}, {"a": Decimal("24.0"), "more": 1}, []),
        ({"a": True}, {"a": 1}, ["a"]),
        ({"a": None}, {"a": Decimal(0)}, ["a"]),
        ({"a": None}, {"a": None}, []),
        ({"a": None}, {}, ["a"]),
        ({"a": "2024-09-09"}, {"a": date(2024, 9, 9)}, []),
        ({"a": {"b": "1"}}, {"a": {"b": 1, "c": 2}}, ["a.c"]),
        ({"a": {"b": "1", "c": "2"}}, {"a": {"b": 1}}, ["a.c"]),
        ({"cells": ["1", "2"]}, {"cells": ["2", "1"]}, ["cells[0]", "cells[1]"]),
        ({"cells": ["1"]}, {"cells": ["1", "2"]}, ["cells"]),
        ({"failed": ["A", "B"]}, {"failed": ["B", "A", "A"]}, []),
        ({"years": [{"failed": ["A", "B"]}]}, {"years": [{"failed": ["B", "A"]}]}, []),
        ({"failed": ["A"]}, {"failed": ["A", "B"]}, ["failed"]),
        ({"a": "1"}, {"a": "one"}, ["a"]),
    ],
)
def test_results_are_compared_as_a_regulation_reads_them(
    expected: dict[str, Any], got: dict[str, Any], paths: list[str]
) -> None:
    assert [one.path for one in differences(expected, got)] == paths


def test_a_run_that_passes_ends_with_the_count_and_zero(tmp_path: Path) -> None:
    file = golden(
        tmp_path,
        year("C1", [{"term": 1, "lecture": "15"}], {"year_credits": "1.5"}, policy={}),
        year("C2", [{"term": 1, "lecture": "15"}], {"year_credits": "1"}, policy={"rounding": "whole_carry"}),
        jurisdiction="putuo",
    )
    assert run(file) == (0, "2 passed, 0 failed\n", "")


def test_a_failure_says_the_case_the_path_both_values_and_what_was_read(tmp_path: Path) -> None:
    case = year("C9", [{"term": 1, "lecture": "15"}], {"term_credits": ["2"]}) | {"jurisdiction": "putuo"}
    code, out, _ = run(golden(tmp_path, case))
    assert code == 1
    assert "golden.json: C9 (putuo year_credits): why" in out
    assert "term_credits[0]: expected 2, got 1.5" in out
    assert "read lecture_hours_per_credit = 10 课时/学分 (since 2024-09-01, PUTUO-5-3a)" in out
    assert out.endswith("0 passed, 1 failed\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "unheard_of"}, "answers no 'unheard_of'; it answers activity_report, annual_meeting"),
        ({"jurisdiction": "nowhere"}, "nowhere: no rule pack of this jurisdiction"),
        ({"input": {"terms": [], "policy": {"lecture_hours_per_credit": 5}}}, "leaves nothing to the district"),
        ({"input": {"terms": [{"term": 1, "lecture": 1.5}]}}, "year_credits: expected 0, got 0.15"),
        ({"input": {"terms": [{"term": 1, "seminar": "1"}]}}, "the facts were refused: terms[0].seminar"),
        ({"on": "2020-01-01"}, "no value in force on 2020-01-01"),
    ],
)
def test_whatever_goes_wrong_in_one_case_is_its_failure_and_says_so(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    base = year("C1", [{"term": 1, "lecture": "1"}], {"year_credits": "0"}) | {"jurisdiction": "putuo"}
    code, out, _ = run(golden(tmp_path, base | change))
    assert code == 1
    assert said in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("[]", 'must hold an object with a list "cases"'),
        ('{"cases": [1]}', "cases[0]: must be an object"),
        ('{"cases": [{"id": "X", "jurisdiction": "putuo", "kind": "k", "input": {}}]}', "cases[0] X: 'expected'"),
        ('{"cases": [{"id": "X", "kind": "k", "input": {}, "expected": {}}]}', "cases[0] X: 'jurisdiction'"),
    ],
)
def test_a_file_of_another_form_is_one_clear_line_and_exit_code_two(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "golden.json"
    file.write_text(text, encoding="utf-8")
    code, out, err = run(file)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_a_missing_file_stops_the_run_before_any_case(tmp_path: Path) -> None:
    good = golden(tmp_path, jurisdiction="putuo")
    assert run(good, tmp_path / "absent.json")[0] == 2
    assert run(tmp_path / "cases.yaml")[2].endswith("give a .json or a .toml file\n")
    assert run()[0] == 2


def test_the_module_is_a_command(tmp_path: Path) -> None:
    file = golden(tmp_path, year("C1", [], {"year_credits": "0"}), jurisdiction="putuo")
    done = subprocess.run(
        [sys.executable, "-m", "yanxiu_rulekit.cases", str(file)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 passed, 0 failed\n", "")


def test_a_case_in_toml_may_expect_a_refusal_and_fails_on_another(make_pack, made_cases: str) -> None:
    text = made_cases + (
        '[[case]]\nname = "课时写成小数点数"\nkind = "credit"\non = 2024-05-01\n'
        'given = { hours = "x" }\nexpect = {}\nrefused = ["hours"]\nclauses = []\n'
    )
    made = make_pack(cases={"credit.toml": text, "wrong.toml": text.replace('refused = ["hours"]', "refused = []")})
    rulebook = load_packs([made.entry])
    good = [run_case(case, rulebook) for case in read_cases(made.folder / "cases" / "credit.toml")]
    wrong = [run_case(case, rulebook) for case in read_cases(made.folder / "cases" / "wrong.toml")]
    assert [one.problems for one in good] == [(), (), ()]
    assert "the facts were refused: hours" in wrong[2].explanation()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[case]]\nname = "a"\n', r"case\[0\] a: 'kind' is missing"),
        ("case = 1\n", "double brackets"),
        ("[[case]]\nnome = 1\n", "unknown key 'nome'; allowed are name, kind, given, expect, clauses, on"),
        ('other = 1\n[[case]]\nname = "a"\n', "unknown key 'other'"),
    ],
)
def test_a_toml_case_of_another_form_is_refused_by_its_key(make_pack, text: str, said: str) -> None:
    made = make_pack(cases={"bad.toml": text})
    with pytest.raises(CaseRefused, match=said):
        read_cases(made.folder / "cases" / "bad.toml")


def test_two_cases_of_one_name_are_refused(make_pack, made_cases: str) -> None:
    made = make_pack(cases={"twice.toml": made_cases + made_cases})
    with pytest.raises(CaseRefused, match="say in the name what differs"):
        read_cases(made.folder / "cases" / "twice.toml")


def test_a_toml_file_outside_a_pack_names_its_jurisdiction_itself(tmp_path: Path, made_cases: str) -> None:
    file = tmp_path / "alone.toml"
    file.write_text(made_cases, encoding="utf-8")
    with pytest.raises(CaseRefused, match="stands in no pack folder"):
        read_cases(file)
    file.write_text('jurisdiction = "putuo"\n' + made_cases, encoding="utf-8")
    assert {case.jurisdiction for case in read_cases(file)} == {"putuo"}
