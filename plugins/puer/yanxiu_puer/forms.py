"""The official forms: the order of their columns, the check between two tables, and a yearly submission."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, decision, plain

from yanxiu_puer.spellings import OF_A_FORM, fold, refuse_contradictions
from yanxiu_puer.windows import DAY, in_reach, is_rest_day
from yanxiu_puer.wording import MODES, MODULES, NOTHING

_DASH = re.compile("[\u2010-\u2015\u2212\u2500\u30fc-]+")
_SPACE = re.compile(r"\s+")

# Register form 三 goes network, central, school; the declaration 2-2 puts central first (G-P49).
DECLARATION_MODES = ("central", "network", "school")
HEADINGS = {
    "PUER-T1-3": ("登记册表三《年度登记表》", "Register form 三, row of the year"),
    "PUER-T1-4": ("登记册表四《项目登记表》", "Register form 四, row of a project"),
    "PUER-T2-1": ("附件2—2《申报表》", "Declaration form 2—2"),
}
CYCLE_HEADING = ("登记册表三“五年一周期学分合计”", "Register form 三, credits by module")
PROJECT_COLUMNS = (
    "序号",
    "培训时间",
    "项目名称",
    "培训层次",
    "培训方式",
    "培训学时",
    "培训成绩",
    "培训学分",
    "培训机构",
    "负责人",
)


class Amount(Facts, frozen=True, kw_only=True):
    """Hours (学时) and credits (学分) of one mode."""

    hours: Decimal = NOTHING
    credits: Decimal = NOTHING


class FormQuestion(Facts, frozen=True, kw_only=True):
    """Which cells does a row of a form have? By mode, by module, or (project table) by column name.

    `year` is the 年度 of the row, its heading and none of its amounts.
    """

    form: str
    year: int | None = None
    modes: Mapping[str, Amount] = {}
    modules: Mapping[str, Decimal] | None = None
    module_credits: Mapping[str, Decimal] | None = None
    row: Mapping[str, str] = {}

    def __post_init__(self) -> None:
        """Read the other words."""
        fold(self, OF_A_FORM)


class FormCheckQuestion(Facts, frozen=True, kw_only=True):
    """Do the two tables of register form 三 agree? Credits in all by mode, and credits by module."""

    mode_credits_total: Decimal
    module_credits: Mapping[str, Decimal]


class SubmissionQuestion(Facts, frozen=True, kw_only=True):
    """May a school's yearly declaration go to the recognising body?

    Publicity may be stated as done or by its days; then working days are counted, both ends included.
    """

    school_reviewed: bool = True
    form_filled: bool = True
    publicity_done: bool = True
    publicity_from: dt.date | None = None
    publicity_to: dt.date | None = None
    holidays: tuple[dt.date, ...] = ()
    workdays: tuple[dt.date, ...] = ()
    open_objections: int = 0
    registrar_signed: bool = True
    project_leader_signed: bool = True
    department_reviewed: bool = True
    training_body_signed: bool = True


def form_name(written: str) -> str:
    """Return a form's name in one spelling: `附件2—1 三`, `2－1/三` and `form 2-1/三` are `2-1/三`, `2-1三`."""
    name = _SPACE.sub("", _DASH.sub("-", unicodedata.normalize("NFKC", written)))
    return name.lower().removeprefix("form").removeprefix("附件")


