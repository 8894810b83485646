"""What a year and a cycle ask of a teacher, as lists: measure, threshold, clause, in rule order."""

from __future__ import annotations

from collections.abc import Iterator

from yanxiu_rulekit import Finding, Law, Requirement, Step, plain

from yanxiu_puer.wording import MODE_EN, MODE_ZH, MODES, UNIT_EN

LETTER = {"network": "N", "central": "C", "school": "S"}
MODULE_ROWS = (
    ("专业理念与师德", "professional ideals and ethics", "cycle_ethics", "PUER-10-11"),
    ("专业知识", "professional knowledge", "cycle_knowledge", "PUER-10-12"),
    ("专业能力", "professional ability", "cycle_ability", "PUER-10-13"),
    ("班级管理", "class management", "cycle_class_management", "PUER-10-14"),
    ("校本研修", "school-based research", "cycle_school_module", "PUER-10-15"),
)
# The clauses by which a cycle's totals are minima: of hours and credits, by mode, county-and-above, by module.
CYCLE_MINIMA = (
    "PUER-10-1",
    "PUER-10-5",
    "PUER-10-8",
    *(clause for *_labels, clause in MODULE_ROWS),
    "PUER-F2-3-1",
    "PUER-F2-3-1N",
    "PUER-F2-3-1C",
    "PUER-F2-3-1S",
)


def at_least(clause: str, measure: str, parameter: str, zh: str, en: str, unit: str) -> Requirement:
    """Return a minimum."""
    return Requirement(
        clause=clause,
        measure=measure,
        operator="at_least",
        parameter=parameter,
        label_zh=zh,
        label_en=en,
        unit=unit,
    )


def _by_mode(clause: str, amount: str, parameter: str, zh: str, unit: str) -> tuple[Requirement, ...]:
    return tuple(
        at_least(
            clause + LETTER[mode],
            f"{mode}_{amount}",
            parameter,
            f"{MODE_ZH[mode]}{zh}",
            f"{amount} of {MODE_EN[mode]}",
            unit,
        )
        for mode in MODES
    )


YEAR_HOURS = at_least("PUER-10-2", "hours", "annual_hours", "年度学时", "hours of the year", "学时")
YEAR_MODE_HOURS = _by_mode("PUER-10-3", "hours", "annual_mode_hours", "年度学时", "学时")
YEAR_CREDITS = at_least("PUER-10-6", "credits", "annual_credits", "年度学分", "credits of the year", "学分")
YEAR_MODE_CREDITS = _by_mode("PUER-10-7", "credits", "annual_mode_credits", "年度学分", "学分")

INDUCTION = (
    at_least("PUER-10-4a", "induction_hours", "induction_hours", "上岗培训学时", "induction hours", "学时"),
    at_least(
        "PUER-10-4b",
        "practical_hours",
        "induction_practical_hours",
        "其中实践性培训学时",
        "practical induction hours",
        "学时",
    ),
)


def in_units(law: Law, clause: str, measure: str, parameter: str, zh: str, en: str) -> Iterator[Requirement]:
    """Give a minimum whose unit the text lost (G-P12): in credits, in hours, or one of each."""
    unit = law.county_above_unit
    found = {
        "credits": at_least(clause, f"{measure}_credits", parameter, f"{zh}学分", f"credits of {en}", "学分"),
        "hours": at_least(clause, f"{measure}_hours", parameter, f"{zh}学时", f"hours of {en}", "学时"),
    }
    yield from found.values() if unit == "both" else (found[unit],)


def year_requirements(law: Law) -> Iterator[Requirement]:
    """Give the duties of a year (article 10); lazily, so that a reading made here belongs to its own duty."""
    yield YEAR_HOURS
    yield from YEAR_MODE_HOURS
    yield YEAR_CREDITS
    yield from YEAR_MODE_CREDITS
    yield from in_units(
        law, "PUER-10-9", "county_above", "annual_county_above", "县级以上培训年度", "county-and-above training"
    )


def mode_requirements(mode: str) -> tuple[str, str]:
    """Return the clauses by which one mode is judged in a year: its hours and its credits."""
    place = MODES.index(mode)
    return YEAR_MODE_HOURS[place].clause, YEAR_MODE_CREDITS[place].clause


SELF_CHOSEN = Requirement(
    clause="PUER-8-3",
    measure="self_chosen_credits",
    operator="at_least",
    parameter="self_chosen_share",
    of="share_basis_credits",
    label_zh="自主选学学分",
    label_en="self-chosen credits",
    unit="学分",
)
HEAD_TEACHER = at_least(
    "PUER-F2-3-2",
    "head_teacher_hours",
    "head_teacher_hours",
    "班主任专题培训学时",
    "hours of head-teacher training",
    "学时",
)


def cycle_requirements(law: Law, *, head_teacher: bool) -> Iterator[Requirement]:
    """Give the duties of a five-year cycle (articles 8 and 10, recognition rules section 3), lazily as above."""
    yield at_least("PUER-10-1", "hours", "cycle_hours", "周期学时", "hours of the cycle", "学时")
    yield from _by_mode("PUER-F2-3-1", "hours", "cycle_mode_hours", "周期学时", "学时")
    yield at_least("PUER-10-5", "credits", "cycle_credits", "周期学分", "credits of the cycle", "学分")
    yield from in_units(
        law, "PUER-10-8", "county_above", "cycle_county_above", "县级以上培训周期", "county-and-above training"
    )
    yield from in_units(
        law, "PUER-10-10", "school", "cycle_school_based", "校本研修类培训周期", "school-based training"
    )
    for module, en, parameter, clause in MODULE_ROWS:
        yield at_least(clause, module, parameter, f"{module}模块周期学分", f"credits of {en}", "学分")
    yield SELF_CHOSEN
    if head_teacher:
        yield HEAD_TEACHER


def tell_findings(findings: tuple[Finding, ...], law: Law) -> tuple[Finding, ...]:
    """Say each requirement with its threshold, what was earned and what is missing, and return them unchanged."""
    law.steps += [_told(finding) for finding in findings]
    return findings


WANTED = {"at_least": ("不少于", "at least")}


def _told(finding: Finding) -> Step:
    zh, en = WANTED[finding.operator]
    label_en, unit_en = finding.label_en.capitalize(), UNIT_EN[finding.unit]
    wanted, missing = plain(finding.threshold), plain(finding.shortfall)
    if finding.earned is None:
        said_zh = "没有认定的学分，比例和差额无从计算，未达到"
        said_en = "no credits are recognised, so neither share nor shortfall can be computed: not met"
    else:
        earned = plain(finding.earned)
        end_zh = "达到" if finding.met else f"未达到，差{missing}{finding.unit}"
        end_en = "met" if finding.met else f"short of {missing}"
        said_zh = f"{earned}{finding.unit}，要求{zh}{wanted}{finding.unit}，{end_zh}"
        said_en = f"{earned}; {en} {wanted} {unit_en} wanted: {end_en}"
    return Step(
        name=finding.measure,
        value=finding.met,
        unit="",
        zh=f"{finding.label_zh}：{said_zh}。",
        en=f"{label_en}: {said_en}.",
        clauses=(finding.clause,),
        readings=finding.readings,
    )


def shortfalls(findings: tuple[Finding, ...]) -> tuple[str, str]:
    """Return what is short, by name, in Chinese and in English; both empty where every duty is met."""
    short = [finding for finding in findings if not finding.met]
    return "、".join(one.label_zh for one in short), ", ".join(one.label_en for one in short)
