"""The year: what a teacher has in each mode, which duties are met, and what of it is recognised (articles 7 and 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from yanxiu_rulekit import Finding, Law, breached, decision, hold, measured, plain

from yanxiu_puer.cap import capped, without_overlaps, without_repeated_study
from yanxiu_puer.counted import Counted, last_day_of
from yanxiu_puer.facts import AnnualQuestion, AnyTeacher, calendar_year
from yanxiu_puer.lines import lines_of, of_year
from yanxiu_puer.measures import REGISTERED, YEAR_MEASURES, has_mode
from yanxiu_puer.requirements import INDUCTION, mode_requirements, shortfalls, tell_findings, year_requirements
from yanxiu_puer.spellings import OF_A_TEACHER, refuse_contradictions
from yanxiu_puer.wording import MODE_EN, MODE_ZH, MODES, NOTHING, day_zh

CLAUSES = (
    "PUER-7-1",
    "PUER-10-2",
    "PUER-10-3",
    "PUER-10-3N",
    "PUER-10-3C",
    "PUER-10-3S",
    "PUER-10-4",
    "PUER-10-4a",
    "PUER-10-4b",
    "PUER-10-4c",
    "PUER-10-6",
    "PUER-10-7",
    "PUER-10-7N",
    "PUER-10-7C",
    "PUER-10-7S",
    "PUER-10-9",
    "PUER-13-5",
    "PUER-27-1",
    "PUER-F2-4-3a",
    "PUER-F2-4-3b",
    "PUER-F3-3-2",
)


VERDICTS = {
    "PASS": ("完成", "is completed"),
    "FAIL": ("未完成", "is not completed"),
    "EXEMPT": ("免予考核", "is exempt"),
}


@dataclass(frozen=True, kw_only=True)
class JudgedYear:
    """A year as it was judged: measures (after the cap), findings, verdict, and the lines that are recognised."""

    year: int
    measures: Mapping[str, Decimal]
    findings: tuple[Finding, ...]
    failed: list[str]
    verdict: str
    three_modes_ok: bool
    recognised: tuple[Counted, ...]
    induction: Mapping[str, Any] | None

    @property
    def recognised_hours(self) -> Decimal:
        """Hours that the gate of article 7 lets through."""
        return sum((line.hours for line in self.recognised), NOTHING)

    @property
    def recognised_credits(self) -> Decimal:
        """Credits that the gate of article 7 lets through."""
        return sum((line.credits for line in self.recognised), NOTHING)


def in_first_year(teacher: AnyTeacher, year: int) -> bool:
    """Return whether the year is the teacher's first in post: as stated, else the year of appointment."""
    said = teacher.first_year
    if said is not None:
        return said if isinstance(said, bool) else said == year
    return teacher.hired_on is not None and teacher.hired_on.year == year


def judge_year(year: int, lines: Sequence[Counted], teacher: AnyTeacher, law: Law, *, first_year: bool) -> JudgedYear:
    """Judge a calendar year from its lines, and tell how; induction lines of a neighbouring year may be among them.

    The school-based cap comes first, then the duties of article 10, then the gate of article 7: without it nothing
    of the year is recognised, unless the district decided otherwise (G-P14).
    """
    own = without_repeated_study((line for line in of_year(lines, year) if has_mode(line, law)), law)
    kept = without_overlaps(own, law)
    counted = capped(kept, law)
    _tell_cap(kept, counted, law)
    figures = measured(YEAR_MEASURES, counted, law) | measured(REGISTERED, kept, law)
    _tell_modes(figures, law)
    findings = tell_findings(hold(year_requirements(law), figures, law), law)
    found = settle(breached(findings), law, first_year=first_year)
    _tell_verdict(year, findings, found.verdict, found.open_modes, law)
    induction = induction_of(year, lines, teacher, law)
    return JudgedYear(
        year=year,
        measures=figures,
        findings=findings,
        failed=found.failed,
        verdict=found.verdict,
        three_modes_ok=found.three_modes_ok,
        recognised=tuple(line for line in counted if line.mode in found.open_modes),
        induction=judge_induction(year, induction, teacher, law) if first_year or induction else None,
    )


