"""Facts of school visits as the visits service holds them, in no district's words; a pack makes its own facts of them.

Ids of schools and people are opaque texts. Stages are the registry's; posts, phases and rounds are named as the law
names them (`校长`, `期初`), by what the pack's own lists (`VisitRules`) said.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

Location = Literal["town", "rural"]
CollaboratorKind = Literal["area_staff", "famous_teacher", "backbone_teacher", "researcher"]
# How far a gathering reaches: inside one school, among some schools, an area, the whole district, or above it.
Scope = Literal["school", "schools", "area", "district", "above"]
# At which level something was awarded, lowest first; `county` is the district's own.
HonourLevel = Literal["school", "area", "county", "municipal", "provincial", "national"]
GatheringKind = Literal["preparation", "theme", "seminar", "exchange", "other"]


class VisitedSchool(msgspec.Struct, frozen=True, kw_only=True):
    """A school on the day of the question: its stage as registered, town or rural (None: not stated), and if weak."""

    id: str
    stage: str
    location: Location | None = None
    weak: bool = False


class SchoolTerm(msgspec.Struct, frozen=True, kw_only=True):
    """A term: the calendar year in which its school year begins, its number in that school year, both days included."""

    year: int
    number: int
    start: date
    end: date

    @property
    def name(self) -> str:
        """The term's name in every pack: `2024-2025-1`."""
        return f"{self.year}-{self.year + 1}-{self.number}"

    @property
    def school_year(self) -> str:
        """The school year's name: `2024-2025`."""
        return f"{self.year}-{self.year + 1}"


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """One researcher placed at one school for one term."""

    researcher: str
    school: str
    term: SchoolTerm


