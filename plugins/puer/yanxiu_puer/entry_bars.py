"""What makes a file come back for correction (REJECTED): a mark, an amount or a coefficient that cannot be."""

from __future__ import annotations

from yanxiu_rulekit import Law, plain

from yanxiu_puer.amount_bars import (
    amount_missing,
    amount_negative,
    amount_too_fine,
    amount_too_large,
    hour_log_does_not_add_up,
    induction_out_of_range,
    modules_do_not_add_up,
)
from yanxiu_puer.amounts import field_of
from yanxiu_puer.bar import Bar, Barred, Refusing
from yanxiu_puer.coefficient import FIXED_CLAUSE, SUB_ID, coefficient_of, fixed_coefficient, range_of, row_of
from yanxiu_puer.facts import COURSES, Record, allocation_of, certified_level, last_day, mode_of
from yanxiu_puer.grading import GRADED, GRADED_BY, GRADES, grade_of_mark
from yanxiu_puer.wording import LEVEL_ZH, MODE_ZH, MODULES, ROLE_ZH, WHOLE, credits_en, grade_en

ROLES = {"studio": ("host", "member", "trainee"), "research": ("host", "participant")}


def no_mode(record: Record, _law: Law) -> Barred | None:
    """PUER-7-1: a course belongs to one of three modes."""
    if record.kind not in COURSES or mode_of(record) is not None:
        return None
    return Barred(
        "mode",
        ("PUER-7-1",),
        "未注明研修模式，无法核算。",
        "The mode is not stated, so nothing can be computed.",
        Refusing("MODE_MISSING", "record.mode", None, "注明网络研修、集中研修或校本研修。", "State the mode."),
    )


def no_level(record: Record, _law: Law) -> Barred | None:
    """PUER-5-1: centralised projects and art. 13 items have one of five levels."""
    central = record.kind in COURSES and mode_of(record) == "central"
    if not (central or record.kind in ("studio", "lecture", "contest", "research")) or certified_level(record):
        return None
    return Barred(
        "level",
        ("PUER-5-1",),
        "未注明项目级别，无法确定项目学分。",
        "The level is not stated, so the coefficient is unknown.",
        Refusing(
            "LEVEL_MISSING", "record.level", None, "注明国家级、省级、市级、县（区）级或校级。", "State the level."
        ),
    )


def no_central_school_level(record: Record, law: Law) -> Barred | None:
    """PUER-11-1: centralised research has county, municipal, provincial and national projects only."""
    if record.kind not in COURSES or mode_of(record) != "central" or record.level != "school":
        return None
    if range_of(record, law) is not None:
        return None
    return Barred(
        "level",
        ("PUER-11-1",),
        "集中研修没有校级项目；校级项目属校本研修。",
        "Centralised research has no school-level projects; a school's project is school-based.",
        Refusing(
            "LEVEL_OUT_OF_RANGE",
            "record.level",
            record.level,
            "改正级别，或改为校本研修。",
            "Correct the level or the mode.",
        ),
    )


def no_role(record: Record, _law: Law) -> Barred | None:
    """PUER-13-1, PUER-13-4: the hours of a studio or a research project depend on the role."""
    if record.kind not in ROLES or record.role in ROLES[record.kind]:
        return None
    clause = "PUER-13-1" if record.kind == "studio" else "PUER-13-4"
    return Barred(
        "role",
        (clause,),
        "未注明应有的角色，无法确定学时。",
        "The role is not stated or does not exist here, so the hours are unknown.",
        Refusing(
            "ROLE_MISSING",
            "record.role",
            record.role,
            f"注明角色：{'、'.join(ROLE_ZH[role] for role in ROLES[record.kind])}。",
            f"Give one of {', '.join(ROLES[record.kind])}.",
        ),
    )


def mark_out_of_range(record: Record, law: Law) -> Barred | None:
    """PUER-11-3: marks run from 0 to 100."""
    if record.score is None:
        return None
    lowest, highest = law.mark_range["lowest"], law.mark_range["highest"]
    if lowest <= record.score <= highest:
        return None
    return Barred(
        "mark",
        ("PUER-11-3",),
        f"成绩{plain(record.score)}分，不在{plain(lowest)}—{plain(highest)}分之内。",
        f"The mark {plain(record.score)} is not between {plain(lowest)} and {plain(highest)}.",
        Refusing(
            "MARK_OUT_OF_RANGE",
            "record.score",
            record.score,
            f"核对成绩册，填{plain(lowest)}—{plain(highest)}分。",
            f"Check the mark sheet; give a mark from {plain(lowest)} to {plain(highest)}.",
        ),
    )


