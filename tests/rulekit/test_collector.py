"""The pytest plug-in: a sentence is a test, and its failure is the explanation."""

from __future__ import annotations

import os
import subprocess
import sys


def pytest_run(made, *options: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(made.folder)}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", *options, str(made.folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=made.folder,
        env=environment,
    )


def test_each_case_of_a_pack_is_a_test_named_by_its_sentence(make_pack) -> None:
    done = pytest_run(make_pack())
    assert done.returncode == 0, done.stdout
    assert "credit.toml::2025年起每课时1.5学分" in done.stdout, done.stdout
    assert "2 passed" in done.stdout


def test_a_wrong_case_fails_with_the_explanation_and_no_traceback(make_pack, made_cases: str) -> None:
    done = pytest_run(make_pack(cases={"credit.toml": made_cases.replace("total = 6", "total = 7")}))
    assert done.returncode == 1
    assert "total: expected 7, got 6" in done.stdout
    assert "read rate = 1.5 学分/课时 (since 2025-01-01, MADE-1)" in done.stdout
    assert "Traceback" not in done.stdout
    assert "1 failed, 1 passed" in done.stdout


def test_a_case_file_that_cannot_be_read_is_an_error_of_the_run(make_pack) -> None:
    done = pytest_run(make_pack(cases={"credit.toml": '[[case]]\nnome = "x"\n'}))
    assert done.returncode == 2
    assert "unknown key 'nome'" in done.stdout
