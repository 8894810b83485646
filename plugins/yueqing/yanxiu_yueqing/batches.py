"""Base schools in batches, and who is linked to them (YUEQING-0-1, 2-1, 2-2, 3-3, 5-1, 6-1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from yanxiu_rulekit import (
    Facts,
    FactsRefused,
    Law,
    clauses_broken,
    decision,
    last_day_of_years,
    must_be_one_of,
    rows_that_hold,
)

from yanxiu_yueqing.checks import listed

ADDRESSED, CHOSEN, ROTATED, PAIRED = "YUEQING-0-1", "YUEQING-2-1", "YUEQING-2-2", "YUEQING-3-3"
CYCLE, TEAM, LINKED = "YUEQING-5-1a", "YUEQING-5-1b", "YUEQING-6-1"


class Batch(Facts, frozen=True, kw_only=True):
    """A batch: its first day, its schools, and its last day where it is stated."""

    start: date
    schools: tuple[str, ...]
    end: date | None = None


class RotationQuestion(Facts, frozen=True, kw_only=True):
    """Do two consecutive batches keep to two years each, and to other schools?"""

    batch1: Batch
    batch2: Batch | None = None


class LinkedSchool(Facts, frozen=True, kw_only=True):
    """A school by name, its stage (小学, 初中, 九年一贯制) and its location (城镇, 农村), where they are stated."""

    school: str
    stage: str | None = None
    area: str | None = None


class LinksQuestion(Facts, frozen=True, kw_only=True):
    """Are the schools that one researcher links of one type, with town and rural ones?"""

    links: tuple[LinkedSchool, ...]
    researcher: str | None = None


class BaseSchoolsQuestion(Facts, frozen=True, kw_only=True):
    """Are the schools of a batch such as may be base schools, from town and country, under written rules?"""

    schools: tuple[LinkedSchool, ...]
    rules_written: bool = True


class Collaborator(Facts, frozen=True, kw_only=True):
    """One who works with the lead researcher: 学区人员, 名师, 骨干教师 or 研训员."""

    kind: str


class TeamQuestion(Facts, frozen=True, kw_only=True):
    """Has a base school one lead researcher and several collaborators?"""

    leads: int
    collaborators: tuple[Collaborator, ...] = ()


class Pair(Facts, frozen=True, kw_only=True):
    """A researcher linked to a school."""

    researcher: str
    school: str


class PairingQuestion(Facts, frozen=True, kw_only=True):
    """Do researchers change their schools from one cycle to the next?"""

    before: tuple[Pair, ...]
    after: tuple[Pair, ...]


@decision(
    "batch_rotation",
    asks_zh="两批基地学校是否两年一批、互不重复",
    facts=RotationQuestion,
    clauses=(ROTATED, CYCLE),
)
def batch_rotation(question: RotationQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-2-2, 5-1a: a batch ends two years after it began, less a day; the next has other schools."""
    years, first, second = int(law.batch_years), question.batch1, question.batch2
    batches = (first,) if second is None else (first, second)
    wanted = [last_day_of_years(one.start, years) for one in batches]
    in_time = all(one.end in (None, last) for one, last in zip(batches, wanted, strict=True))
    repeated = [] if second is None else list(dict.fromkeys(one for one in second.schools if one in first.schools))
    apart = second is None or second.start > (first.end or wanted[0])
    ends = "、".join(map(str, wanted))
    length = (f"一批不是{years}年，应止于{ends}", f"a batch is not of {years} years, to end on {ends}")
    failed = clauses_broken(
        (
            (ROTATED, in_time, *length),
            (ROTATED, apart, "后一批在前一批届满之前开始", "the later batch begins before the earlier one has ended"),
            (
                ROTATED,
                bool(law.allow_repeat) or not repeated,
                f"连续列入两批：{listed(repeated)}",
                f"in two consecutive batches: {', '.join(repeated)}",
            ),
            (CYCLE, in_time, *length),
        ),
        law,
    )
    return {"ends": wanted, "repeated": repeated, "failed": failed}


