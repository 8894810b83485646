"""`yanxiu rules try` and `yanxiu rules compare`: five laws on one activity, one law on facts, two laws side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from yanxiu_cli.__main__ import run
from yanxiu_rulekit import load_packs

ROOT = Path(__file__).resolve().parents[2]
ACTIVITY = ROOT / "docs" / "one-activity.toml"
RECORD = ("--fact", "mode=network", "--fact", "level=provincial", "--fact", "hours_planned=10")


def test_one_activity_is_told_law_by_law_each_with_its_clauses(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "try", "--all", str(ACTIVITY)]) == 0
    out = capsys.readouterr().out
    for law, figure, clause in (
        ("puer", "total 3.45", "PUER-11-4"),
        ("ouhai", "total 5", "OUHAI-2-2"),
        ("putuo", "total 0.4", "PUTUO-5-3a"),
        ("yueqing", "covered 1", "YUEQING-4-5"),
        ("antu", "missing_weeks 0", "ANTU-7-1"),
    ):
        assert law in out
        assert figure in out
        assert clause in out
    others = set(load_packs().jurisdictions()) - {"puer", "ouhai", "putuo", "yueqing", "antu"}
    assert all(name in out for name in others), "a law that the file says nothing for is named"


def test_a_law_answers_facts_with_its_steps_and_what_it_read(capsys: pytest.CaptureFixture[str]) -> None:
    given = (*RECORD, "--fact", "hours_completed=10", "--fact", "score=85", "--on", "2024-10-16")
    assert run(["rules", "try", "puer", *given]) == 0
    out = capsys.readouterr().out
    assert "total: 11.5" in out
    assert "绩效学分" in out
    assert "merit[良] = 0.15 倍 (since 2024-01-01, PUER-11-3M)" in out
    as_json = '{"record": {"form": "专题讲座", "class_hours": 10}, "x": 1.50}'
    assert run(["rules", "try", "putuo", "--facts", as_json.replace(', "x": 1.50', ""), "--on", "2025-03-14"]) == 0
    assert "total: 1" in capsys.readouterr().out


def test_what_the_law_refuses_and_what_it_cannot_read_leave_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "try", "puer", *RECORD, "--fact", "hours_completed=10", "--fact", "score=101"]) == 1
    assert "不予受理 refused record.score=101" in capsys.readouterr().err
    assert run(["rules", "try", "puer", "--fact", "scorr=60"]) == 1
    assert "scorr" in capsys.readouterr().err
    assert run(["rules", "try", "antu"]) == 1
    assert "weekly_session" in capsys.readouterr().err
    settings = ("--set", "score_rounding=sideways")
    assert run(["rules", "try", "puer", *RECORD, "--fact", "hours_completed=10", *settings]) == 1
    assert "score_rounding" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["try"], "--all"),
        (["try", "nowhere"], "nowhere"),
        (["try", "puer", "--fact", "score"], "name=value"),
        (["try", "puer", "--facts", "{"], "--facts is no JSON"),
        (["try", "puer", "--facts", "[1]"], "must be a JSON object"),
        (["try", "--all", "absent.toml"], "absent.toml"),
        (["compare", "puer"], "--on twice"),
        (["compare", "puer", "nowhere"], "nowhere"),
        (["compare", "puer", "putuo", "--to", "x.doc"], ".html or .md"),
    ],
)
def test_what_is_called_wrongly_says_what_to_do(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rules", *given]) in {1, 2}
    assert said in capsys.readouterr().err


def test_two_laws_and_two_days_are_compared_on_the_screen_and_as_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rules", "compare", "puer", "putuo", "--on", "2024-11-01", "--differing"]) == 0
    out = capsys.readouterr().out
    assert "课时、学分" in out
    assert "年度：年度学时" in out
    assert run(["rules", "compare", "puer", "--on", "2024-05-01", "--on", "2024-06-01", "--differing"]) == 0
    assert "没有不同" in capsys.readouterr().out
    for name, said in (("side.html", "<!doctype html>"), ("side.md", "# 对照：puer 2024-11-01 与 putuo 2024-11-01")):
        file = tmp_path / name
        assert run(["rules", "compare", "puer", "putuo", "--on", "2024-11-01", "--to", str(file)]) == 0
        assert file.read_text(encoding="utf-8").startswith(said)
