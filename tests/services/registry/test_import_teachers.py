"""`yanxiu import teachers` against a running registry: files as people have them, what is shown, and exit codes."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import subprocess
import sysconfig
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from yanxiu_cli.failed import Failed
from yanxiu_cli.roster_file import read_roster
from yanxiu_wire import teacher as wire_teacher

from tests.services.registry.conftest import Client, synthetic_id

HEADINGS = ["工号", "姓名", "身份证号", "学校代码", "学科", "学段", "职称", "入职日期", "性别", "到校日期"]
FIRST = ["T1", "甲一", synthetic_id(1), "0001", "语文", "小学", "一级教师", "2015-07-01", "女", "2018-09-01"]
SECOND = ["T2", "乙二", synthetic_id(2), "0001", "数学", "小学", "", "2016/7/1", "男", "2019年9月1日"]
Run = Callable[..., tuple[int, str, str]]


def csv_bytes(rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def write_csv(path: Path, *rows: list[str], encoding: str = "utf-8") -> Path:
    path.write_bytes(csv_bytes([HEADINGS, *rows], encoding))
    return path


def write_xlsx(path: Path, *rows: list[Any]) -> Path:
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, place, value)
            else:
                sheet.write(number, place, value)
    book.close()
    return path


async def command(client: Client, *arguments: str) -> tuple[int, str, str]:
    """Run the installed command beside the service; exit code, output, complaints."""
    program = Path(sysconfig.get_path("scripts")) / "yanxiu"
    server = client.bus.nats.connected_url
    assert server is not None
    full = [program, "import", "teachers", *arguments, "--district", client.district, "--nats", server.geturl()]
    done = await asyncio.to_thread(subprocess.run, full, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


async def everyone(client: Client) -> list[wire_teacher.Teacher]:
    (page,) = (await client.ask(wire_teacher.LIST_TEACHERS)).pages
    return list(page.items)


async def test_a_file_is_tried_applied_found_unchanged_and_taken_back(puer: Client, tmp_path: Path) -> None:
    school = await puer.school("0001")
    file = str(write_csv(tmp_path / "名册.csv", FIRST, SECOND))
    code, out, _ = await command(puer, file, "--dry-run")
    assert (code, await everyone(puer)) == (0, [])
    assert "dry run" in out
    counts = next(line for line in out.splitlines() if line.startswith("│"))
    assert [text.strip() for text in counts.strip("│").split("│")] == ["2", "2", "0", "0", "0", "0"]
    code, out, complaints = await command(puer, file)
    assert code == 0
    assert "applied" in out
    assert "staging" in complaints, "progress goes to standard error"
    first, second = await everyone(puer)
    assert (first.name, first.gender, first.subject, first.stage) == ("甲一", "female", "语文", "primary")
    assert (first.hired_on, first.employments[0].since, first.school) == (date(2015, 7, 1), date(2018, 9, 1), school.id)
    assert second.employments[0].since == date(2019, 9, 1)
    code, out, _ = await command(puer, file)
    assert code == 0
    assert await everyone(puer) == [first, second]
    roster = out.split("--undo ")[1].split()[0]
    code, out, _ = await command(puer, "--undo", roster)
    assert (code, await everyone(puer)) == (0, [])
    assert "2 changes taken back" in out
    code, _, complaints = await command(puer, "--undo", roster)
    assert code == 1
    assert "has no import to take back" in complaints


async def test_wrong_rows_are_told_with_row_column_value_and_remedy(puer: Client, tmp_path: Path) -> None:
    await puer.school("0001")
    wrong = [*SECOND]
    wrong[2] = wrong[2][:-1] + ("1" if wrong[2][-1] != "1" else "2")
    lost = [*SECOND]
    lost[0], lost[2], lost[3] = "T3", "", "[9999]"
    file = str(write_csv(tmp_path / "r.csv", FIRST, wrong, lost))
    for arguments in ((file, "--dry-run"), (file,)):
        code, out, _ = await command(puer, *arguments)
        assert code == 1
        for text in ("3 ", "身份证号", wrong[2][:3] + "*" * 11 + wrong[2][-4:], "GB 11643", "[9999]", "学校代码"):
            assert text in out
        assert wrong[2] not in out
        assert ("试运行，未写入" in out) == ("--dry-run" in arguments)
        assert ("有错误，未写入" in out) == ("--dry-run" not in arguments)
    assert await everyone(puer) == []


async def test_a_spreadsheet_with_a_title_dates_and_text_ids_comes_in(puer: Client, tmp_path: Path) -> None:
    await puer.school("0001")
    rows = [["某县教师花名册（虚构）"], [], HEADINGS, [*FIRST[:7], date(2015, 7, 1), "女", date(2018, 9, 1)]]
    code, out, complaints = await command(puer, str(write_xlsx(tmp_path / "r.xlsx", *rows)))
    assert code == 0, out + complaints
    (found,) = await everyone(puer)
    assert (found.hired_on, found.employments[0].since) == (date(2015, 7, 1), date(2018, 9, 1))
    assert found.national_id == FIRST[2][:3] + "*" * 11 + FIRST[2][-4:]


async def test_changes_hold_from_the_day_asked_for(puer: Client, tmp_path: Path) -> None:
    await puer.school("0001")
    await command(puer, str(write_csv(tmp_path / "1.csv", FIRST)))
    changed = [*FIRST]
    changed[6] = "高级教师"
    code, out, _ = await command(puer, str(write_csv(tmp_path / "2.csv", changed)), "--as-of", "2024-01-01")
    assert code == 0
    assert "一级教师 → 高级教师" in out
    (found,) = await everyone(puer)
    for day, title in ((date(2023, 12, 31), "一级教师"), (date(2024, 1, 1), "高级教师")):
        seen = (await puer.ask(wire_teacher.GET_TEACHERS, ids=(found.id,), as_of=day)).items[0]
        assert seen.title == title


async def test_a_district_that_is_not_there_is_told_in_one_line(puer: Client, tmp_path: Path) -> None:
    file = str(write_csv(tmp_path / "r.csv", FIRST))
    other = Client(puer.bus, "nowhere", puer.who)
    code, out, complaints = await command(other, file)
    assert (code, out) == (1, "")
    assert "There is no such district." in complaints
    assert "Traceback" not in complaints


# ---- files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_text_file_is_read_in_the_encodings_that_offices_write(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(csv_bytes([HEADINGS, FIRST, [], SECOND], encoding, delimiter))
    roster = read_roster(path, "puer")
    assert [row.number for row in roster.rows] == [2, 4]
    assert roster.rows[0].cells["name"] == "甲一"
    assert roster.rows[1].cells["employed_since"] == "2019年9月1日"
    assert "title" not in roster.rows[1].cells


def test_headings_are_known_in_english_and_however_they_are_spaced(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(csv_bytes([["Staff Number", " NAME ", "school_code", "ID number"], ["T1", "甲", "1", "x"]]))
    assert read_roster(path, "puer").rows[0].cells == {
        "staff_number": "T1",
        "name": "甲",
        "school_code": "1",
        "national_id": "x",
    }


def test_the_id_of_a_roster_is_its_content_and_district(tmp_path: Path) -> None:
    one, same = write_csv(tmp_path / "1.csv", FIRST), write_csv(tmp_path / "2.csv", FIRST)
    other = write_csv(tmp_path / "3.csv", SECOND)
    assert read_roster(one, "puer").id == read_roster(same, "puer").id
    assert len({read_roster(one, "puer").id, read_roster(one, "putuo").id, read_roster(other, "puer").id}) == 3


def test_a_number_where_an_id_should_be_text_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    row: list[Any] = [*FIRST]
    row[2] = float(10**17 + 3)
    roster = read_roster(write_xlsx(tmp_path / "r.xlsx", HEADINGS, row), "puer")
    (problem,) = roster.problems
    assert (problem.row, problem.column, problem.value) == (2, "身份证号", "***")
    assert "文本" in problem.remedy_zh
    assert "text" in problem.remedy_en
    assert not re.search("[a-zA-Z]", problem.zh + problem.remedy_zh)
    path = write_csv(tmp_path / "r.csv", [*FIRST[:2], "5.32701E+17", *FIRST[3:]])
    assert [one.column for one in read_roster(path, "puer").problems] == ["身份证号"]


async def test_a_damaged_file_is_told_without_asking_the_service(puer: Client, tmp_path: Path) -> None:
    code, out, _ = await command(puer, str(write_csv(tmp_path / "r.csv", [*FIRST[:2], "5.32701E+17", *FIRST[3:]])))
    assert code == 1
    assert "身份证号" in out
    assert "5.32701E+17" not in out
    (row,) = [line for line in out.splitlines() if line.startswith("│")][:1]
    assert [re.match("[\u4e00-\u9fff]", cell.strip()) is not None for cell in row.split("│")[4:6]] == [True, True]


def test_numbers_of_a_spreadsheet_that_lost_nothing_are_taken(tmp_path: Path) -> None:
    rows = [
        ["工号", "姓名", "学校代码", "入职日期"],
        [10023, "甲", 5301.0, 43709],
        ['="0017"', "乙", "'0002", 20190901],
    ]
    roster = read_roster(write_xlsx(tmp_path / "r.xlsx", *rows), "puer")
    assert roster.problems == []
    assert roster.rows[0].cells == {
        "staff_number": "10023",
        "name": "甲",
        "school_code": "5301",
        "hired_on": "2019-09-01",
    }
    assert roster.rows[1].cells["school_code"] == "0002"
    assert roster.rows[1].cells["hired_on"] == "20190901"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (csv_bytes([[*HEADINGS, "备注"], [*FIRST, "x"]]), "备注"),
        (csv_bytes([["工号", "姓名", "教师姓名", "学校代码"], ["T1", "甲", "甲", "1"]]), "twice: 姓名"),
        (csv_bytes([["工号", "姓名"], ["T1", "甲"]]), "missing: school code"),
        (csv_bytes([["一", "二"], ["1", "2"]]), "No headings"),
        (b"\xff\xff\xff", "neither UTF-8 nor GB18030"),
        (b'"\xe5\xb7\xa5\xe5\x8f\xb7', "not well-formed CSV"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_with_what_to_do(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(content)
    with pytest.raises(Failed, match=said) as failed:
        read_roster(path, "puer")
    assert failed.value.code == 2


def test_a_heading_can_be_ignored_by_name(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(csv_bytes([[*HEADINGS, "备注"], [*FIRST, "x"]]))
    assert set(read_roster(path, "puer", ("备注",)).rows[0].cells) == set(read_roster_keys())


def read_roster_keys() -> list[str]:
    return [
        "staff_number",
        "name",
        "national_id",
        "school_code",
        "subject",
        "stage",
        "title",
        "hired_on",
        "gender",
        "employed_since",
    ]


@pytest.mark.parametrize("name", ["missing.csv", "roster.pdf", "broken.xlsx"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    if name != "missing.csv":
        (tmp_path / name).write_bytes(b"not what it says")
    with pytest.raises(Failed, match=name):
        read_roster(tmp_path / name, "puer")