class Settled(NamedTuple):
    """What the duties breached make of a year: each clause once, the modes that are recognised, the verdict."""

    failed: list[str]
    three_modes_ok: bool
    open_modes: list[str]
    verdict: str


def settle(breaches: Iterable[str], law: Law, *, first_year: bool) -> Settled:
    """PUER-7-1, F2-4-3a, 10-4c: say what breaches lead to, for one teacher and for all who breached the same.

    Article 7 asks of "every teacher" that he reach the three modes before a year is recognised: who is exempt from
    the assessment is not exempt from that, unless the district decided so (G-P16).
    """
    failed = list(dict.fromkeys(breaches))
    passing = [mode for mode in MODES if not set(mode_requirements(mode)) & set(failed)]
    exempt = first_year and law.first_year_exempt
    counts = exempt and law.exempt_year == "count_registered"
    open_modes: list[str] = list(MODES) if counts else _recognised_modes(passing, failed, law)
    verdict = "EXEMPT" if exempt else "FAIL" if failed else "PASS"
    return Settled(failed, len(passing) == len(MODES), open_modes, verdict)


def _recognised_modes(passing: list[str], failed: list[str], law: Law) -> list[str]:
    open_gate = not failed if law.recognition_gate == "all_annual" else len(passing) == len(MODES)
    if open_gate or law.failed_year == "count_registered":
        return list(MODES)
    return passing if law.failed_year == "withhold_failed_mode" else []


def _tell_cap(kept: Iterable[Counted], counted: Iterable[Counted], law: Law) -> None:
    registered = sum((line.hours for line in kept if line.mode == "school"), NOTHING)
    counts = sum((line.hours for line in counted if line.mode == "school"), NOTHING)
    over = f"，其余{plain(registered - counts)}学时不计" if registered != counts else ""
    law.step(
        "school_cap",
        counts,
        unit="学时",
        zh=f"校本研修登记{plain(registered)}学时，每年最多计{{most}}学时，计入{{value}}学时{over}。",
        en=f"School-based research: {plain(registered)} hours registered; {{value}} count (at most {{most}} a year).",
        clauses=("PUER-F3-3-2",),
        most=law.school_hours_cap,
    )


def _tell_modes(figures: Mapping[str, Decimal], law: Law) -> None:
    zh = "；".join(
        f"{MODE_ZH[mode]}{plain(figures[f'{mode}_hours'])}学时{plain(figures[f'{mode}_credits'])}学分" for mode in MODES
    )
    en = "; ".join(
        f"{MODE_EN[mode]} {plain(figures[f'{mode}_hours'])} hours, {plain(figures[f'{mode}_credits'])} credits"
        for mode in MODES
    )
    law.step(
        "modes",
        figures["hours"],
        unit="学时",
        zh=f"{zh}；合计{{value}}学时{plain(figures['credits'])}学分，"
        f"其中县级以上{plain(figures['county_above_hours'])}学时{plain(figures['county_above_credits'])}学分。",
        en=f"By mode: {en}; in all {{value}} hours, {plain(figures['credits'])} credits, of them county-and-above "
        f"{plain(figures['county_above_hours'])} hours, {plain(figures['county_above_credits'])} credits.",
        clauses=("PUER-10-2", "PUER-10-6"),
    )


def _tell_verdict(year: int, findings: tuple[Finding, ...], verdict: str, open_modes: list[str], law: Law) -> None:
    said_zh, said_en = VERDICTS[verdict]
    missing_zh, missing_en = shortfalls(findings)
    short_zh = f"，未达到：{missing_zh}" if missing_zh else "，各项要求均已达到"
    short_en = f", short of: {missing_en}" if missing_en else ", every duty met"
    kept = "、".join(MODE_ZH[mode] for mode in open_modes)
    kept_en = ", ".join(MODE_EN[mode] for mode in open_modes) or "nothing"
    gate = "学时学分全部认定" if len(open_modes) == len(MODES) else f"只认定{kept}" if kept else "当年学时学分不予认定"
    law.step(
        "verdict",
        verdict,
        zh=f"{year}年度{said_zh}{short_zh}；{gate}。",
        en=f"The year {year} {said_en}{short_en}; recognised: {kept_en}.",
        clauses=("PUER-7-1", "PUER-F2-4-3a"),
    )


