"""A pack made from the template is whole at once: it conforms, its tests pass, it is formatted, whatever its name."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from yanxiu_rulekit.check import check
from yanxiu_rulekit.mutants.run import run_mutants
from yanxiu_rulekit.newpack import DISTRICT, LONGEST, NAME_ZH, TEMPLATE, NotMade, make_pack
from yanxiu_rulekit.standin import standing_in

RUFF = Path(sysconfig.get_path("scripts")) / "ruff"
NAMES = {
    "hengshan": "横山县",
    "a": "乙县",
    "abcdef-ghijkl-mnop-9": "莫力达瓦达斡尔族自治旗自治区县",
    DISTRICT + "-2": NAME_ZH,
}


def linted(folder: Path) -> str:
    """Return what ruff says of a pack by the settings that it brings along."""
    said = ""
    for words in (("check", "--no-cache"), ("format", "--check", "--no-cache")):
        done = subprocess.run([RUFF, *words, "."], cwd=folder, capture_output=True, text=True, timeout=60)
        said += done.stdout if done.returncode else ""
    return said


@pytest.mark.parametrize(("district", "name_zh"), NAMES.items())
def test_a_pack_of_any_name_conforms_and_is_formatted(tmp_path: Path, district: str, name_zh: str) -> None:
    files = make_pack(tmp_path / "pack", district=district, name_zh=name_zh)
    assert [str(problem) for problem in check(tmp_path / "pack")] == []
    assert linted(tmp_path / "pack") == ""
    assert {file.name for file in files} >= {"source.toml", "parameters.toml", "workflows.toml", "README.md", "run"}


def test_nothing_of_the_templates_own_district_is_left(tmp_path: Path) -> None:
    for file in make_pack(tmp_path / "pack", district="hengshan", name_zh="横山县"):
        text = f"{file.relative_to(tmp_path)}\n{file.read_text(encoding='utf-8')}"
        assert not re.search(f"{DISTRICT}|{NAME_ZH}", text, re.IGNORECASE), file
    assert "横山县" in (tmp_path / "pack" / "README.md").read_text(encoding="utf-8")


def test_what_its_own_ci_runs_passes_before_it_is_installed(tmp_path: Path) -> None:
    make_pack(tmp_path / "pack", district="hengshan", name_zh="横山县")
    lines = (tmp_path / "pack" / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    asked = [line for line in lines if line.startswith(".venv/bin/") and " pip " not in line]
    assert [line.split()[0].rpartition("/")[2] for line in asked] == [
        "ruff",
        "ruff",
        "basedpyright",
        "python",
        "python",
    ]
    script = "\n".join(asked).replace(".venv/bin", sysconfig.get_path("scripts"))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path / "pack", capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 errors, 0 warnings" in done.stdout
    cases = sum(file.read_text(encoding="utf-8").count("[[case]]") for file in tmp_path.glob("pack/cases/*.toml"))
    tests = sum(len(re.findall(r"^def test_", file.read_text(), re.M)) for file in tmp_path.glob("pack/tests/*.py"))
    assert f"{cases + tests} passed" in done.stdout


def test_its_cases_would_notice_what_is_wrong(tmp_path: Path) -> None:
    make_pack(tmp_path / "pack", district="hengshan", name_zh="横山县")
    with standing_in(tmp_path / "pack"):
        tested = run_mutants(tmp_path / "pack", jobs=1, progress=lambda *_figures: None)
    # A year is judged by the law of its last day, so that no case reads its minimum on the regulation's first.
    assert [str(verdict.mutant) for verdict in tested.of("survived")] == [
        "yanxiu_hengshan/parameters.toml:12 [year_credits] date moved: since 2025-09-01 -> since 2025-09-02"
    ]
    assert len(tested.of("killed")) > 40
    assert tested.untried_parameters == ("visited_stages",)
    assert set(tested.untried_functions) >= {"year.judge", "year.judge_all", "year.school_year_of"}


def test_a_case_of_a_new_pack_that_fails_is_told(tmp_path: Path) -> None:
    make_pack(tmp_path / "pack", district="hengshan", name_zh="横山县")
    file = tmp_path / "pack" / "cases" / "records.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("total = 2.5", "total = 2"), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "cases"]
    done = subprocess.run(command, cwd=tmp_path / "pack", capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "total: expected 2, got 2.5" in done.stdout


@pytest.mark.parametrize(
    ("district", "name_zh", "said"),
    [
        ("", "横山县", "cannot be used"),
        ("Heng", "横山县", "cannot be used"),
        ("heng_shan", "横山县", "cannot be used"),
        ("../up", "横山县", "cannot be used"),
        ("heng--shan", "横山县", "cannot be used"),
        ("x" * (LONGEST + 1), "横山县", f"at most {LONGEST} characters"),
        ("putuo", "普陀区", "yanxiu_putuo is taken, by an installed pack or a part of the platform"),
        ("gateway", "横山县", "yanxiu_gateway is taken"),
        ("hengshan", "Hengshan", "2 to 15 Chinese characters"),
        ("hengshan", "县\n[source]", "2 to 15 Chinese characters"),
    ],
)
def test_a_name_that_no_pack_can_bear_is_refused(tmp_path: Path, district: str, name_zh: str, said: str) -> None:
    with pytest.raises(NotMade) as refused:
        make_pack(tmp_path / "pack", district=district, name_zh=name_zh)
    assert said in refused.value.en
    assert refused.value.zh
    assert not list(tmp_path.iterdir())


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("own")
    with pytest.raises(NotMade, match="is no empty folder"):
        make_pack(tmp_path, district="hengshan", name_zh="横山县")
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(NotMade, match="is no empty folder"):
        make_pack(tmp_path / "notes.txt", district="hengshan", name_zh="横山县")


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    make_pack(tmp_path, district="hengshan", name_zh="横山县")
    assert (tmp_path / "yanxiu_hengshan" / "record.py").is_file()
    assert (TEMPLATE / f"yanxiu_{DISTRICT}" / "record.py").is_file()
