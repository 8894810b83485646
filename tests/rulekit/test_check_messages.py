"""Each thing that a district must fix is told once, by its code, at its line, in Chinese with English beside."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from yanxiu_rulekit.check import check, main
from yanxiu_rulekit.newpack import make_pack
from yanxiu_rulekit.problem import Problem

LAW, SOURCE, RECORD = (f"yanxiu_hengshan/{name}" for name in ("parameters.toml", "source.toml", "record.py"))
YEAR, RECORDS = "yanxiu_hengshan/year.py", "cases/records.toml"
AT_8 = '{ since = 2026-09-01, value = 8, cite = "HENGSHAN-2" }'
SUM = "        hours / rate,\n"

# what is wrong -> file, what stands there, what is put in its place, code, the text of the line that is told, words
DEFECTS: Mapping[str, tuple[str, str, str, str, str, str]] = {
    "a citation is missing": (
        LAW,
        ', cite = "HENGSHAN-2" },\n    { since = 2026',
        " },\n    { since = 2026",
        "CITATION_MISSING",
        "value = 10",
        "没有写明依据哪一条",
    ),
    "a citation is unknown": (
        LAW,
        AT_8,
        AT_8.replace("HENGSHAN-2", "HENGSHAN-9"),
        "CITATION_UNKNOWN",
        "HENGSHAN-9",
        "HENGSHAN-9 不在 source.toml 的条款中",
    ),
    "a formula cites an unknown clause": (
        RECORD,
        'CLAUSE = "HENGSHAN-2"',
        'CLAUSE = "HENGSHAN-8"',
        "CITATION_UNKNOWN",
        "clauses=(CLAUSE,),",
        "HENGSHAN-8 不在 source.toml 的条款中",
    ),
    "a case cites nothing": (
        RECORDS,
        'refused = ["hours"]\nclauses = ["HENGSHAN-2"]',
        'refused = ["hours"]\nclauses = []',
        "CITATION_MISSING",
        "[[case]]",
        "用例“学时为0，不予登记”没有写明是哪一条",
    ),
    "a value has no date": (
        LAW,
        AT_8,
        AT_8.replace("since = 2026-09-01, ", ""),
        "VALUE_WITHOUT_DATE",
        "value = 8",
        "没有写明从哪一天起",
    ),
    "a value's date is a text": (
        LAW,
        AT_8,
        AT_8.replace("2026-09-01", '"2026-09-01"'),
        "VALUE_WITHOUT_DATE",
        "value = 8",
        "不加引号",
    ),
    "there is a gap in force": (
        LAW,
        "since = 2025-09-01, value = 2,",
        "since = 2025-10-01, value = 2,",
        "FORCE_GAP",
        "2025-10-01",
        "自 2025-09-01（规定开始适用）至 2025-10-01 没有值",
    ),
    "values overlap in force": (
        LAW,
        "2026-09-01, value = 8",
        "2025-09-01, value = 8",
        "FORCE_OVERLAP",
        "value = 8",
        "有两个值都从 2025-09-01 起",
    ),
    "values are out of order": (
        LAW,
        "2026-09-01, value = 8",
        "2024-09-01, value = 8",
        "FORCE_OVERLAP",
        "value = 8",
        "2024-09-01 起的值写在 2025-09-01 之后",
    ),
    "a number stands in a formula": (
        RECORD,
        SUM,
        "        hours / rate / 3,\n",
        "NUMBER_IN_FORMULA",
        "hours / rate / 3,",
        "公式里写有数字 3",
    ),
    "a number stands in a text of a formula": (
        RECORD,
        SUM,
        '        hours / rate / Decimal("2.5"),\n',
        "NUMBER_IN_FORMULA",
        'Decimal("2.5")',
        "公式里写有数字 2.5",
    ),
    "a clause is neither modelled nor excused": (
        SOURCE,
        'HENGSHAN-1 = "适用范围由名册决定：在册的教师都适用，没有可核算的数据。"\n',
        "",
        "CLAUSE_UNANSWERED",
        "[clauses.HENGSHAN-1]",
        "HENGSHAN-1 没有裁定作答",
    ),
    "a clause is modelled and excused": (
        SOURCE,
        "[not_modelled]\n",
        '[not_modelled]\nHENGSHAN-2 = "尚未建立"\n',
        "CLAUSE_BOTH",
        'HENGSHAN-2 = "尚未建立"',
        "HENGSHAN-2 已有裁定、参数或流程，又列为未建模",
    ),
    "a parameter is never read": (
        LAW,
        "[year_credits]\n",
        '[unread]\nlabel = "甲"\nlabel_en = "a"\nunit = "个"\n'
        'values = [ { since = 2025-09-01, value = 1, cite = "HENGSHAN-3" } ]\n\n[year_credits]\n',
        "PARAMETER_UNREAD",
        "[unread]",
        "参数 unread 没有公式读取",
    ),
    "a formula reads what is no parameter": (
        RECORD,
        "law.hours_per_credit",
        "law.hours_a_credit",
        "PARAMETER_UNKNOWN",
        "law.hours_a_credit",
        "读取参数 hours_a_credit，而 parameters.toml 中没有",
    ),
    "a formula has no case": (
        "cases/visits.toml",
        'kind = "school_visits"',
        'kind = "placement"',
        "FORMULA_WITHOUT_CASE",
        '@decision("school_visits"',
        "裁定 school_visits 没有用例",
    ),
    "a change has no case on its day": (
        RECORDS,
        "on = 2026-09-01",
        "on = 2026-09-02",
        "CHANGE_WITHOUT_CASE",
        AT_8,
        "当天（2026-09-01）没有用例",
    ),
    "a change has no case on the day before": (
        RECORDS,
        "on = 2026-08-31",
        "on = 2026-08-30",
        "CHANGE_WITHOUT_CASE",
        AT_8,
        "前一天（2026-08-31）没有用例",
    ),
    "a library is imported": (
        RECORD,
        "from decimal import Decimal\n",
        "from decimal import Decimal\n\nimport msgspec\n",
        "FOREIGN_IMPORT",
        "import msgspec",
        "导入了 msgspec",
    ),
    "the platform is imported inside a function": (
        RECORD,
        "    hours = facts.record.hours\n",
        "    import yanxiu_wire.rpc\n\n    hours = facts.record.hours\n",
        "FOREIGN_IMPORT",
        "import yanxiu_wire.rpc",
        "规则包只导入 yanxiu_rulekit 和标准库",
    ),
    "the network is imported": (
        RECORD,
        "from decimal import Decimal\n",
        "from decimal import Decimal\nfrom urllib.request import urlopen\n",
        "OUTSIDE_REACH",
        "from urllib.request",
        "公式只看事实和法规",
    ),
    "a module is imported by name": (
        RECORD,
        "    rate = law.",
        '    __import__("hashlib")\n    rate = law.',
        "OUTSIDE_REACH",
        "__import__(",
        "用了 __import__",
    ),
    "a file is opened": (
        RECORD,
        "    rate = law.",
        '    open("/dev/null").close()\n    rate = law.',
        "OUTSIDE_REACH",
        "open(",
        "用了 open",
    ),
    "a way out is only handed on": (
        RECORD,
        "    rate = law.",
        "    list(map(exec, ()))\n    rate = law.",
        "OUTSIDE_REACH",
        "map(exec",
        "用了 exec",
    ),
    "Python's innards are reached": (
        RECORD,
        "    rate = law.",
        "    object.__subclasses__()\n    rate = law.",
        "OUTSIDE_REACH",
        "__subclasses__",
        "用了 __subclasses__",
    ),
    "a clock is read": (
        RECORD,
        "    rate = law.",
        "    law.on.today()\n    rate = law.",
        "CLOCK_READ",
        "law.on.today()",
        "读取了时钟（today）",
    ),
    "a float is made": (
        RECORD,
        SUM,
        "        hours / Decimal(float(rate)),\n",
        "INEXACT",
        "float(rate)",
        "用了浮点数 float",
    ),
    "a case fails": (
        RECORDS,
        "total = 2.5",
        "total = 2",
        "CASE_FAILED",
        "[[case]]",
        "total: expected 2, got 2.5",
    ),
    "a sentence lacks a word": (
        RECORD,
        "计{value}学分",
        "计{valeu}学分",
        "SENTENCE_OPEN",
        "[[case]]",
        "{valeu} 没有填上",
    ),
    "a formula makes something else of each number": (
        RECORD,
        SUM,
        "        Decimal(str(hours)) / rate,\n",
        "NO_COLUMNS",
        "@decision(",
        "只差数字的12条记录不能按列核算",
    ),
    "a period is judged one at a time": (
        YEAR,
        '    columns=ColumnRule(read=as_it_is, amounts=("hours", "credits"), judge=judge_all),\n',
        "",
        "NO_COLUMNS",
        "def judge(",
        "学年（school_year）只能一人一人地核算",
    ),
    "a period's columns raise": (
        YEAR,
        "    figures = sheet.measured(MEASURES, law)\n",
        "    figures = sheet.measured(MEASURES, law)\n    int(figures['hours'])\n",
        "NO_COLUMNS",
        "int(figures['hours'])",
        "按列核算时出错：TypeError",
    ),
    "a period's columns judge otherwise": (
        YEAR,
        'recognised_credits=figures["credits"],\n        findings=findings,\n    )\n',
        'recognised_credits=figures["hours"],\n        findings=findings,\n    )\n',
        "COLUMNS_DIFFER",
        "def judge_all(",
        "recognised_credits 按列核算为 40，逐一核算为 5",
    ),
    "Python does not read": (
        RECORD,
        "    rate = law.",
        "    rate = = law.",
        "FILE_UNREADABLE",
        "rate = =",
        "不是 Python",
    ),
    "the pack raises when it is loaded": (
        "yanxiu_hengshan/__init__.py",
        "    return [\n",
        "    return 1 / 0, [\n",
        "PACK_REFUSED",
        "",
        "ZeroDivisionError",
    ),
    "the entry point has another name": (
        "pyproject.toml",
        'hengshan = "yanxiu_hengshan"',
        'heng = "yanxiu_hengshan"',
        "ENTRY_NAME",
        'heng = "yanxiu_hengshan"',
        "入口的名称是 heng，而 source.toml 的 jurisdiction 是 hengshan",
    ),
    "a workflow's step cites nothing": (
        "yanxiu_hengshan/workflows.toml",
        'by = ["institute-officer"]\n  cite = ["HENGSHAN-4"]',
        'by = ["institute-officer"]\n  cite = []',
        "PACK_REFUSED",
        "",
        "规则包不能装载",
    ),
}


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
