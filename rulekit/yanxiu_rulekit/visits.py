"""What the visits service needs of a pack: the constraints of a plan, what a term owes, and whom to ask what.

A pack keeps its own words. The service gathers neutral facts (`visitfacts`); a `VisitQuestion` makes the pack's own
questions of them, and the pack's decisions answer. What a plan keeps to is data (`TermPlacing`, `BatchPlacing`): each
number with its clauses and a sentence in both languages, for a planner that may have to say why no plan exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

import msgspec

from yanxiu_rulekit.errors import DecisionUnknown
from yanxiu_rulekit.law import Law, Table
from yanxiu_rulekit.numbers import plain
from yanxiu_rulekit.outcome import Decided, Finding, Reading
from yanxiu_rulekit.visitfacts import (
    AreaGroups,
    AwardYear,
    BatchPlan,
    Contests,
    HonourLevel,
    Leadership,
    PlanYear,
    Preparation,
    Programme,
    ResearchDays,
    SchoolGroups,
    SchoolTerm,
    SchoolThemes,
    Studios,
    SupervisionYear,
    TeamMember,
    TermPlan,
    TermWork,
    WorkYear,
)

F = TypeVar("F")


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the law sets: a count, a yes or no, or names; with its clauses, words and readings.

    `binding` False: not keeping to it is told, and breaks nothing.
    """

    value: int | bool | tuple[str, ...]
    clauses: tuple[str, ...]
    zh: str
    en: str
    binding: bool = True
    readings: tuple[Reading, ...] = ()


class TermPlacing(msgspec.Struct, frozen=True, kw_only=True):
    """Placing by terms: each researcher at so many schools a term, another the next, the roster covered in a window.

    `schools_a_term` count; `changes`: not the same school in two consecutive terms; `no_return`: not again within the
    window either; `window_terms` count of consecutive terms; `covers`: every school of the roster in the window, of
    the `stages` named (the registry's).
    """

    schools_a_term: Limit
    changes: Limit
    no_return: Limit
    window_terms: Limit
    covers: Limit
    stages: Limit


class BatchPlacing(msgspec.Struct, frozen=True, kw_only=True):
    """Placing by batches of base schools: so many years, each school with leads and collaborators.

    `years` of a batch; `leads` of each school, exactly; `collaborators` of each school, at least, of
    `collaborator_kinds`; `repeats`: a school may be in two consecutive batches; `pairing_changes`: a researcher is not
    linked to the same school in the next batch; `stages` of the schools; `one_stage`: all schools of one researcher are
    of one stage; `both_locations`: town and rural schools in the programme; `both_locations_from`: a researcher of so
    many schools or more has both.
    """

    years: Limit
    leads: Limit
    collaborators: Limit
    collaborator_kinds: Limit
    repeats: Limit
    pairing_changes: Limit
    stages: Limit
    one_stage: Limit
    both_locations: Limit
    both_locations_from: Limit


Placing = TermPlacing | BatchPlacing


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Something the law lists by name: a phase of visits, a task, a line of the supervision form."""

    name: str
    clauses: tuple[str, ...]
    label_en: str = ""


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A document that the law asks for: by whom or about what, and once in which time."""

    name: str
    label_en: str
    per: Literal["cycle", "school_year", "term", "month", "visit"]
    of: Literal["researcher", "school"]
    clauses: tuple[str, ...]


class AwardCategory(msgspec.Struct, frozen=True, kw_only=True):
    """A yearly award: its name, how many a year, who receives it, its clause; whether more than that is a breach.

    A `leader` is a person who leads a research group.
    """

    name: str
    quota: int
    recipient: Literal["course", "school", "group", "leader", "person", "case"]
    clauses: tuple[str, ...]
    over_breaks: bool = True


class Turns(msgspec.Struct, frozen=True, kw_only=True):
    """The competition: its rounds in order, the stages (each with the registry's stages) that take turns, and how.

    `first_year` and `last_year` are calendar years; `leader_post` leads.
    """

    rounds: tuple[str, ...]
    stages: Mapping[str, tuple[str, ...]]
    turn: Literal["per_year", "per_term"]
    first_year: int
    last_year: int
    leader_post: str
    clauses: tuple[str, ...]


