"""The five-year cycle: what its years recognised, held against every duty of the cycle (articles 8 and 10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import FactsRefused, Finding, Law, breached, decision, hold, measured, plain, share

from yanxiu_puer.annual import VERDICTS, JudgedYear, in_first_year, judge_year
from yanxiu_puer.cap import without_repeated_study
from yanxiu_puer.counted import Counted, last_day_of
from yanxiu_puer.facts import AnyTeacher, CycleQuestion, PuerTeacher, calendar_year
from yanxiu_puer.lines import lines_of
from yanxiu_puer.measures import CYCLE_MEASURES
from yanxiu_puer.requirements import CYCLE_MINIMA, cycle_requirements, shortfalls, tell_findings
from yanxiu_puer.spellings import OF_A_TEACHER, refuse_contradictions
from yanxiu_puer.wording import MODES, MODULES

CLAUSES = (
    "PUER-7-1",
    "PUER-8-1",
    "PUER-8-2b",
    "PUER-8-3",
    "PUER-10-10",
    *CYCLE_MINIMA,
    "PUER-13-5",
    "PUER-F2-3-2",
)


@dataclass(frozen=True, kw_only=True)
class JudgedCycle:
    """A cycle as it was judged: its years, measures over what is recognised, findings and verdict."""

    years: tuple[JudgedYear, ...]
    measures: Mapping[str, Decimal]
    self_chosen_share: Decimal | None
    findings: tuple[Finding, ...]
    failed: list[str]
    head_teacher: bool
    to_come: tuple[int, ...] = ()

    @property
    def failed_years(self) -> list[int]:
        """The years that were not completed; an exempt year is not among them."""
        return [judged.year for judged in self.years if judged.verdict == "FAIL"]

    @property
    def verdict(self) -> str:
        """PASS when the totals are met, no year failed and none is to come: article 10 binds every year (G-P14)."""
        return cycle_verdict(failing=bool(self.failed or self.failed_years or self.to_come))


def cycle_verdict(*, failing: bool) -> str:
    """Return the verdict of a cycle in which a total is short, or a year failed or is still to come, or none of it."""
    return "FAIL" if failing else "PASS"


def is_head_teacher(teacher: AnyTeacher, years: Iterable[int]) -> bool:
    """Return whether the teacher was a head teacher in any year of the cycle (G-P46)."""
    named = teacher.head_teacher_years if isinstance(teacher, PuerTeacher) else ()
    return teacher.head_teacher or any(year in named for year in years)


def first_year_of(teacher: AnyTeacher, year: int, years: Sequence[int]) -> bool:
    """Return whether a year of the cycle is the teacher's first; a bare `first_year` means the first of the cycle."""
    if isinstance(teacher.first_year, int) and not isinstance(teacher.first_year, bool):
        return teacher.first_year == year
    if teacher.hired_on is not None:
        return teacher.first_year is not False and teacher.hired_on.year == year
    return in_first_year(teacher, year) and year == years[0]


def judge_cycle(
    years: Sequence[int], lines: Sequence[Counted], teacher: AnyTeacher, law: Law, *, to_come: Collection[int] = ()
) -> JudgedCycle:
    """Judge a cycle: each year by the law of its last day, then the totals of what those years recognised.

    Years `to_come` are not judged, and no cycle is completed before them.
    """
    lines = without_repeated_study(lines, law)
    judged = tuple(_year(year, years, lines, teacher, law) for year in years if year not in to_come)
    measures = measured(CYCLE_MEASURES, (line for one in judged for line in one.recognised), law)
    _tell_totals(measures, law)
    shown = _tell_share(measures, law)
    head_teacher = is_head_teacher(teacher, years)
    findings = tell_findings(hold(cycle_requirements(law, head_teacher=head_teacher), measures, law), law)
    found = JudgedCycle(
        years=judged,
        measures=measures,
        self_chosen_share=shown,
        findings=findings,
        failed=list(dict.fromkeys(breached(findings))),
        head_teacher=head_teacher,
        to_come=tuple(to_come),
    )
    _tell_verdict(found, law)
    return found


def _year(year: int, years: Sequence[int], lines: Sequence[Counted], teacher: AnyTeacher, law: Law) -> JudgedYear:
    own = law.quiet(last_day_of(year))
    judged = judge_year(year, lines, teacher, own, first_year=first_year_of(teacher, year, years))
    law.steps += [step for step in own.steps if step.name == "verdict"]
    return judged


def _tell_totals(measures: Mapping[str, Decimal], law: Law) -> None:
    modules = "、".join(f"{name}{plain(measures[name])}" for name in MODULES)
    law.step(
        "recognised",
        measures["credits"],
        unit="学分",
        zh=f"周期内认定{plain(measures['hours'])}学时{{value}}学分，其中县级以上{plain(measures['county_above_credits'])}学分；"
        f"按模块（学分）：{modules}。",
        en=f"Recognised in the cycle: {plain(measures['hours'])} hours and {{value}} credits, "
        f"{plain(measures['county_above_credits'])} of them county-and-above.",
        clauses=("PUER-7-1",),
    )


