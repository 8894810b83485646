"""What makes a file come back for correction (REJECTED): a mark, an amount or a coefficient that cannot be."""

from __future__ import annotations

from decimal import Decimal

from yanxiu_rulekit import Law, plain

from yanxiu_puer.amounts import amount_field, attended, by_days, days_planned, hours_stated, planned
from yanxiu_puer.bar import Bar, Barred, Refusing
from yanxiu_puer.coefficient import FIXED_CLAUSE, SUB_ID, coefficient_of, fixed_coefficient, range_of, row_of
from yanxiu_puer.facts import COURSES, Record, allocation_of, certified_level, first_day, hour_log, last_day, mode_of
from yanxiu_puer.wording import LEVEL_ZH, MODE_ZH, MODULES, NOTHING, WHOLE

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
        Refusing("LEVEL_MISSING", "record.level", None, "注明国家、省、市、县或校级。", "State the level."),
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
            "ROLE_MISSING", "record.role", record.role, "注明角色。", f"Give one of {', '.join(ROLES[record.kind])}."
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
        f"成绩{plain(record.score)}分不在{plain(lowest)}至{plain(highest)}分之间。",
        f"The mark {plain(record.score)} is not between {plain(lowest)} and {plain(highest)}.",
        Refusing(
            "MARK_OUT_OF_RANGE",
            "record.score",
            record.score,
            f"核对成绩册，填{plain(lowest)}至{plain(highest)}分。",
            f"Check the mark sheet; give a mark from {plain(lowest)} to {plain(highest)}.",
        ),
    )


def amount_out_of_range(record: Record, law: Law) -> Barred | None:
    """PUER-10-16, PUER-10-17, PUER-13-2: hours are stated, above zero, and not more than a year can hold."""
    if record.kind in COURSES:
        clause = "PUER-10-16" if by_days(record, law) else "PUER-10-17"
        amounts = (planned(record, law), attended(record, law))
    elif record.kind == "lecture":
        clause, taught = "PUER-13-2", record.class_hours if record.class_hours is not None else record.hours
        amounts = (taught, taught)
    else:
        return None
    if _sound(amounts, law) and not _too_long(record, law):
        return None
    field = amount_field(record, law)
    value = getattr(record, field.removeprefix("record."))
    most = plain(law.record_hours_most)
    shown = plain(value) if value is not None else "未填"
    return Barred(
        "hours",
        (clause,),
        f"填报的学时或天数（{shown}）不是可以核算的数量。",
        f"The hours or days stated ({plain(value) if value is not None else 'none'}) cannot be counted.",
        Refusing(
            "HOURS_OUT_OF_RANGE",
            field,
            value,
            f"核对后填报大于0且不超过{most}学时的数量。",
            f"Check and give an amount above 0 and of at most {most} hours.",
        ),
    )


def _sound(amounts: tuple[Decimal | None, Decimal | None], law: Law) -> bool:
    whole, done = amounts
    return whole is not None and done is not None and NOTHING < whole <= law.record_hours_most and done >= NOTHING


def _too_long(record: Record, law: Law) -> bool:
    days = days_planned(record)
    return by_days(record, law) and days is not None and days > law.short_training_days