class Achievement(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a base school can reach and that a target counts, by the law's name, with its clauses.

    `kind` says which day of `BaseSchool` it is the first of (`brand`: `brand_on`). Where `levels` are given it counts
    when it was awarded at one of them; `of` says what beside the school it is of, and is to be named with it.
    """

    kind: Literal["demonstration", "brand", "advanced_group", "famous_teacher"]
    name: str
    label_en: str
    clauses: tuple[str, ...]
    levels: tuple[HonourLevel, ...] = ()
    of: Literal["school", "subject", "teacher"] = "school"


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What the law strives for by a day, held against what was reached; it binds nobody.

    Of a share, `of` is how many it is a share of, and the finding's threshold how many of them are wanted. `counts`
    says of what: a target that counts teachers can be told of each school by itself.
    """

    finding: Finding
    due_on: date
    of: Decimal | None = None
    counts: Literal["schools", "teachers"] = "schools"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One question in the pack's own words; `of` is the school or person it is about, empty for the whole."""

    kind: str
    given: Mapping[str, Any]
    of: str = ""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one question, and whom it is about."""

    of: str
    decided: Decided

    @property
    def failed(self) -> tuple[str, ...]:
        """The clauses breached."""
        return tuple(self.decided.result.get("failed", ()))

    @property
    def warnings(self) -> tuple[str, ...]:
        """The clauses that are not breached and should be looked at."""
        return tuple(self.decided.result.get("warnings", ()))


class VisitQuestion(msgspec.Struct, Generic[F], frozen=True, kw_only=True):
    """The decisions that answer a question of the service, and what to ask each, from neutral facts."""

    kinds: tuple[str, ...]
    asks: Callable[[F, Law], Iterable[Asked]]


def nobody_placed(_law: Law) -> Placing:
    """Place nobody: the law has rules of organisation or supervision, and none of researchers at schools."""
    raise DecisionUnknown("the law places no researcher at a school")


def nothing_owed(_work: TermWork, _law: Law) -> tuple[Finding, ...]:
    """Return no minimum."""
    return ()


class VisitRules(msgspec.Struct, frozen=True, kw_only=True):
    """What the visits service needs of a pack; None, or empty, where the law has no such rule.

    A law that orders no visits of researchers leaves out `placing`, `plan`, `term` and `minima` together
    (`places_researchers` is then False), and may still say how schools are organised, supervised or awarded.
    Lists and placing are read by the law of a day: `phases(law)`. `minima(work, law)` holds each minimum of a
    researcher's term against what was done, with what is missing; as of `law.today`, weeks and months not yet over are
    not held against him. `months(term, teaching_days, law)` are those that want a summary, `weeks` the teaching weeks,
    each by its first and last day. `achievements` are what a base school can reach, `targets(programme, law)` holds
    what was reached against what the law strives for, none where it sets nothing for that batch.
    """

    placing: Callable[[Law], Placing] = nobody_placed
    plan: VisitQuestion[TermPlan] | VisitQuestion[BatchPlan] | None = None
    term: VisitQuestion[TermWork] | None = None
    minima: Callable[[TermWork, Law], tuple[Finding, ...]] = nothing_owed
    papers: Callable[[Law], tuple[Paper, ...]] = lambda _law: ()
    phases: Callable[[Law], tuple[Named, ...]] = lambda _law: ()
    tasks: Callable[[Law], tuple[Named, ...]] = lambda _law: ()
    weeks: Callable[[SchoolTerm, tuple[date, ...], Law], tuple[tuple[date, date], ...]] | None = None
    months: Callable[[SchoolTerm, tuple[date, ...], Law], tuple[str, ...]] | None = None
    before_visit: VisitQuestion[Preparation] | None = None
    plans: VisitQuestion[PlanYear] | None = None
    assessment: VisitQuestion[WorkYear] | None = None
    supervision: VisitQuestion[SupervisionYear] | None = None
    supervision_form: Callable[[Law], tuple[Named, ...]] = lambda _law: ()
    team: VisitQuestion[tuple[TeamMember, ...]] | None = None
    competition: VisitQuestion[Contests] | None = None
    turns: Callable[[Law], Turns] | None = None
    awards: Callable[[Law], tuple[AwardCategory, ...]] = lambda _law: ()
    award_quota: VisitQuestion[AwardYear] | None = None
    programme: VisitQuestion[Programme] | None = None
    achievements: Callable[[Law], tuple[Achievement, ...]] = lambda _law: ()
    targets: Callable[[Programme, Law], tuple[Target, ...]] = lambda _programme, _law: ()
    groups: VisitQuestion[SchoolGroups] | None = None
    filing_days: Callable[[Law], Limit] | None = None
    area_groups: VisitQuestion[AreaGroups] | None = None
    research_days: VisitQuestion[ResearchDays] | None = None
    studios: VisitQuestion[Studios] | None = None
    themes: VisitQuestion[SchoolThemes] | None = None
    leading_group: VisitQuestion[Leadership] | None = None

    @property
    def places_researchers(self) -> bool:
        """Whether the law orders visits of researchers at all."""
        return self.placing is not nobody_placed

    def question(self, name: str) -> VisitQuestion[Any]:
        """Return a question by the name of its field; raises `DecisionUnknown` where the law has none."""
        found = getattr(self, name, None)
        if isinstance(found, VisitQuestion):
            return found
        raise DecisionUnknown(
            f"the pack's visit rules have no question {name!r}; they have {', '.join(self.questions())}"
        )

    def questions(self) -> Mapping[str, VisitQuestion[Any]]:
        """Return the questions that the law answers, by name."""
        found = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: one for name, one in found.items() if isinstance(one, VisitQuestion)}


def limit(
    law: Law,
    parameter: str,
    *,
    zh: str,
    en: str,
    clauses: tuple[str, ...] = (),
    binding: bool = True,
    names: Mapping[str, str] | None = None,
) -> Limit:
    """Return what a parameter sets as a `Limit`: its clause first, then `clauses`; `{value}` is filled into both texts.

    Of a table it is the names of the rows that hold; `names` gives the platform's names (key) of the regulation's, and
    the value then holds the platform's. A number that is no whole one raises ValueError.
    """
    kept = law.quiet()
    value = getattr(kept, parameter)
    rows = tuple(key for key in value if value[key] is not False) if isinstance(value, Table) else None
    readings = kept.take_readings()
    cites = tuple(dict.fromkeys((*(one.cite for one in readings), *clauses)))
    said = "、".join(rows) if rows is not None else plain(value) if isinstance(value, Decimal) else str(value)
    return Limit(
        value=whole(value) if rows is None else _platform_names(rows, names),
        clauses=cites,
        zh=zh.replace("{value}", said),
        en=en.replace("{value}", said.replace("、", ", ")),
        binding=binding,
        readings=readings,
    )


def _platform_names(rows: tuple[str, ...], names: Mapping[str, str] | None) -> tuple[str, ...]:
    return rows if names is None else tuple(ours for ours, theirs in names.items() if theirs in rows)


def whole(value: Any) -> int | bool:
    """Return a parameter that counts as an int, and a boolean as it is; raises ValueError for a fraction or a text."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, Decimal) or value != value.to_integral_value():
        raise ValueError(f"{value} is no whole number")
    return int(value)


def last_day_of_years(start: date, years: int) -> date:
    """Return the last day of so many years from a first day: 2020-10-20 and two years give 2022-10-19."""
    if start.year + years > date.max.year:
        return date.max  # where the calendar ends, so does everything that was to go on
    try:
        after = start.replace(year=start.year + years)
    except ValueError:
        after = date(start.year + years, 3, 1)  # 29 February has no like day: the year is over when February is
    return after - timedelta(days=1)


def age_on(born_on: date, day: date) -> int:
    """Return the age in whole years; a year is reached on the birthday (29 February: on 1 March of a common year)."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
