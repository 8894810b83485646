"""The columns of a teacher roster: the key a cell travels under, and the headings a file may give it."""

from __future__ import annotations

import unicodedata

import msgspec


class Column(msgspec.Struct, frozen=True):
    """A column: its key in `RosterRow.cells`, the heading shown to people, other headings that mean the same."""

    key: str
    zh: str
    en: str
    others: tuple[str, ...] = ()
    required: bool = False
    is_date: bool = False


COLUMNS: tuple[Column, ...] = (
    Column("staff_number", "工号", "staff number", ("教工号", "职工号", "教师编号", "staff no"), required=True),
    Column("name", "姓名", "name", ("教师姓名", "teacher name", "full name"), required=True),
    Column("national_id", "身份证号", "national id", ("身份证", "身份证号码", "公民身份号码", "证件号码", "id number")),
    Column("school_code", "学校代码", "school code", ("学校编码", "单位代码", "学校标识码", "school"), required=True),
    Column("gender", "性别", "gender", ("sex",)),
    Column("subject", "学科", "subject", ("任教学科", "任课学科")),
    Column("stage", "学段", "stage", ("任教学段",)),
    Column("title", "职称", "title", ("专业技术职务", "professional title")),
    Column("hired_on", "入职日期", "hired on", ("参加工作日期", "入职时间", "hire date"), is_date=True),
    Column("employed_since", "到校日期", "employed since", ("到校时间", "来校日期", "at school since"), is_date=True),
    Column("post", "岗位", "post", ("职务",)),
)


def heading_form(text: str) -> str:
    """A heading as it is compared: half-width, small letters, without spaces, underscores and hyphens."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(letter for letter in plain if not letter.isspace() and letter not in "_-*")


BY_HEADING = {
    heading_form(heading): column
    for column in COLUMNS
    for heading in (column.key, column.zh, column.en, *column.others)
}
BY_KEY = {column.key: column for column in COLUMNS}

GENDERS = {"女": "female", "男": "male", "female": "female", "male": "male", "f": "female", "m": "male"}
STAGES = {
    "幼儿园": "kindergarten",
    "学前": "kindergarten",
    "小学": "primary",
    "初中": "junior",
    "高中": "senior",
    "普通高中": "senior",
    "九年一贯制": "nine-year",
    "完全中学": "complete",
    "特殊教育": "special",
    "特教": "special",
    "职业高中": "vocational",
    "中职": "vocational",
    "kindergarten": "kindergarten",
    "primary": "primary",
    "junior": "junior",
    "senior": "senior",
    "nine-year": "nine-year",
    "complete": "complete",
    "special": "special",
    "vocational": "vocational",
}