def induction_out_of_range(record: Record, law: Law) -> Barred | None:
    """PUER-10-4: induction hours are above zero, and the practical ones are among them."""
    if record.kind != "induction":
        return None
    hours, practical = hours_stated(record) or NOTHING, record.practical_hours or NOTHING
    if NOTHING < hours <= law.record_hours_most and NOTHING <= practical <= hours:
        return None
    return Barred(
        "induction",
        ("PUER-10-4",),
        f"上岗培训{plain(hours)}学时、其中实践性{plain(practical)}学时，数量不成立。",
        f"Induction of {plain(hours)} hours, {plain(practical)} of them practical, cannot be.",
        Refusing(
            "HOURS_OUT_OF_RANGE",
            "record.practical_hours" if NOTHING < hours <= law.record_hours_most else "record.hours",
            practical if NOTHING < hours <= law.record_hours_most else hours,
            "学时须大于0，实践性学时不超过总学时。",
            "Hours must be above 0 and practical hours not more than all hours.",
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
    if record.kind not in COURSES or record.project_credit is None:
        return None
    limits = range_of(record, law)
    if limits is None or limits[0] <= record.project_credit <= limits[1]:
        return None
    row = row_of(record) or ""
    said = MODE_ZH.get(row) if row in ("network", "school") else f"{LEVEL_ZH.get(row, row)}集中研修"
    least, most, given = plain(limits[0]), plain(limits[1]), plain(record.project_credit)
    fixed = limits[0] == limits[1]
    return Barred(
        "coefficient",
        (SUB_ID[row],),
        f"{said}每学时项目学分{'固定为' + least if fixed else f'应在{least}至{most}之间'}，填报{given}，退回更正。",
        f"The coefficient must be {least if fixed else f'from {least} to {most}'}; {given} is returned.",
        Refusing(
            "COEFFICIENT_OUT_OF_RANGE",
            "record.project_credit",
            record.project_credit,
            f"按培训通知填报{least if fixed else f'{least}至{most}之间'}的项目学分。",
            f"Give the coefficient of the notice, {least if fixed else f'from {least} to {most}'}.",
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
        f"此类项目的系数固定为{plain(fixed)}，填报{plain(record.project_credit)}，退回更正。",
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
            "record.module",
            strange,
            f"模块为：{'、'.join(MODULES)}。",
            f"Give one of {', '.join(MODULES)}.",
        ),
    )


def modules_do_not_add_up(record: Record, law: Law) -> Barred | None:
    """PUER-6-1: the hours given to the modules are the hours of the project; of art. 13 items they are weights."""
    spread = allocation_of(record)
    if spread is None or isinstance(spread, str) or mode_of(record) == "school":
        return None
    parts = sum(spread.values(), NOTHING)
    whole = planned(record, law) if record.kind in COURSES else parts
    if whole is None or (parts == whole and parts > NOTHING and all(part >= NOTHING for part in spread.values())):
        return None
    return Barred(
        "modules",
        ("PUER-6-1",),
        f"各模块学时合计{plain(parts)}，与项目学时{plain(whole)}不符，或有负数。",
        f"The modules add up to {plain(parts)} hours, the project has {plain(whole)}; or one is negative.",
        Refusing(
            "MODULES_DO_NOT_ADD_UP",
            "record.module",
            parts,
            "更正各模块学时，合计须等于项目学时。",
            "Correct the hours of the modules.",
        ),
    )


def hour_log_does_not_add_up(record: Record, law: Law) -> Barred | None:
    """PUER-F2-4-3b: a log of hours by year covers the project's years and hours, where the district goes by it."""
    log = hour_log(record)
    if not log or record.kind not in COURSES or law.year_attribution != "hour_log":
        return None
    start, end, parts = first_day(record), last_day(record), sum(log.values(), NOTHING)
    outside = [year for year in log if start and end and not start.year <= year <= end.year]
    if parts == planned(record, law) and not outside and all(part >= NOTHING for part in log.values()):
        return None
    return Barred(
        "hour_log",
        ("PUER-F2-4-3b",),
        f"学时日志合计{plain(parts)}学时，与项目学时或起止年度不符。",
        f"The log of hours by year comes to {plain(parts)} and does not fit the project's hours or years.",
        Refusing(
            "HOUR_LOG_DOES_NOT_ADD_UP",
            "record.hours_by_year",
            parts,
            "更正学时日志：合计等于项目学时，年度在项目起止之间。",
            "Correct the log: the project's hours, in the years from its start to its end.",
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
        Refusing("YEAR_OUT_OF_RANGE", "record.study_year", record.study_year, "从1起填报。", "Count from 1."),
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
    amount_out_of_range,
    no_central_school_level,
    coefficient_out_of_range,
    mark_out_of_range,
    no_role,
    coefficient_not_fixed_one,
    study_year_out_of_range,
    coefficient_missing,
)