class Serving(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of a plan in which a researcher serves: none before he came, after he left, or of an absence."""

    researcher: str
    terms: tuple[SchoolTerm, ...]


class TermPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan by terms: the roster to cover, the terms of the window in order, who serves when, who is placed where.

    A researcher who is not among `serving` serves in every term.
    """

    roster: tuple[VisitedSchool, ...]
    terms: tuple[SchoolTerm, ...]
    placed: tuple[Placed, ...]
    serving: tuple[Serving, ...] = ()


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One person's link to one base school for a batch: its lead researcher, or a collaborator of a kind."""

    person: str
    school: str
    lead: bool
    kind: CollaboratorKind = "researcher"


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """A batch of base schools: first day, last day (None: as the law sets it), schools, and who is linked to each."""

    start: date
    schools: tuple[VisitedSchool, ...]
    links: tuple[Link, ...] = ()
    end: date | None = None


class BatchPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan by batches: the one before (None: this is the first) and the one planned."""

    batch: Batch
    before: Batch | None = None


class Preparation(msgspec.Struct, frozen=True, kw_only=True):
    """What was set down for a visit, and when, against when it starts (both local, or both with their offset)."""

    starts_at: datetime
    prepared_at: datetime | None = None
    goal: str = ""
    focus: str = ""
    tasks: str = ""


class VisitDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day at a school: a whole day is 1, a half 0.5; `phase` is the law's name of the visit's phase, if any."""

    on: date
    school: str
    days: Decimal = Decimal(1)
    phase: str | None = None


class LessonSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson observed at a school, and whether it was commented on."""

    on: date
    school: str
    commented: bool = True


class Gathering(msgspec.Struct, frozen=True, kw_only=True):
    """Collective preparation, themed research, a seminar or an exchange; `organised` by the researcher, or attended."""

    on: date
    kind: GatheringKind
    scope: Scope = "school"
    own_subject: bool = True
    organised: bool = True


class TermWork(msgspec.Struct, frozen=True, kw_only=True):
    """A researcher's term as recorded: where he is placed, and what he did.

    `teaching_days` are the days of the term on which schools teach (no weekend, holiday or examination day).
    `summaries` are months such as `2021-03`; `reports` name the school that each report is about (None: about all);
    `papers` are the names of the documents handed in, as `VisitRules.papers` names them.
    """

    researcher: str
    term: SchoolTerm
    teaching_days: tuple[date, ...]
    schools: tuple[VisitedSchool, ...]
    days: tuple[VisitDay, ...] = ()
    lessons: tuple[LessonSeen, ...] = ()
    gatherings: tuple[Gathering, ...] = ()
    summaries: tuple[str, ...] = ()
    reports: tuple[str | None, ...] = ()
    papers: frozenset[str] = frozenset()


class TermOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One term of a researcher as the pack judged it: the clauses that it failed."""

    term: SchoolTerm
    failed: tuple[str, ...] = ()


class WorkYear(msgspec.Struct, frozen=True, kw_only=True):
    """A researcher's school year: its terms, log entries by the law's tasks, open incidents of conduct, and the grade.

    `tasks` counts entries by the names that `VisitRules.tasks` gave; `grade` is the institute's own, None before it is
    given.
    """

    researcher: str
    terms: tuple[TermOutcome, ...]
    tasks: Mapping[str, int] = {}
    open_incidents: int = 0
    grade: str | None = None


class PlanYear(msgspec.Struct, frozen=True, kw_only=True):
    """The work plans of a school year (`2020-2021`): the schools that owe one, and a school for each plan handed in."""

    school_year: str
    schools: tuple[str, ...]
    filed: tuple[str, ...] = ()


class Supervised(msgspec.Struct, frozen=True, kw_only=True):
    """One supervision of a school on a day, regular or random, and the lines of its form that are filled in."""

    school: str
    on: date
    kind: Literal["regular", "random"]
    lines: frozenset[str] = frozenset()


class SupervisionYear(msgspec.Struct, frozen=True, kw_only=True):
    """The supervisions of the school year that begins in a calendar year; `schools` are all that it owes.

    `stages` gives the stage of each school as registered, so that a law may leave out those that it does not address.
    """

    year: int
    schools: tuple[str, ...]
    events: tuple[Supervised, ...] = ()
    stages: Mapping[str, str] = {}


class TeamMember(msgspec.Struct, frozen=True, kw_only=True):
    """A member of a supervision team, from the administrative or the professional side."""

    person: str
    side: Literal["administrative", "professional"]


class Contest(msgspec.Struct, frozen=True, kw_only=True):
    """A contest held: calendar year, term (None: not stated), stage and rounds by the law's names, leader's post.

    One that is not `over` yet is in its term, with rounds still to come.
    """

    year: int
    stage: str
    rounds: tuple[str, ...]
    term: SchoolTerm | None = None
    leader_post: str | None = None
    over: bool = True


class Contests(msgspec.Struct, frozen=True, kw_only=True):
    """All contests of a district, seen on a day: what may still come by then is not missing."""

    contests: tuple[Contest, ...]
    as_of: date


class AwardYear(msgspec.Struct, frozen=True, kw_only=True):
    """The awards of a year: how many of each category, by the law's names."""

    year: int
    awards: Mapping[str, int]


class BaseSchool(msgspec.Struct, frozen=True, kw_only=True):
    """What a base school has reached, each with its first day (None: not reached)."""

    id: str
    demonstration_on: date | None = None
    brand_on: date | None = None
    advanced_group_on: date | None = None
    famous_teacher_on: date | None = None


class ContestEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One teacher of a base school against one quality-lesson contest: its day, whether he took part and won.

    Entries of the same `teacher` are one person in several contests; one without an id is a person of its own.
    """

    born_on: date
    contest_on: date
    took_part: bool
    won: bool = False
    teacher: str = ""


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """The base-school programme as it stands: its schools, those that ever belonged to it, and the contest entries.

    `ever` are schools of earlier batches that count towards what the programme as a whole is to reach; `starts_on` is
    the first day of the batch (None: not stated).
    """

    schools: tuple[BaseSchool, ...]
    ever: tuple[BaseSchool, ...] = ()
    entries: tuple[ContestEntry, ...] = ()
    starts_on: date | None = None


class GroupFiled(msgspec.Struct, frozen=True, kw_only=True):
    """A research group of a school: its kind, what is known of its leader, and its filing.

    `changed_on` is the day on which it was formed or last changed, `filed_on` the day of the filing that shows it as it
    is now. `leader_backbone` None: not known; `leader_grounds` is the paper by which the leader was chosen, or the
    reason for choosing one who is no backbone; `appointed_by` who appointed him.
    """

    id: str
    kind: Literal["subject", "area", "project"]
    changed_on: date
    filed_on: date | None = None
    subject: str | None = None
    leader_backbone: bool | None = None
    leader_grounds: str = ""
    leader: str = ""
    appointed_by: str = ""


class MinorTeacher(msgspec.Struct, frozen=True, kw_only=True):
    """A teacher of a subject that the district lists as minor (小学科), and whether he is in a group of an area."""

    id: str
    subject: str
    in_area_group: bool


class SchoolGroups(msgspec.Struct, frozen=True, kw_only=True):
    """A school's groups as of a day, and the first day of the term from which the filing days run.

    `minor_teachers` are those who teach a minor subject there, none where the district lists no minor subject.
    """

    school: VisitedSchool
    as_of: date
    term_start: date
    groups: tuple[GroupFiled, ...]
    minor_teachers: tuple[MinorTeacher, ...] = ()


class SchoolPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A school and the areas that it belongs to."""

    school: str
    areas: tuple[str, ...] = ()


class AreaGroups(msgspec.Struct, frozen=True, kw_only=True):
    """The research groups of a district's areas as of a day, and the areas of its schools."""

    as_of: date
    term_start: date
    groups: tuple[GroupFiled, ...]
    schools: tuple[SchoolPlace, ...]


class StudioStationed(msgspec.Struct, frozen=True, kw_only=True):
    """A studio by its name, where it is stationed (定点入驻) now, and its level as the district calls it."""

    name: str
    schools: tuple[str, ...] = ()
    level: str = ""


class Studios(msgspec.Struct, frozen=True, kw_only=True):
    """The district's studios, and its weak schools."""

    studios: tuple[StudioStationed, ...]
    weak_schools: tuple[str, ...]


class SubjectActivity(msgspec.Struct, frozen=True, kw_only=True):
    """A gathering of a subject on a day, and how far it reaches."""

    id: str
    subject: str
    on: date
    scope: Scope = "district"


class ResearchDays(msgspec.Struct, frozen=True, kw_only=True):
    """The weekday of each subject that the district has set, 1 (Monday) to 7, and the gatherings to hold against it."""

    days: Mapping[str, int]
    activities: tuple[SubjectActivity, ...]


class SchoolThemes(msgspec.Struct, frozen=True, kw_only=True):
    """A school's themes: how many it has in common, its groups, and those of them with a theme of their own."""

    school: VisitedSchool
    common: int
    groups: tuple[str, ...]
    with_own: frozenset[str]


class Leadership(msgspec.Struct, frozen=True, kw_only=True):
    """A leading group: the district's (`school` None) or a school's; posts as officials write them.

    `in_charge` are the posts of those who answer for school-based research from day to day; `exception` the documented
    reason for which a small school has no vice-principal to do so.
    """

    head: str
    school: VisitedSchool | None = None
    deputies: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    in_charge: tuple[str, ...] = ()
    exception: str = ""
