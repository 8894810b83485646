"""`yanxiu rules docs`: the pages in docs/rules are those of the packs, and a page that is not current is named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from yanxiu_cli.rules_docs import docs
from yanxiu_rulekit.pages import MARK
from yanxiu_rulekit.parameters import Parameter
from yanxiu_rulekit.plugins import load_packs
from yanxiu_rulekit.valuewords import WORDS

ROOT = Path(__file__).resolve().parents[2]


def test_the_pages_of_the_project_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert docs(to=ROOT / "docs" / "rules", check=True) == 0, capsys.readouterr().err


def test_what_was_written_is_current_and_writing_again_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "rules"
    assert docs(to=folder) == 0
    names = ["README.md", "anhui.md", "antu.md", "ouhai.md", "puer.md", "putuo.md", "yueqing.md"]
    assert sorted(file.name for file in folder.iterdir()) == names
    assert docs(to=folder, check=True) == 0
    capsys.readouterr()
    assert docs(to=folder) == 0
    assert capsys.readouterr().out.endswith("7 pages, changed: 0\n")


def test_each_page_that_is_not_current_is_named_with_the_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docs(to=tmp_path)
    (tmp_path / "puer.md").write_text(MARK, encoding="utf-8")
    (tmp_path / "putuo.md").unlink()
    (tmp_path / "gone.md").write_text(MARK, encoding="utf-8")
    (tmp_path / "own.md").write_text("# 自写\n", encoding="utf-8")
    capsys.readouterr()
    assert docs(to=tmp_path, check=True) == 1
    said = capsys.readouterr().err
    assert "puer.md: 不是最新；请运行 yanxiu rules docs" in said
    assert "putuo.md: 没有这一页" in said
    assert "gone.md: 没有对应的规则包" in said
    assert "own.md" not in said


def test_writing_takes_away_the_page_of_a_pack_that_is_gone_and_leaves_other_pages(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text(MARK, encoding="utf-8")
    (tmp_path / "own.md").write_text("# 自写\n", encoding="utf-8")
    assert docs(to=tmp_path) == 0
    assert not (tmp_path / "gone.md").exists()
    assert (tmp_path / "own.md").read_text(encoding="utf-8") == "# 自写\n"


def test_the_page_of_puer_holds_words_note_parameters_and_cases() -> None:
    page = (ROOT / "docs" / "rules" / "puer.md").read_text(encoding="utf-8")
    told = page.partition('<a id="PUER-11-3M"></a>')[2].partition("<a id=")[0]
    assert "> 培训成绩为中及以上的,由基本学分分别乘以系数0.10.150.2" in told
    assert "注：“0.10.150.2”脱顿号" in told
    assert "- 裁定 `record`：一条记录值多少学时学分" in told
    assert "（`merit`）：2024-01-01起 优 0.2、良 0.15、中 0.1" in told
    assert "- 用例" in told


def test_the_html_pages_are_written_beside_and_a_page_that_is_not_current_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marked, html = tmp_path / "rules", tmp_path / "html"
    assert docs(to=marked, html=html) == 0
    assert (html / "index.html").is_file()
    assert (html / "compare-puer-putuo.html").is_file()
    (html / "puer.html").write_text("old", encoding="utf-8")
    (html / "gone.html").write_text(f"<!doctype html>\n{MARK}", encoding="utf-8")
    (html / "own.html").write_text("<p>自写</p>", encoding="utf-8")
    capsys.readouterr()
    assert docs(to=marked, html=html, check=True) == 1
    said = capsys.readouterr().err
    assert "puer.html: 不是最新" in said
    assert "gone.html: 没有对应的规则包" in said
    assert "own.html" not in said
    assert docs(to=marked, html=html) == 0
    assert not (html / "gone.html").exists()
    assert (html / "own.html").exists()


def test_no_value_of_an_installed_pack_stands_on_its_page_as_a_program_says_it() -> None:
    """Ids of clauses stay as they are."""
    unnamed = {
        word
        for pack in load_packs().packs.values()
        for parameter in pack.parameters.values()
        for word in _said(parameter)
        if any(letter.isalpha() for letter in word) and word.isascii() and word not in WORDS
    }
    assert {word for word in unnamed if not word.startswith("PUER-")} == set()


def _said(parameter: Parameter) -> list[str]:
    """Every word that stands as a value, a row's name, or a choice of the parameter."""
    values = [dated.value for dated in parameter.values] + list(parameter.allowed.one_of if parameter.allowed else ())
    rows = [one for value in values if isinstance(value, Mapping) for pair in value.items() for one in pair]
    return [one for one in (*values, *rows) if isinstance(one, str)]
