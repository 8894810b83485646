"""The refusals of a record's facts: what the law could not read, said in both languages, and what may not be stated."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from yanxiu_wire.refusal import Refused

from yanxiu_credits.refusals import refuse, shown

_NEAREST = 12
_FORMS_ZH = {
    "bool": "是或否（true、false）",
    "int": "整数",
    "decimal": "数值",
    "date": "日期（如2024-05-20）",
    "str": "文本",
    "object": "对照表",
    "array": "列表",
}
_FORMS_EN = {"bool": "true or false", "int": "a whole number", "decimal": "a number", "date": "a day (2024-05-20)"} | {
    "str": "a text",
    "object": "a table",
    "array": "a list",
}


def _forms(text: str, words: dict[str, str], between: str) -> str:
    names: list[str] = re.findall(r"[a-z]+", text)
    return between.join(dict.fromkeys(words.get(name, name) for name in names if name != "null"))


# What the reader of facts says -> the same in Chinese and in English that needs no knowledge of the reader.
_PROBLEMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str]]], ...] = (
    (
        re.compile(r"missing required field"),
        lambda _: ("缺少该项，请填写", "it is missing"),
    ),
    (
        re.compile(r"unknown field"),
        lambda _: ("本规定没有这一项", "the law knows no such fact"),
    ),
    (
        re.compile(r"no record of this law has it"),
        lambda _: ("本规定没有这一项", "the law knows no such fact"),
    ),
    (
        re.compile(r"a project fixes only"),
        lambda _: ("这一项不由项目确定，应由记录填报", "it is no fact that a project fixes; the record states it"),
    ),
    (
        re.compile(r"Expected `([^`]*)`"),
        lambda found: (
            f"应为{_forms(found[1], _FORMS_ZH, '或')}",
            f"it must be {_forms(found[1], _FORMS_EN, ' or ')}",
        ),
    ),
    (
        re.compile(r"Invalid (enum )?value"),
        lambda _: ("不是可选的值", "it is none of the values that can be chosen"),
    ),
    (
        re.compile(r"Invalid decimal|not a number"),
        lambda _: ("应为确切的数值", "it must be an exact number"),
    ),
    (
        re.compile(r"a float"),
        lambda _: ("数值须写成文本，以免失真", "a number must come as text, so that it stays exact"),
    ),
    (
        re.compile(r"Invalid .*date"),
        lambda _: ("应为日期（如2024-05-20）", "it must be a day (2024-05-20)"),
    ),
    (
        re.compile(r"no number of this size: at most (\d+) digits"),
        lambda found: (
            f"数值过大或过细：小数点前后各至多{found[1]}位",
            f"at most {found[1]} digits stand before and after the point",
        ),
    ),
    (
        re.compile(r"(\w+) and (\w+) are one fact, and another of its words says (.*); keep one", re.DOTALL),
        lambda found: (
            f"{found[1]}与{found[2]}是同一事实项，另一处填的是“{said_zh(found[3])}”，只留一处",
            f"{found[1]} and {found[2]} are one fact, and the other says {shown(found[3])}; keep one",
        ),
    ),
)


def problem_in_words(problem: str) -> tuple[str, str]:
    """Return a problem of the reader of facts in Chinese and in English; an unknown one is not quoted in Chinese."""
    for pattern, words in _PROBLEMS:
        found = pattern.search(problem)
        if found is not None:
            return words(found)
    return "填写的内容不符合要求", str(shown(problem))


def said_zh(value: Any) -> str:
    """Return a value as a Chinese sentence repeats it: short, yes and no in Chinese, nothing as 空."""
    value = shown(value)
    return {"True": "是", "False": "否", "true": "是", "false": "否", "None": "空"}.get(str(value), str(value))


def said_en(value: Any) -> str:
    """Return a value as an English sentence repeats it."""
    value = shown(value)
    return {"True": "yes", "False": "no", "None": "nothing"}.get(str(value), str(value))


def fact_malformed(field: str, value: Any, problem: str, known: Iterable[str], choices: Sequence[str] = ()) -> Refused:
    """A fact that the law cannot read: missing, unknown, or of the wrong form.

    For an unknown one the remedy names those that are spelt most like it, for a value that is none to choose from the
    `choices` there are.
    """
    zh, en = problem_in_words(problem)
    remedy = ('请更正；数值请写成文本（如 "59.5"）。', 'Correct it; write numbers as text ("59.5").')
    if "unknown" in problem or "no record" in problem or "fixes only" in problem:
        listed = ", ".join(nearest(field.rpartition(".")[2], known))
        remedy = (
            f"请核对名称，名称相近的有：{listed}。",
            f"Check its name; the nearest are: {listed}.",
        )
    elif choices and "Invalid enum value" in problem:
        remedy = (f"可填：{'、'.join(choices)}。", f"Choose one of: {', '.join(choices)}.")
    name = field.removeprefix("facts.")
    return refuse(
        "FACT_MALFORMED",
        field=field,
        value=value,
        zh=f"事实项 {shown(name)} 无法采用：{zh}。",
        en=f"The fact {shown(name)} cannot be used: {en}.",
        remedy=remedy,
    )


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the names that are spelt most like a name, the closest first."""
    name = name[:200]

    def distance(other: str) -> tuple[float, str]:
        return -difflib.SequenceMatcher(None, name, other).ratio(), other

    return sorted(known, key=distance)[:_NEAREST]


