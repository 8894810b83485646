"""The commands of the law: `yanxiu cases` and `yanxiu rules`."""

from __future__ import annotations

from json import loads
from pathlib import Path

import pytest
from yanxiu_cli.cases import cases
from yanxiu_cli.failed import Failed
from yanxiu_cli.rules import check, list_packs, show
from yanxiu_cli.rules_new import new
from yanxiu_rulekit import load_packs

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"


def test_the_cases_of_a_pack_pass_and_the_last_line_is_the_count(capsys: pytest.CaptureFixture[str]) -> None:
    assert cases(*sorted((PLUGINS / "putuo" / "cases").glob("*.toml"))) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith(" passed, 0 failed")


def test_a_file_that_cannot_be_read_leaves_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert cases(Path("absent.json")) == 2
    assert capsys.readouterr().err == "cases: absent.json: cannot be read: No such file or directory\n"


def test_every_pack_in_force_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert list_packs() == 0
    out = capsys.readouterr().out
    for word in ("putuo", "puer", "yanxiu-putuo 2024.1", "2024-09-01", "34"):
        assert word in out


def test_a_clause_is_shown_with_quotation_values_decisions_and_cases(capsys: pytest.CaptureFixture[str]) -> None:
    assert show("PUTUO-5-3a") == 0
    out = capsys.readouterr().out
    for word in (
        "原则上讲座类的学习,每10课时计1学分",
        "2024-09-01 起 from: 10 课时/学分 [PUTUO-5-3a]",
        "A district may set: one of exact, half_up_1, whole_carry, whole_no_carry",
        "Answered by: record, form_class, year_credits",
        "Case session.toml: 专题讲座10课时计1学分",
    ):
        assert word in out


def test_words_that_lost_characters_are_shown_with_how_they_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert show("PUER-11-4") == 0
    out = capsys.readouterr().out
    assert "总学分=目学分×项目学时" in out
    assert "注 Note: “目学分”脱“项”字，读作项目学分。" in out


def test_a_clause_that_is_not_modelled_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    source = load_packs().pack("putuo").source
    clause, reason = next(iter(source.not_modelled.items()))
    assert show(clause) == 0
    assert f"Not modelled: {reason}" in capsys.readouterr().out


def test_an_unknown_clause_is_refused_with_those_near_it() -> None:
    with pytest.raises(Failed, match=r"near it: PUTUO-5-3"):
        show("putuo-5-3")


def test_a_check_is_written_for_machines_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, json=True) == 1
    (problem,) = loads(capsys.readouterr().out)["problems"]
    assert (problem["code"], problem["file"], problem["line"]) == ("NOT_A_PACK", str(tmp_path), None)


def test_a_new_pack_is_made_and_what_comes_next_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new("hengshan", name="横山县", to=tmp_path / "pack") == 0
    out = capsys.readouterr().out
    assert f"yanxiu rules check {tmp_path / 'pack'}" in out
    assert str(tmp_path / "pack" / "yanxiu_hengshan" / "source.toml") in out
    assert check(tmp_path / "pack") == 0
    with pytest.raises(Failed, match="不是空目录") as refused:
        new("hengshan", name="横山县", to=tmp_path / "pack")
    assert refused.value.code == 2


def test_a_sound_pack_is_checked_with_zero_and_another_folder_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(PLUGINS / "putuo") == 0
    assert check(tmp_path) == 1
    assert "name the folder of a rule pack" in capsys.readouterr().out