@decision("form", asks_zh="登记册和申报表怎么填", facts=FormQuestion, clauses=("PUER-T1-3", "PUER-T1-4", "PUER-T2-1"))
def form(question: FormQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-T1-3, T2-1: the cells in the order of the form, with totals; PUER-T1-4: a project's row by column."""
    refuse_contradictions(question, OF_A_FORM)
    clause = _clause_of(question)
    zh, en = HEADINGS[clause]
    if clause == "PUER-T1-4":
        cells: list[Any] = [question.row.get(column, "") for column in PROJECT_COLUMNS]
    elif question.modules is not None:
        zh, en = CYCLE_HEADING
        cells = _module_cells(question.modules)
    else:
        cells = _mode_cells(question, DECLARATION_MODES if clause == "PUER-T2-1" else MODES)
    shown = "、".join(plain(cell) if isinstance(cell, Decimal) else str(cell) or "（空）" for cell in cells)
    of_year = ("", "") if question.year is None else (f"（{question.year}年度）", f" ({question.year})")
    law.step(
        "cells",
        len(cells),
        unit="格",
        zh=f"{zh}{of_year[0]}依次填{{value}}格：{shown}。",
        en=f"{en}{of_year[1]}: {{value}} cells in the order of the form.",
        clauses=(clause,),
    )
    return {"cells": cells}


def _clause_of(question: FormQuestion) -> str:
    name = form_name(question.form)
    if "四" in name:
        return "PUER-T1-4"
    if name.startswith("2-2") or "申报" in name:
        if question.modules is not None:
            problem = "the declaration has no columns by module; give modes, or name the register 2-1/三"
            raise FactsRefused(field="modules", value=sorted(question.modules), problem=problem)
        return "PUER-T2-1"
    if name.startswith("2-1") or "三" in name:
        return "PUER-T1-3"
    raise FactsRefused(field="form", value=question.form, problem="unknown; name 2-1/三, 2-1/四 or 2-2")


def _module_cells(modules: Mapping[str, Decimal]) -> list[Any]:
    strange = [name for name in modules if name not in MODULES]
    if strange:
        problem = f"unknown; the modules are {', '.join(MODULES)}"
        raise FactsRefused(field="modules", value=strange, problem=problem)
    amounts = [modules.get(module, NOTHING) for module in MODULES]
    return [*amounts, sum(amounts, NOTHING)]


def _mode_cells(question: FormQuestion, order: tuple[str, ...]) -> list[Any]:
    strange = set(question.modes) - set(MODES)
    if strange:
        raise FactsRefused(field="modes", value=sorted(strange), problem=f"unknown; the modes are {', '.join(MODES)}")
    amounts = [question.modes.get(mode, Amount()) for mode in order]
    cells: list[Any] = [cell for amount in amounts for cell in (amount.hours, amount.credits)]
    hours = sum((amount.hours for amount in amounts), NOTHING)
    return [*cells, hours, sum((amount.credits for amount in amounts), NOTHING)]


@decision("form_check", asks_zh="两份表格是否一致", facts=FormCheckQuestion, clauses=("PUER-T1-3", "PUER-6-1"))
def form_check(question: FormCheckQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-T1-3: credits by mode and credits by module come to the same total for each year."""
    by_module = sum(question.module_credits.values(), NOTHING)
    difference = question.mode_credits_total - by_module
    ok = difference == NOTHING
    law.step(
        "difference",
        difference,
        unit="学分",
        zh=f"按模式合计{plain(question.mode_credits_total)}学分，按模块合计{plain(by_module)}学分，"
        + ("两表一致。" if ok else f"相差{plain(abs(difference))}学分，须核对。"),
        en=f"{plain(question.mode_credits_total)} credits by mode, {plain(by_module)} by module: "
        + ("they agree." if ok else f"they differ by {plain(abs(difference))}."),
        clauses=("PUER-T1-3",),
    )
    return {"module_total": by_module, "ok": ok, "difference": difference, "failed": [] if ok else ["PUER-T1-3"]}


def publicity_is_done(question: SubmissionQuestion, law: Law) -> bool:
    """Return whether the publicity was held for the working days required (G-P39)."""
    start, end = question.publicity_from, question.publicity_to
    if not question.publicity_done or start is None or end is None:
        return question.publicity_done
    day, held = start, 0
    while day <= in_reach("publicity_to", end) and held < law.publicity_days:
        held += not is_rest_day(day, question.holidays, question.workdays, law)
        day += DAY
    return held >= law.publicity_days


@decision(
    "submission",
    asks_zh="上报是否齐备：公示、盖章、签字",
    facts=SubmissionQuestion,
    clauses=("PUER-15-1", "PUER-F2-4-2", "PUER-F2-4-3f"),
)
def submission(question: SubmissionQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-F2-4-2: reviewed, on form 2-2, publicised, no objection open; F2-4-3f, 15-1: signed in order."""
    checks = (
        ("PUER-F2-4-2", question.school_reviewed, "学校未审核", "the school has not reviewed"),
        ("PUER-F2-4-2", question.form_filled, "未填申报表", "form 2-2 is not filled"),
        ("PUER-F2-4-2", publicity_is_done(question, law), "公示未完成", "publicity is not complete"),
        ("PUER-F2-4-2", question.open_objections <= 0, "尚有未办结的异议", "an objection is still open"),
        ("PUER-F2-4-3f", question.registrar_signed, "登记人未签名", "the registrar has not signed"),
        ("PUER-15-1", question.project_leader_signed, "项目负责人未签字", "the project leader has not signed"),
        ("PUER-15-1", question.department_reviewed, "教育行政部门未审核", "the department has not reviewed"),
        ("PUER-15-1", question.training_body_signed, "培训机构负责人未签字", "the training body has not signed"),
    )
    broken = [check for check in checks if not check[1]]
    failed = list(dict.fromkeys(clause for clause, _ok, _zh, _en in broken))
    law.step(
        "accepted",
        not broken,
        zh="材料完备，可以上报认定。" if not broken else f"退回：{'；'.join(zh for _c, _o, zh, _e in broken)}。",
        en="The papers are complete and may be submitted."
        if not broken
        else f"Returned: {'; '.join(en for _c, _o, _z, en in broken)}.",
        clauses=tuple(failed) or ("PUER-F2-4-2",),
    )
    return {"accepted": not broken, "failed": failed}