def project_incomplete(project: str, missing: Sequence[str]) -> Refused:
    """A project is approved once it states what no record under it may state."""
    names = ", ".join(missing)
    return refuse(
        "PROJECT_INCOMPLETE",
        field=f"facts.{missing[0]}",
        value=project,
        zh=f"项目{project}没有写明{names}，批准后无法据以登记。",
        en=f"The project {project} does not state {names}: nothing could be registered under it.",
        remedy=(f"请在批准时填写{names}。", f"State {names} with the approval."),
    )


def left_to_project(field: str, value: Any, project: str) -> Refused:
    """A record states what only its project may, though the project is silent on it or says it in another way."""
    return refuse(
        "FACT_LEFT_TO_PROJECT",
        field=f"facts.{field}",
        value=value,
        zh=f"事实项 {field} 应由项目{project}确定，不能在登记时填报；填报值为{said_zh(value)}。",
        en=f"The fact {field} is for the project {project} to fix, not for a record; the record says {said_en(value)}.",
        remedy=(
            "请删去该项；已批准的项目没有规定的，请另行申报写明该项的项目。",
            "Leave the fact out; where the approved project lacks it, propose another that states it.",
        ),
    )


def fact_fixed(field: str, value: Any, fixed: Any, project: str | None, *, said: str | None = None) -> Refused:
    """A record's fact contradicts what the command, its project, or the service states; `said` is the word it used."""
    remedy = ("请删去该项，或更正项目。", "Leave the fact out, or have the project corrected.")
    if field == "date":
        zh, en = f"即登记的完成日期{said_zh(fixed)}", f"is the day of the command, {said_en(fixed)}"
        remedy = ("请删去该项，或更正完成日期。", "Leave the fact out, or correct the day of completion.")
    elif project is None:
        zh, en = "应由系统依据立项确定，不能自行填报", "is stated by the service from a project, not by the record"
        remedy = ("请删去该项，或填写所属项目。", "Leave the fact out, or name the project.")
    else:
        zh, en = f"已由项目确定为{said_zh(fixed)}", f"is fixed by the project as {said_en(fixed)}"
    return refuse(
        "FACT_FIXED_BY_COMMAND" if field == "date" else "FACT_FIXED_BY_PROJECT",
        field=f"facts.{said or field}",
        value=value,
        zh=f"事实项 {said or field} {zh}，填报值为{said_zh(value)}。",
        en=f"The fact {said or field} {en}; the record says {said_en(value)}.",
        remedy=remedy,
    )


def project_of_other_school(project: str) -> Refused:
    """A school's own project is for those who were its teachers on the day."""
    return refuse(
        "PROJECT_OF_OTHER_SCHOOL",
        field="project",
        value=project,
        zh="该项目是另一所学校的校本项目，该教师当日不是那所学校的教师。",
        en="The project is another school's own, and the teacher was not that school's on the day.",
        remedy=(
            "请选择本校的项目；确属参加外校培训的，请由区县教育局或师训专管员登记。",
            "Choose a project of the school; what was attended elsewhere an officer enters.",
        ),
    )
