"""The five-year cycle: what its years recognised, held against every duty of the cycle (articles 8 and 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import FactsRefused, Finding, Law, Teacher, breached, decision, hold, plain, share

from yanxiu_puer.annual import JudgedYear, in_first_year, judge_year
from yanxiu_puer.counted import Counted, chosen_by_self, credits_by_module, is_county_above, last_day_of
from yanxiu_puer.facts import CycleQuestion, PuerTeacher
from yanxiu_puer.lines import lines_of
from yanxiu_puer.requirements import cycle_requirements, tell_findings
from yanxiu_puer.wording import MODES, MODULES, NOTHING

CLAUSES = (
    "PUER-7-1",
    "PUER-8-2b",
    "PUER-8-3",
    "PUER-10-1",
    "PUER-10-5",
    "PUER-10-8",
    "PUER-10-10",
    "PUER-10-11",
    "PUER-10-12",
    "PUER-10-13",
    "PUER-10-14",
    "PUER-10-15",
    "PUER-F2-3-1",
    "PUER-F2-3-1N",
    "PUER-F2-3-1C",
    "PUER-F2-3-1S",
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

    @property
    def failed_years(self) -> list[int]:
        """The years that were not completed; an exempt year is not among them."""
        return [judged.year for judged in self.years if judged.verdict == "FAIL"]

    @property
    def verdict(self) -> str:
        """PASS when the totals are met and no year failed: article 10 binds every year (G-P14)."""
        return "FAIL" if self.failed or self.failed_years else "PASS"


def is_head_teacher(teacher: Teacher, years: Iterable[int]) -> bool:
    """Return whether the teacher was a head teacher in any year of the cycle (G-P46)."""
    named = teacher.head_teacher_years if isinstance(teacher, PuerTeacher) else ()
    return teacher.head_teacher or any(year in named for year in years)


def first_year_of(teacher: Teacher, year: int, years: Sequence[int]) -> bool:
    """Return whether a year of the cycle is the teacher's first; a bare `first_year` means the first of the cycle."""
    if teacher.hired_on is not None:
        return teacher.first_year is not False and teacher.hired_on.year == year
    return in_first_year(teacher, year) and year == years[0]


def judge_cycle(years: Sequence[int], lines: Sequence[Counted], teacher: Teacher, law: Law) -> JudgedCycle:
    """Judge a cycle: each year by the law of its last day, then the totals of what those years recognised."""
    judged = tuple(_year(year, years, lines, teacher, law) for year in years)
    measures = cycle_measures([line for one in judged for line in one.recognised], law)
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
    )
    _tell_verdict(found, law)
    return found


def _year(year: int, years: Sequence[int], lines: Sequence[Counted], teacher: Teacher, law: Law) -> JudgedYear:
    own = law.quiet(last_day_of(year))
    judged = judge_year(year, lines, teacher, own, first_year=first_year_of(teacher, year, years))
    law.steps += [step for step in own.steps if step.name == "verdict"]
    return judged


def cycle_measures(lines: Sequence[Counted], law: Law) -> dict[str, Decimal]:
    """Return the figures of recognised lines: in all, by mode, module, county-and-above, self-chosen, head teacher."""
    names = ["", *(f"{mode}_" for mode in MODES), "county_above_"]
    figures = {f"{name}{amount}": NOTHING for name in names for amount in ("hours", "credits")}
    figures |= dict.fromkeys(("head_teacher_hours", "self_chosen_credits", "share_basis_credits"), NOTHING)
    for line in lines:
        above = ("county_above_",) if is_county_above(line, law) else ()
        for name in ("", f"{line.mode}_", *above):
            figures[f"{name}hours"] += line.hours
            figures[f"{name}credits"] += line.credits
        if line.head_teacher_topic:
            figures["head_teacher_hours"] += line.hours
        amount = line.basic if law.self_chosen_basis == "basic_credits" else line.credits
        figures["share_basis_credits"] += amount
        if chosen_by_self(line, law):
            figures["self_chosen_credits"] += amount
    return figures | credits_by_module(lines, law)


def _tell_totals(measures: Mapping[str, Decimal], law: Law) -> None:
    modules = "、".join(f"{name}{plain(measures[name])}" for name in MODULES)
    law.step(
        "recognised",
        measures["credits"],
        unit="学分",
        zh=f"周期内认定{plain(measures['hours'])}学时{{value}}学分，其中县级以上{plain(measures['county_above_credits'])}学分；"
        f"按模块（学分）：{modules}。",
        en=f"Recognised in the cycle: {plain(measures['hours'])} h and {{value}} credits, "
        f"{plain(measures['county_above_credits'])} of them county-and-above.",
        clauses=("PUER-7-1",),
    )


def _tell_share(measures: Mapping[str, Decimal], law: Law) -> Decimal | None:
    part, whole = measures["self_chosen_credits"], measures["share_basis_credits"]
    shown = share(part, whole, int(law.share_places)) if whole else None
    law.step(
        "self_chosen",
        shown,
        zh=f"自主选学{plain(part)}学分，占{plain(whole)}学分的{'无从计算' if shown is None else plain(shown)}"
        "（显示用；判定用精确值）。",
        en=f"Self-chosen: {plain(part)} of {plain(whole)} credits"
        + ("." if shown is None else f", shown as {plain(shown)}; the test is exact."),
        clauses=("PUER-8-2b", "PUER-8-3"),
    )
    return shown


def _tell_verdict(found: JudgedCycle, law: Law) -> None:
    short_zh = f"未达到{'、'.join(found.failed)}" if found.failed else "各项总量均已达到"
    short_en = f"short of {', '.join(found.failed)}" if found.failed else "all totals met"
    years = "、".join(str(year) for year in found.failed_years)
    late = f"；{years}年度未完成" if years else ""
    law.step(
        "verdict",
        found.verdict,
        zh=f"周期{'完成' if found.verdict == 'PASS' else '未完成'}：{short_zh}{late}。",
        en=f"The cycle: {{value}}, {short_en}" + (f"; years not completed: {years}." if years else "."),
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
    if found.head_teacher:
        result["head_teacher_hours"] = figures["head_teacher_hours"]
    return result


def last_day_asked(question: CycleQuestion) -> date | None:
    """Return the day whose law governs the totals: the last of the cycle."""
    return last_day_of(max(question.cycle)) if question.cycle else None


@decision("cycle", facts=CycleQuestion, clauses=CLAUSES, day=last_day_asked)
def cycle(question: CycleQuestion, law: Law) -> Mapping[str, Any]:
    """Judge one cycle of one teacher from the records given."""
    years = tuple(sorted(set(question.cycle)))
    if not years:
        raise FactsRefused(field="cycle", value=[], problem="empty; name the years of the cycle")
    lines = lines_of(question.records, years, law)
    return cycle_result(judge_cycle(years, lines, question.teacher, law))