def _tell_share(measures: Mapping[str, Decimal], law: Law) -> Decimal | None:
    part, whole = measures["self_chosen_credits"], measures["share_basis_credits"]
    shown = share(part, whole, int(law.share_places)) if whole else None
    law.step(
        "self_chosen",
        shown,
        zh="周期内没有认定的学分，无从计算自主选学比例。"
        if shown is None
        else f"自主选学{plain(part)}学分，占{plain(whole)}学分的{shown:.2%}（显示值；判定用精确值）。",
        en="No credits are recognised in the cycle: there is nothing to take the self-chosen share of."
        if shown is None
        else f"Self-chosen: {plain(part)} of {plain(whole)} credits, shown as {shown:.2%}; the test is exact.",
        clauses=("PUER-8-2b", "PUER-8-3"),
    )
    return shown


def _tell_verdict(found: JudgedCycle, law: Law) -> None:
    missing_zh, missing_en = shortfalls(found.findings)
    short_zh = f"未达到：{missing_zh}" if missing_zh else "各项总量均已达到"
    short_en = f"short of: {missing_en}" if missing_en else "all totals met"
    years = "、".join(str(year) for year in found.failed_years)
    late_zh = f"；{years}年度未完成" if years else ""
    late_en = f"; years not completed: {years.replace('、', ', ')}" if years else ""
    if found.to_come:
        left, first, last = len(found.to_come), found.to_come[0], found.to_come[-1]
        span = str(first) if first == last else f"{first}—{last}"
        late_zh += f"；尚有{left}个年度（{span}）没有登记，未作判定"
        late_en += f"; years without records yet, not judged: {span.replace('—', ' to ')}"
    law.step(
        "verdict",
        found.verdict,
        zh=f"周期{VERDICTS[found.verdict][0]}；{short_zh}{late_zh}。",
        en=f"The cycle {VERDICTS[found.verdict][1]}; {short_en}{late_en}.",
        clauses=("PUER-10-1", "PUER-10-5"),
    )


def cycle_result(found: JudgedCycle) -> dict[str, Any]:
    """Return a judged cycle in the words of the cycle question."""
    figures = found.measures
    result: dict[str, Any] = {
        "annual": [
            {
                "year": judged.year,
                "verdict": judged.verdict,
                "hours": judged.measures["hours"],
                "credits": judged.measures["credits"],
                "failed": judged.failed,
            }
            for judged in found.years
        ],
        "recognised": {
            "hours": figures["hours"],
            "credits": figures["credits"],
            "mode_hours": {mode: figures[f"{mode}_hours"] for mode in MODES},
            "mode_credits": {mode: figures[f"{mode}_credits"] for mode in MODES},
            "modules": {name: figures[name] for name in MODULES},
            "county_above_hours": figures["county_above_hours"],
            "county_above_credits": figures["county_above_credits"],
            "self_chosen_credits": figures["self_chosen_credits"],
            "self_chosen_share": found.self_chosen_share,
        },
        "failed": found.failed,
        "annual_failed_years": found.failed_years,
        "cycle_totals_met": not found.failed,
        "verdict": found.verdict,
    }
    if found.to_come:
        result["years_to_come"] = list(found.to_come)
    if found.head_teacher:
        result["head_teacher_hours"] = figures["head_teacher_hours"]
    return result


def years_asked(question: CycleQuestion) -> tuple[int, ...]:
    """Return the years of the cycle in order, each once."""
    return tuple(sorted({calendar_year(f"cycle[{index}]", year) for index, year in enumerate(question.cycle)}))


def last_day_asked(question: CycleQuestion) -> date | None:
    """Return the day whose law governs the totals: the last of the cycle."""
    years = years_asked(question)
    return last_day_of(max(years)) if years else None


@decision(
    "cycle",
    asks_zh="五年周期是否完成：总量、模式、模块、县级以上、自主选学、班主任专题",
    facts=CycleQuestion,
    clauses=CLAUSES,
    day=last_day_asked,
)
def cycle(question: CycleQuestion, law: Law) -> Mapping[str, Any]:
    """Judge one cycle of one teacher from the records given."""
    years = years_asked(question)
    if not years:
        raise FactsRefused(field="cycle", value=[], problem="empty; name the years of the cycle")
    if len(years) > law.cycle_years:
        problem = f"more than the {plain(law.cycle_years)} years of a cycle"
        raise FactsRefused(field="cycle", value=list(years), problem=problem)
    refuse_contradictions(question.teacher, OF_A_TEACHER, "teacher.")
    lines = lines_of(question.records, years, law)
    return cycle_result(judge_cycle(years, lines, question.teacher, law))