@decision("links", asks_zh="研训员联系的学校是否同类型、城乡兼顾", facts=LinksQuestion, clauses=(LINKED, ADDRESSED))
def links(question: LinksQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-6-1: one school, or several of one type with both locations (G-Y10); 0-1: of the stages addressed."""
    _check_locations("links", question.links, law)
    schools = {one.school for one in question.links}
    same = _one_type(question.links, law)
    both = _both(question.links, law)
    others = _not_addressed(question.links, law)
    failed = clauses_broken(
        (
            (ADDRESSED, not others, f"不是初中、小学：{listed(others)}", f"no primary or junior: {', '.join(others)}"),
            (LINKED, bool(schools), "没有联系学校", "no school is linked"),
            (LINKED, same, "所联系的学校不是同一类型", "the schools are of more than one type"),
            (
                LINKED,
                both or len(schools) < law.both_locations_from,
                "没有兼顾城镇、农村学校",
                "not both town and rural schools",
            ),
        ),
        law,
    )
    return {"same_type": same, "town_and_rural": both, "failed": failed}


@decision(
    "base_schools",
    asks_zh="一批基地学校的学段、城乡和制度是否合规",
    facts=BaseSchoolsQuestion,
    clauses=(ADDRESSED, CHOSEN, LINKED),
)
def base_schools(question: BaseSchoolsQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-0-1: primary and junior schools only; 2-1: schools chosen, rules written; 6-1: town and country."""
    _check_locations("schools", question.schools, law)
    others = _not_addressed(question.schools, law)
    failed = clauses_broken(
        (
            (ADDRESSED, not others, f"不是初中、小学：{listed(others)}", f"no primary or junior: {', '.join(others)}"),
            (CHOSEN, bool(question.schools), "没有基地学校", "there is no base school"),
            (CHOSEN, question.rules_written, "没有制定制度和工作细则", "the system and its rules are not written"),
            (LINKED, _both(question.schools, law), "没有兼顾城镇、农村学校", "not both town and rural schools"),
        ),
        law,
    )
    return {"not_addressed": others, "failed": failed}


@decision("team", asks_zh="基地学校是否一人为主、多人协同", facts=TeamQuestion, clauses=(TEAM,))
def team(question: TeamQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-5-1b: exactly one lead researcher, and at least so many collaborators of the kinds named."""
    for index, one in enumerate(question.collaborators):
        must_be_one_of(tuple(law.collaborator_kinds), f"collaborators[{index}].kind", one.kind)
    if question.leads < 0:
        raise FactsRefused(field="leads", value=question.leads, problem="count: no less than none")
    kinds = {kind: 0 for kind in law.collaborator_kinds if law.collaborator_kinds[kind]}
    for one in question.collaborators:
        if one.kind in kinds:
            kinds[one.kind] += 1
    number, least, leads = sum(kinds.values()), int(law.collaborators), int(law.lead_researchers)
    failed = clauses_broken(
        (
            (
                TEAM,
                question.leads == leads,
                f"为主的研训员{question.leads}人，应为{leads}人",
                f"{question.leads} lead researchers, not {leads}",
            ),
            (TEAM, number >= least, f"协同{number}人，不足{least}人", f"{number} collaborators, fewer than {least}"),
        ),
        law,
    )
    return {"collaborators": number, "kinds": kinds, "ok": not failed, "failed": failed}


@decision("pairing", asks_zh="研训员与学校的配对是否轮换", facts=PairingQuestion, clauses=(PAIRED,))
def pairing(question: PairingQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-3-3: nobody is linked to the same school in the next cycle."""
    before = {(one.researcher, one.school) for one in question.before}
    kept = list(dict.fromkeys((one.researcher, one.school) for one in question.after))
    repeated = [{"researcher": who, "school": where} for who, where in kept if (who, where) in before]
    named = listed([f"{one['researcher']}—{one['school']}" for one in repeated])
    failed = clauses_broken(((PAIRED, not repeated, f"没有更换：{named}", f"not changed: {named}"),), law)
    return {"repeated": repeated, "failed": failed}


def _check_locations(field: str, schools: Sequence[LinkedSchool], law: Law) -> None:
    for index, one in enumerate(schools):
        if one.area is not None:
            must_be_one_of(rows_that_hold(law.locations), f"{field}[{index}].area", one.area)


def _not_addressed(schools: Sequence[LinkedSchool], law: Law) -> list[str]:
    return [one.school for one in schools if one.stage is not None and one.stage not in law.base_stages]


def _one_type(schools: Sequence[LinkedSchool], law: Law) -> bool:
    """Return whether all schools whose stage is stated share a type; a nine-year school is of both."""
    types = [set(_types(one.stage, law)) for one in schools if one.stage is not None]
    return not types or bool(set.intersection(*types))


def _types(stage: str, law: Law) -> Collection[str]:
    return law.base_stages[stage].split("、") if stage in law.base_stages else (stage,)


def _both(schools: Sequence[LinkedSchool], law: Law) -> bool:
    """Return whether every location is there; a school whose location is not stated may be of one that is missing."""
    missing = set(rows_that_hold(law.locations)) - {one.area for one in schools}
    return len(missing) <= sum(1 for one in schools if one.area is None)