def coefficient_missing(record: Record, law: Law) -> Barred | None:
    """PUER-F3-6-4b: the institute sets the coefficient of a school-based project; there is no default."""
    by_school = record.coefficient_set_by == "school" and mode_of(record) == "school"
    if record.kind not in COURSES or (coefficient_of(record, law) is not None and not by_school):
        return None
    return Barred(
        "coefficient",
        ("PUER-F3-6-4b",),
        "校本研修项目学分须由县（区）级以上教科所、培训中心规定，尚未规定，不能登记。",
        "The coefficient of a school-based project is set by the county institute; until then nothing is registered.",
        Refusing(
            "COEFFICIENT_MISSING",
            "record.project_credit",
            record.project_credit,
            "请县（区）级机构审定项目时规定项目学分（0.5—1），再登记。",
            "Have the county institute set the coefficient (0.5 to 1) on approval, then register.",
        ),
    )


def coefficient_out_of_range(record: Record, law: Law) -> Barred | None:
    """PUER-11-1: a coefficient outside the closed range of its mode and level is returned, never clamped."""
    counts = coefficient_of(record, law) if record.kind in COURSES else None
    limits = range_of(record, law)
    if counts is None or limits is None or limits[0] <= counts <= limits[1]:
        return None
    row = row_of(record) or ""
    source = ("填报", "given") if record.project_credit is not None else ("本县（区）默认", "the district's default")
    said = MODE_ZH.get(row) if row in ("network", "school") else f"{LEVEL_ZH.get(row, row)}集中研修"
    least, most, given = plain(limits[0]), plain(limits[1]), plain(counts)
    fixed = limits[0] == limits[1]
    range_en = credits_en(limits[0]) if fixed else f"from {least} to {most} credits"
    source_zh = "县（区）级机构的规定" if row == "school" else "培训通知"
    return Barred(
        "coefficient",
        (SUB_ID[row],),
        f"{said}每学时项目学分{'固定为' + least if fixed else f'应为{least}—{most}'}，{source[0]}{given}，退回更正。",
        f"The coefficient must be {range_en} per hour; {source[1]}: {given}.",
        Refusing(
            "COEFFICIENT_OUT_OF_RANGE",
            "record.project_credit",
            record.project_credit,
            f"改为{least}，或不填。" if fixed else f"按{source_zh}填报项目学分（{least}—{most}）。",
            f"Give {least}, or leave it out."
            if fixed
            else f"Give the coefficient as it was set, from {least} to {most}.",
        ),
    )


def coefficient_not_fixed_one(record: Record, law: Law) -> Barred | None:
    """PUER-13-1L, 13-2, 13-3, 13-4L, 13-5: art. 13 fixes the coefficient; another one is a mistake."""
    if record.kind not in FIXED_CLAUSE or record.project_credit is None:
        return None
    fixed = fixed_coefficient(record, law)
    if fixed is None or fixed == record.project_credit:
        return None
    return Barred(
        "coefficient",
        (FIXED_CLAUSE[record.kind],),
        f"此类项目的项目学分固定为{plain(fixed)}，填报{plain(record.project_credit)}，退回更正。",
        f"The coefficient is fixed at {plain(fixed)}; {plain(record.project_credit)} is returned.",
        Refusing(
            "COEFFICIENT_OUT_OF_RANGE",
            "record.project_credit",
            record.project_credit,
            f"改为{plain(fixed)}，或不填。",
            f"Give {plain(fixed)}, or leave it out.",
        ),
    )


def module_unknown(record: Record, _law: Law) -> Barred | None:
    """PUER-6-1: there are five modules."""
    spread = allocation_of(record)
    named = [spread] if isinstance(spread, str) else list(spread or ())
    strange = [name for name in named if name not in MODULES]
    if not strange:
        return None
    return Barred(
        "modules",
        ("PUER-6-1",),
        f"没有“{'、'.join(strange)}”模块。",
        f"There is no module {', '.join(strange)}.",
        Refusing(
            "MODULE_UNKNOWN",
            field_of(record, "module"),
            strange,
            f"模块为：{'、'.join(MODULES)}。",
            f"Give one of {', '.join(MODULES)}.",
        ),
    )


