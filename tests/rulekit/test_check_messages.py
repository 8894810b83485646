"""Each thing that a district must fix is told once, by its code, at its line, in Chinese with English beside."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from yanxiu_rulekit.check import check, main
from yanxiu_rulekit.newpack import make_pack
from yanxiu_rulekit.problem import Problem

from tests.rulekit.defects import DEFECTS, LAW, RECORD, SUM


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack that conforms, from the template."""
    folder = tmp_path_factory.mktemp("sound") / "pack"
    make_pack(folder, district="hengshan", name_zh="横山县")
    return folder


Plant = Callable[[str, str, str], Path]


@pytest.fixture
def plant(sound: Path, tmp_path: Path) -> Plant:
    """Make a copy of the sound pack in which one text is another."""

    def planted(file: str, old: str, new: str) -> Path:
        folder = shutil.copytree(sound, tmp_path / "pack")
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return planted


def line_of(problem: Problem) -> str:
    assert problem.line is not None
    return Path(problem.file).read_text(encoding="utf-8").splitlines()[problem.line - 1]


@pytest.mark.parametrize("what", DEFECTS)
def test_a_defect_is_told_by_its_code_at_its_line(plant: Plant, what: str) -> None:
    file, old, new, code, line, words = DEFECTS[what]
    found = check(plant(file, old, new))
    told = [problem for problem in found if problem.code == code and words in str(problem)]
    assert told, [str(problem) for problem in found]
    assert not line or line in line_of(told[0])
    for one in found:
        assert re.search(r"[\u4e00-\u9fff]", one.zh)
        assert re.search(r"[\u4e00-\u9fff]", one.remedy_zh)
        assert re.search(r"[a-z]{3}", one.en)
        assert one.remedy_en


def test_every_list_of_what_is_missing_is_told_at_once(plant: Plant) -> None:
    folder = plant(LAW, ', cite = "HENGSHAN-2"', "")
    file = folder / LAW
    file.write_text(
        file.read_text(encoding="utf-8").replace("since = 2025-09-01, value = 4, ", "value = 4, "), encoding="utf-8"
    )
    assert sorted(problem.code for problem in check(folder)) == [
        "CITATION_MISSING",
        "CITATION_MISSING",
        "VALUE_WITHOUT_DATE",
    ]


def test_people_read_two_lines_and_machines_one_object(plant: Plant, capsys: pytest.CaptureFixture[str]) -> None:
    folder = plant(RECORD, SUM, "        hours / rate / 3,\n")
    assert main([str(folder)]) == 1
    out = capsys.readouterr().out.splitlines()
    place = f"{folder}/{RECORD}:51"
    assert out[0] == f"{place}: 公式里写有数字 3；改为参数，写明依据的条款，再从 law 中读取"
    assert out[1].startswith("    the number 3 stands in a formula; make it a parameter")
    assert out[1].endswith("[NUMBER_IN_FORMULA]")
    assert main(["--json", str(folder)]) == 1
    told = json.loads(capsys.readouterr().out)
    first = told["problems"][0]
    assert (first["code"], first["file"], first["line"]) == ("NUMBER_IN_FORMULA", f"{folder}/{RECORD}", 51)
    assert first["what"]["zh"] == "公式里写有数字 3"
    assert first["remedy"]["en"].startswith("make it a parameter")
    assert told["paths"] == [str(folder)]


def test_a_sound_pack_leaves_with_zero(sound: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(sound)]) == 0
    assert capsys.readouterr().out == f"{sound}: 0 处问题 / problems: 0\n"
    assert main([str(sound), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []


def test_a_fact_may_be_named_and_bounded_as_the_readme_advises(plant: Plant) -> None:
    folder = plant(
        RECORD,
        "    hours: Decimal\n",
        '    hours: Annotated[Decimal, msgspec.Meta(title="学时", description="0-24", examples=[24])]\n',
    )
    file = folder / RECORD
    text = file.read_text(encoding="utf-8").replace("import Any, Literal", "import Annotated, Any, Literal")
    text = text.replace("from yanxiu_rulekit import", "import msgspec\nfrom yanxiu_rulekit import", 1)
    file.write_text(text, encoding="utf-8")
    assert [str(problem) for problem in check(folder)] == []
