"""A pack's cases notice nearly every wrong number, comparison, table or step: a sample; `make mutants` tries all."""

from __future__ import annotations

from pathlib import Path

import pytest
from yanxiu_cli.failed import Failed
from yanxiu_cli.rules_mutants import mutants
from yanxiu_rulekit.mutants.report import LEAST
from yanxiu_rulekit.mutants.run import run_mutants
from yanxiu_rulekit.pages import bases_of, cases_of
from yanxiu_rulekit.plugins import load_packs

ROOT = Path(__file__).resolve().parents[2]
PACKS = sorted(file.parent for file in (ROOT / "plugins").glob("*/pyproject.toml"))
SAMPLE = 60


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_the_cases_of_a_pack_notice_what_is_changed(folder: Path) -> None:
    tested = run_mutants(folder, sample=SAMPLE, jobs=1, progress=lambda _done, _whole, _survived: None)
    assert len(tested.verdicts) == SAMPLE
    assert tested.rate >= LEAST, [str(verdict.mutant) for verdict in tested.of("survived")]


def test_the_page_of_the_whole_run_names_every_pack_and_none_below_what_is_asked() -> None:
    page = (ROOT / "docs" / "mutants.md").read_text(encoding="utf-8")
    rows = [row.strip("| ").split(" | ") for row in page.splitlines() if row.startswith("| `")]
    assert [row[0] for row in rows] == [f"`{folder.name}`" for folder in PACKS]
    assert all(float(row[-1].removesuffix(" %")) >= LEAST for row in rows)


def test_every_clause_that_is_modelled_has_a_case_in_every_pack() -> None:
    bare = {
        basis.clause.id
        for pack in load_packs().packs.values()
        for basis in bases_of(pack, cases_of(pack))
        if not basis.cases and not basis.excuse
    }
    assert bare == set()


def test_the_command_says_what_was_tried_and_writes_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "mutants.md"
    assert mutants(ROOT / "plugins" / "anhui", sample=10, jobs=2, to=page) == 0
    assert "anhui: 10/" in capsys.readouterr().out.splitlines()[-1]
    assert "| `anhui` | 10 | " in page.read_text(encoding="utf-8")


def test_the_command_refuses_a_folder_that_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="name the folder of one rule pack"):
        mutants(tmp_path)