def study_year_out_of_range(record: Record, _law: Law) -> Barred | None:
    """PUER-13-5: years of study count from one."""
    if record.kind != "degree" or record.study_year is None or record.study_year >= WHOLE:
        return None
    return Barred(
        "study_year",
        ("PUER-13-5",),
        f"学习年度{record.study_year}不成立。",
        f"A study year {record.study_year} cannot be.",
        Refusing(
            "YEAR_OUT_OF_RANGE", field_of(record, "study_year"), record.study_year, "从1起填报。", "Count from 1."
        ),
    )


def grade_unknown(record: Record, _law: Law) -> Barred | None:
    """PUER-11-3, 13-1M, 13-4L: there are five grades."""
    if record.kind not in GRADED or record.result is None or record.result in GRADES:
        return None
    return Barred(
        "grade",
        GRADED_BY.get(record.kind, ("PUER-11-3",)),
        f"没有“{record.result}”等级。",
        f"There is no grade {record.result}.",
        Refusing(
            "GRADE_UNKNOWN",
            "record.result",
            record.result,
            f"等级为：{'、'.join(GRADES)}。",
            f"Give one of {', '.join(map(grade_en, GRADES))}.",
        ),
    )


def grade_contradicted(record: Record, law: Law) -> Barred | None:
    """PUER-11-3: mark, grade and result say the same; where they differ nobody can tell which one counts."""
    if record.kind not in GRADED or mark_out_of_range(record, law) or grade_unknown(record, law):
        return None
    said = {"grade": record.grade, "result": record.result}
    by_mark = None if record.score is None else grade_of_mark(record.score, law)
    counts = by_mark or record.grade or record.result
    wrong = next((name for name, grade in said.items() if grade is not None and grade != counts), None)
    if wrong is None or counts is None:
        return None
    source = (
        (f"成绩{plain(record.score)}分", "the mark") if record.score is not None else ("另一处填报", "the other field")
    )
    return Barred(
        "grade",
        ("PUER-11-3",),
        f"填报等级“{said[wrong]}”，而{source[0]}为“{counts}”，两者不一致。",
        f"The grade stated is {grade_en(said[wrong])}, but {source[1]} says {grade_en(counts)}.",
        Refusing(
            "GRADE_CONTRADICTED",
            f"record.{wrong}",
            said[wrong],
            "核对成绩册，成绩与等级须一致。",
            "Check the mark sheet; mark and grade must agree.",
        ),
    )


def begun_after_it_ended(record: Record, _law: Law) -> Barred | None:
    """PUER-F2-4-3d: what is held against the day of approval is the first day, so it cannot lie after the last."""
    last = last_day(record)
    if record.started_on is None or last is None or record.started_on <= last:
        return None
    return Barred(
        "started_on",
        ("PUER-F2-4-3d",),
        f"开始日期{record.started_on.isoformat()}晚于完成日期{last.isoformat()}，退回更正。",
        f"It began on {record.started_on.isoformat()}, after it ended on {last.isoformat()}.",
        Refusing(
            "DAYS_REVERSED",
            field_of(record, "started_on"),
            record.started_on,
            "核对起止日期，开始不得晚于完成。",
            "Check both days; it cannot begin after it ends.",
        ),
    )


def mark_missing(record: Record, _law: Law) -> Barred | None:
    """PUER-11-3: a course that was attended in full counts by its mark."""
    if record.kind not in COURSES or record.score is not None or record.grade or record.result:
        return None
    return Barred(
        "mark",
        ("PUER-11-3",),
        "未填成绩，无法评定等级。",
        "There is no mark, so there is no grade.",
        Refusing("MARK_MISSING", "record.score", None, "填报考核成绩或等级。", "Give the mark or the grade."),
    )


REJECTING: tuple[Bar, ...] = (
    no_level,
    module_unknown,
    modules_do_not_add_up,
    hour_log_does_not_add_up,
    no_mode,
    induction_out_of_range,
    amount_negative,
    amount_too_large,
    amount_too_fine,
    amount_missing,
    no_central_school_level,
    coefficient_out_of_range,
    mark_out_of_range,
    grade_unknown,
    grade_contradicted,
    no_role,
    coefficient_not_fixed_one,
    study_year_out_of_range,
    begun_after_it_ended,
    coefficient_missing,
)