def induction_of(year: int, lines: Iterable[Counted], teacher: AnyTeacher, law: Law) -> list[Counted]:
    """PUER-10-4: the induction lines of the first year in post (G-P16).

    Twelve months from the appointment where its day is known, else the calendar year.
    """
    own = [line for line in lines if line.kind == "induction"]
    start = teacher.hired_on
    if not own or start is None or law.first_year_definition != "12_months":
        return [line for line in own if line.on.year == year]
    anniversary = (start.year + 1, start.month, start.day)
    return [line for line in own if start <= line.on and (line.on.year, line.on.month, line.on.day) < anniversary]


def judge_induction(year: int, own: Iterable[Counted], teacher: AnyTeacher, law: Law) -> Mapping[str, Any]:
    """PUER-10-4a, 10-4b: hours and practical hours of induction, judged apart from the year (PUER-10-4c)."""
    own = list(own)
    figures = {
        "induction_hours": sum((line.induction_hours for line in own), NOTHING),
        "practical_hours": sum((line.practical_hours for line in own), NOTHING),
    }
    failed = breached(tell_findings(hold(INDUCTION, figures, law), law))
    practical = plain(figures["practical_hours"])
    since = f"（{day_zh(teacher.hired_on)}任职）" if teacher.hired_on else f"（{year}年度）"
    law.step(
        "induction",
        figures["induction_hours"],
        unit="学时",
        zh=f"新任教师上岗培训{since}{{value}}学时，其中实践性{practical}学时，{'未达到' if failed else '达到'}要求。",
        en=f"Induction: {{value}} hours, {practical} of them practical: {'short' if failed else 'met'}.",
        clauses=("PUER-10-4",),
    )
    return {
        "hours": figures["induction_hours"],
        "practical_hours": figures["practical_hours"],
        "failed": failed,
        "verdict": "FAIL" if failed else "PASS",
    }


def year_result(judged: JudgedYear, law: Law) -> dict[str, Any]:
    """Return a judged year in the words of the annual question."""
    figures = judged.measures
    over = max(NOTHING, figures["hours"] - law.excess_hours_over)
    if over:
        law.step(
            "excess",
            over,
            unit="学时",
            zh="超出每年{least}学时的部分为{value}学时，照常计入，可参照省级继续教育规定管理。",
            en="{value} hours beyond the {least} of a year: they count, and provincial rules may serve for them.",
            clauses=("PUER-27-1",),
            least=law.excess_hours_over,
        )
    result: dict[str, Any] = {
        "year": judged.year,
        "modes": {mode: {"hours": figures[f"{mode}_hours"], "credits": figures[f"{mode}_credits"]} for mode in MODES},
        "school_hours_registered": figures["school_hours_registered"],
        "total_hours": figures["hours"],
        "total_credits": figures["credits"],
        "county_above_hours": figures["county_above_hours"],
        "county_above_credits": figures["county_above_credits"],
        "failed": judged.failed,
        "verdict": judged.verdict,
        "three_modes_ok": judged.three_modes_ok,
        "recognised_hours": judged.recognised_hours,
        "recognised_credits": judged.recognised_credits,
        "excess_hours_over_72": over,
    }
    if judged.induction is not None:
        result["induction"] = judged.induction
    return result


def last_day_asked(question: AnnualQuestion) -> date:
    """Return the day whose law governs a year: its last."""
    return last_day_of(calendar_year("year", question.year))


@decision(
    "annual", asks_zh="一个年度是否完成，认定多少学时学分", facts=AnnualQuestion, clauses=CLAUSES, day=last_day_asked
)
def annual(question: AnnualQuestion, law: Law) -> Mapping[str, Any]:
    """Judge one calendar year of one teacher from the records given."""
    calendar_year("year", question.year)
    refuse_contradictions(question.teacher, OF_A_TEACHER, "teacher.")
    lines = lines_of(question.records, (question.year,), law)
    first = in_first_year(question.teacher, question.year)
    return year_result(judge_year(question.year, lines, question.teacher, law, first_year=first), law)
