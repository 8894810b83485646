"""What makes a file come back for its amounts: hours and days that cannot be, modules and logs that do not add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from yanxiu_rulekit import Law, plain
from yanxiu_rulekit.numbers import ROUNDING

from yanxiu_puer.amounts import amount_fact, by_days, field_of, hours_stated, planned
from yanxiu_puer.bar import Barred, Refusing
from yanxiu_puer.counted import splits_by_log
from yanxiu_puer.facts import COURSES, Record, allocation_of, hour_log, last_day, mode_of
from yanxiu_puer.wording import NOTHING, WHOLE

# Facts that state an amount: how officials call them, in Chinese and English, with unit and clause.
AMOUNTS = {
    "hours_planned": ("计划学时", "planned hours", "学时", "PUER-10-17"),
    "hours": ("学时", "hours", "学时", "PUER-10-17"),
    "hours_completed": ("实修学时", "hours attended", "学时", "PUER-10-17"),
    "days_planned": ("计划天数", "planned days", "天", "PUER-10-16"),
    "days_attended": ("实训天数", "days attended", "天", "PUER-10-16"),
    "class_hours": ("授课课时", "class-hours taught", "课时", "PUER-13-2"),
    "practical_hours": ("实践性学时", "practical hours", "学时", "PUER-10-4"),
    "hours_per_day": ("课表每天学时", "timetable hours of a day", "学时", "PUER-10-16"),
}
# Of these kinds every amount in hours is returned by the kind's own clause.
OWN_CLAUSE = {"lecture": "PUER-13-2", "induction": "PUER-10-4"}


def _stated(record: Record) -> Iterator[tuple[str, Decimal]]:
    """Give every amount that the record states, counted or not: all of them are kept with it."""
    for fact in AMOUNTS:
        value = getattr(record, fact)
        if value is not None:
            yield fact, value


def amount_negative(record: Record, _law: Law) -> Barred | None:
    """PUER-10-16, 10-17, 13-2: no amount is below zero; the one that is wrong is the one named."""
    for fact, value in _stated(record):
        if value < NOTHING:
            zh, en, _unit, _clause = AMOUNTS[fact]
            return _amount_refused(
                record,
                fact,
                (f"{zh}填为{plain(value)}，是负数，无法核算。", f"The {en} ({plain(value)}) are below zero."),
                ("核对后填报实际数量。", "Check and give the actual amount."),
            )
    return None


def amount_too_large(record: Record, law: Law) -> Barred | None:
    """PUER-10-4, 10-16, 10-17, 13-2: no stated amount is more than can be, whether it is the one counted or not."""
    for fact, value in _stated(record):
        most = _most(record, fact, law)
        if value <= most:
            continue
        zh, en, unit, _clause = AMOUNTS[fact]
        short = unit == "天" and by_days(record, law)
        hint = ("；不属短期集中培训，请按实际学时填报", "; a longer course counts by its hours") if short else ("", "")
        return _amount_refused(
            record,
            fact,
            (
                f"{zh}（{plain(value)}{unit}）超过{plain(most)}{unit}{hint[0]}。",
                f"The {en} ({plain(value)}) are more than {plain(most)}{hint[1]}.",
            ),
            (f"核对后填报不超过{plain(most)}{unit}的数量。", f"Check and give at most {plain(most)}."),
        )
    return None


def _most(record: Record, fact: str, law: Law) -> Decimal:
    if fact == "hours_per_day":
        return law.timetable_hours_most
    _zh, _en, unit, _clause = AMOUNTS[fact]
    if unit != "天":
        return law.record_hours_most
    return law.short_training_days if by_days(record, law) else law.record_days_most


def amount_too_fine(record: Record, law: Law) -> Barred | None:
    """PUER-10-16, 10-17, 13-2: an amount has no more decimal places than a ledger of hours can keep."""
    places = law.amount_places
    for fact, value in _stated(record):
        if value == value.quantize(WHOLE.scaleb(-int(places)), context=ROUNDING):
            continue
        zh, en, unit, _clause = AMOUNTS[fact]
        return _amount_refused(
            record,
            fact,
            (
                f"{zh}（{plain(value)}{unit}）的小数超过{plain(places)}位，无法登记。",
                f"The {en} ({plain(value)}) have more than {plain(places)} decimal places.",
            ),
            (f"核对后填报，小数不超过{plain(places)}位。", f"Check and give at most {plain(places)} decimal places."),
        )
    return None


def amount_missing(record: Record, law: Law) -> Barred | None:
    """PUER-10-16, PUER-10-17, PUER-13-2: the amount that counts is stated and above zero."""
    if record.kind not in COURSES and record.kind != "lecture":
        return None
    fact = amount_fact(record, law)
    zh, en, _unit, _clause = AMOUNTS[fact]
    value = getattr(record, fact)
    if value is None:
        said = (f"未填{zh}，无法核算。", f"The {en} are not stated, so nothing can be computed.")
        return _amount_refused(record, fact, said, (f"填报{zh}。", f"State the {en}."))
    if value == NOTHING:
        said = (f"{zh}为0，无可核算。", f"The {en} are 0: nothing to count.")
        return _amount_refused(record, fact, said, (f"核对后填报大于0的{zh}。", "Give an amount above 0."))
    return None


def _amount_refused(record: Record, fact: str, said: tuple[str, str], remedy: tuple[str, str]) -> Barred:
    _zh, _en, unit, clause = AMOUNTS[fact]
    if unit != "天":
        clause = OWN_CLAUSE.get(record.kind, clause)
    refusing = Refusing("HOURS_OUT_OF_RANGE", field_of(record, fact), getattr(record, fact), *remedy)
    return Barred("hours", (clause,), *said, refusing)


def induction_out_of_range(record: Record, law: Law) -> Barred | None:
    """PUER-10-4: induction hours are above zero, and the practical ones are among them."""
    if record.kind != "induction" or amount_negative(record, law) or amount_too_large(record, law.quiet()):
        return None
    hours, practical = hours_stated(record) or NOTHING, record.practical_hours or NOTHING
    sound = hours > NOTHING
    if sound and practical <= hours:
        return None
    return Barred(
        "induction",
        ("PUER-10-4",),
        f"上岗培训{plain(hours)}学时、其中实践性{plain(practical)}学时，数量不成立。",
        f"Induction of {plain(hours)} hours, {plain(practical)} of them practical, cannot be.",
        Refusing(
            "HOURS_OUT_OF_RANGE",
            "record.practical_hours" if sound else field_of(record, amount_fact(record, law)),
            practical if sound else hours_stated(record),
            "学时须大于0，实践性学时不超过总学时。",
            "Hours must be above 0 and practical hours not more than all hours.",
        ),
    )


def modules_do_not_add_up(record: Record, law: Law) -> Barred | None:
    """PUER-6-1: the hours given to the modules are the hours of the project; of art. 13 items they are weights."""
    spread = allocation_of(record)
    if spread is None or isinstance(spread, str) or mode_of(record) == "school":
        return None
    parts = sum(spread.values(), NOTHING)
    whole = planned(record, law) if record.kind in COURSES else parts
    if any(part < NOTHING for part in spread.values()):
        zh, en = "各模块学时里有负数。", "A module has a negative number of hours."
    elif parts == NOTHING:
        zh, en = "各模块学时合计为0。", "The modules add up to no hours."
    elif whole is not None and parts != whole:
        zh = f"各模块学时合计{plain(parts)}学时，与项目{plain(whole)}学时不符。"
        en = f"The modules add up to {plain(parts)} hours, the project has {plain(whole)}."
    else:
        return None
    return Barred(
        "modules",
        ("PUER-6-1",),
        zh,
        en,
        Refusing(
            "MODULES_DO_NOT_ADD_UP",
            field_of(record, "module"),
            parts,
            "更正各模块学时，合计须等于项目学时。",
            "Correct the hours of the modules.",
        ),
    )


def hour_log_does_not_add_up(record: Record, law: Law) -> Barred | None:
    """PUER-F2-4-3b: a log by year makes up the hours, and where it is used its years are the project's."""
    log, whole = hour_log(record), planned(record, law)
    if not log or record.kind not in COURSES or whole is None:
        return None
    parts = sum(log.values(), NOTHING)
    if any(part < NOTHING for part in log.values()):
        zh, en = "学时日志里有负数。", "The log by year holds a negative number."
    elif parts != whole:
        zh = f"学时日志各年度合计{plain(parts)}学时，与项目{plain(whole)}学时不符。"
        en = f"The log by year adds up to {plain(parts)} hours, the project has {plain(whole)}."
    elif splits_by_log(law) and _outside(record, log):
        zh, en = "学时日志的年度不在项目起止年度之间。", "The log names years outside those of the project."
    else:
        return None
    return Barred(
        "hour_log",
        ("PUER-F2-4-3b",),
        zh,
        en,
        Refusing(
            "HOUR_LOG_DOES_NOT_ADD_UP",
            field_of(record, "hours_by_year"),
            {str(year): part for year, part in log.items()},
            "更正学时日志：合计等于项目学时，年度在项目起止之间。",
            "Correct the log: the project's hours, in the years from its start to its end.",
        ),
    )


def _outside(record: Record, log: Mapping[int, Decimal]) -> bool:
    end = last_day(record)
    late = end is not None and max(log) > end.year
    return late or (record.started_on is not None and min(log) < record.started_on.year)
