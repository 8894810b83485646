"""What the law still lets be added before a year or a cycle ends: the cap on school-based hours limits it (G-P02)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from yanxiu_rulekit import CreditLine, Headroom, Law, Standing, Teacher, plain

from yanxiu_puer.counted import Counted, read_line, split_by_year
from yanxiu_puer.cycle import judge_cycle
from yanxiu_puer.requirements import SELF_CHOSEN
from yanxiu_puer.wording import NOTHING, SCHOOL_MODULE, WHOLE

CAP = "PUER-F3-3-2"
RANGE = "PUER-11-1S"
MERIT = "PUER-11-3M"


def year_headroom(
    judged: Standing, _lines: tuple[CreditLine, ...], _teacher: Teacher, law: Law
) -> Mapping[str, Headroom]:
    """Return the school-based hours left under the year's cap, and the most credits that they can bring."""
    room = max(NOTHING, law.school_hours_cap - judged.measures["school_hours"])
    return _school_based(room, _most_credits(room, judged.measures["school_credits"], law, years=1), law, years=1)


def cycle_headroom(
    judged: Standing, lines: tuple[CreditLine, ...], teacher: Teacher, law: Law
) -> Mapping[str, Headroom]:
    """Return the school-based hours left under the caps of this year and of those to come, and their most credits.

    A year that has ended can bring nothing more. What this year has counts once the year is recognised, so its room is
    what the cap leaves beside what is recognised by now.
    """
    this_year = law.today.year if law.today is not None else judged.period.start.year
    years = range(judged.period.start.year, judged.period.end.year + 1)
    left = [year for year in years if year >= this_year]
    here = _recognised_in(this_year, years, lines, teacher, law)
    used = sum((line.hours for line in here), NOTHING)
    earned = sum((line.credits for line in here), NOTHING)
    hours = max(NOTHING, law.school_hours_cap * len(left) - used)
    found = dict(_school_based(hours, _most_credits(hours, earned, law, years=len(left)), law, years=len(left)))
    found[SCHOOL_MODULE] = found["school_credits"]
    found["self_chosen_credits"] = _self_chosen(judged, law)
    return found


def _recognised_in(
    year: int, years: Sequence[int], lines: Iterable[CreditLine], teacher: Teacher, law: Law
) -> list[Counted]:
    quiet = law.quiet()
    counted = [read_line(part) for line in lines for part in split_by_year(line, quiet)]
    judged = judge_cycle(years, counted, teacher, quiet, to_come=[one for one in years if one > year])
    return [line for one in judged.years if one.year == year for line in one.recognised if line.mode == "school"]


def _most_credits(room: Decimal, earned: Decimal, law: Law, *, years: int) -> Decimal:
    """Return the most credits that can still come: the room at the best coefficient and the best merit.

    Where the district counts the best credits first, or cuts all alike, later records may also stand in the place of
    earlier ones: then the bound is the whole cap of these years at its best, less what is earned.
    """
    best = law.coefficient_most["school"] * (WHOLE + max(law.merit[grade] for grade in law.merit))
    if law.cap_order == "chronological":
        return room * best
    return max(NOTHING, law.school_hours_cap * years * best - earned)


def _school_based(hours: Decimal, credit: Decimal, law: Law, *, years: int) -> Mapping[str, Headroom]:
    cap, best = plain(law.school_hours_cap), plain(law.coefficient_most["school"])
    merit = plain(max(law.merit[grade] for grade in law.merit))
    each_zh, each_en = ("每年", " a year") if years != 1 else ("本年度", " this year")
    zh = f"校本研修{each_zh}最多计{cap}学时，还可计{plain(hours)}学时"
    en = f"at most {cap} school-based hours count{each_en}, {plain(hours)} of them are left"
    return {
        "school_hours": Headroom(most=hours, zh=zh, en=en, clauses=(CAP,)),
        "school_credits": Headroom(
            most=credit,
            zh=f"{zh}，按最高项目学分{best}、绩效系数{merit}，至多再得{plain(credit)}学分",
            en=f"{en}: at the best coefficient {best} and merit {merit} they bring {plain(credit)} credits at most",
            clauses=(CAP, RANGE, MERIT),
        ),
    }


def _self_chosen(judged: Standing, law: Law) -> Headroom:
    """Return what the share of self-chosen credits needs: whatever is added adds to the whole as well."""
    part, whole = judged.measures[SELF_CHOSEN.measure], judged.measures["share_basis_credits"]
    share = law.self_chosen_share
    short = share * whole - part
    return Headroom(
        missing=max(NOTHING, _rounded_up(Fraction(short) / Fraction(WHOLE - share), law)),
        zh="补入的自主选学学分同时计入总数",
        en="self-chosen credits that are added count in the whole as well",
        clauses=(SELF_CHOSEN.clause,),
    )


def _rounded_up(exact: Fraction, law: Law) -> Decimal:
    """Return a portion raised at the law's places for portions: a little less would not do."""
    places = int(law.portion_places)
    return Decimal(-(-exact * Fraction(Decimal(1).scaleb(places)) // 1)).scaleb(-places)
