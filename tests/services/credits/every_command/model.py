"""What must be true of a district's books after each command: plain Python, without a line of the product."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

YEARS = (2023, 2024, 2025)
YEAR_END = date(2024, 12, 31)
RECOGNISED_YEAR = 2024
HIGH = {"school-leader": 1, "institute-officer": 2}


@dataclass
class Record:
    """A record: whose, where and when, what it earns, and whether it is the last word of its training."""

    id: str
    teacher: str
    on: date
    school: str | None
    credits: Decimal
    score: Decimal
    counts: bool
    kind: str = "training"
    line: str = ""
    stands: bool = True


@dataclass
class Lock:
    """A lock of a year at a school; None stands for the whole district."""

    id: str
    school: str | None
    year: int
    role: str
    shut: bool = True


@dataclass
class Recognised:
    """What a school had recognised of a teacher's year."""

    teacher: str
    school: str
    credits: Decimal
    stands: bool = True


@dataclass
class Item:
    """A record of a transcript that waits for an official."""

    transfer: str
    number: int
    teacher: str
    entry: str
    on: date
    credits: Decimal


@dataclass
class Model:
    """The books as they must be; every rule of the machine writes here what its command should have done."""

    schools: dict[str, list[tuple[date, str]]]
    records: dict[str, Record] = field(default_factory=dict)
    locks: list[Lock] = field(default_factory=list)
    recognised: list[Recognised] = field(default_factory=list)
    waiting: list[Item] = field(default_factory=list)
    brought: dict[str, str] = field(default_factory=dict)
    declined: set[str] = field(default_factory=set)
    public: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    explained: dict[str, set[str]] = field(default_factory=dict)
    mark: Decimal = Decimal(60)

    # ---- questions ---------------------------------------------------------------------------------------------

    def school_on(self, teacher: str, day: date) -> str:
        return [school for since, school in self.schools[teacher] if since <= day][-1]

    def passes(self, on: date, score: Decimal) -> bool:
        return score >= (self.mark if on.year >= RECOGNISED_YEAR else Decimal(60))

    def closed(self, teacher: str, school: str | None, on: date) -> bool:
        """Say whether a lock of the school, of the district or of a standing recognition closes the day."""
        its = {None, school}
        its |= {one.school for one in self.standing(teacher)} if on.year == RECOGNISED_YEAR else set()
        return any(one.shut and one.year == on.year and one.school in its for one in self.locks)

    def shut(self, record: Record) -> bool:
        return self.closed(record.teacher, record.school, record.on)

    def locked(self, school: str | None, year: int) -> Lock | None:
        """Return the lock in force of exactly this school and year."""
        return next(
            (one for one in reversed(self.locks) if (one.school, one.year, one.shut) == (school, year, True)), None
        )

    def standing(self, teacher: str) -> list[Recognised]:
        return [one for one in self.recognised if one.teacher == teacher and one.stands]

    def earned(self, teacher: str, year: int | None = None) -> Decimal:
        return sum(
            (
                one.credits
                for one in self.records.values()
                if one.teacher == teacher and one.counts and one.stands and year in (None, one.on.year)
            ),
            Decimal(0),
        )

    def recognised_of(self, teacher: str) -> Decimal:
        return sum((one.credits for one in self.standing(teacher)), Decimal(0))

    def stale(self, school: str | None) -> list[Recognised]:
        """Return what stands recognised by a school (None: by any) and is not what the year comes to now."""
        return [
            one
            for one in self.recognised
            if one.stands and school in (None, one.school) and one.credits != self.earned(one.teacher, RECOGNISED_YEAR)
        ]

    def of_school(self, school: str) -> dict[str, Decimal]:
        """Return what the teachers whom the school has at the year's end have earned in it."""
        its = [teacher for teacher in self.schools if self.school_on(teacher, YEAR_END) == school]
        return {teacher: self.earned(teacher, RECOGNISED_YEAR) for teacher in its}

    def changed_since_public(self, school: str) -> set[str]:
        now, then = self.of_school(school), self.public[school]
        return {teacher for teacher in now.keys() | then.keys() if now.get(teacher) != then.get(teacher)}

    # ---- what commands do --------------------------------------------------------------------------------------

    def add(self, record: Record) -> None:
        assert record.id not in self.records, record
        self.records[record.id] = record

    def recognise(self, school: str) -> None:
        """Every teacher of the school gets what the year comes to; what another school recognised stays."""
        for teacher, credits_ in self.of_school(school).items():
            standing = self.standing(teacher)
            if any(one.school != school or one.credits == credits_ for one in standing):
                continue
            for one in standing:
                one.stands = False
            self.recognised.append(Recognised(teacher, school, credits_))
        # Who left the school since stands recognised there still: the lock closes over the newest result too.
        self.recognise_anew(school)

    def recognise_anew(self, school: str | None) -> None:
        for one in self.stale(school):
            one.stands = False
            self.recognised.append(Recognised(one.teacher, one.school, self.earned(one.teacher, RECOGNISED_YEAR)))

    def open(self, school: str, year: int) -> None:
        for one in self.locks:
            if (one.school, one.year) == (school, year):
                one.shut = False

    def adopt(self, mark: Decimal) -> None:
        """Decide every training of an open day anew; what a transfer brought stays as it was decided."""
        self.mark = mark

    def adopted(self) -> list[Record]:
        """Return the records whose worth the mark in force changes."""
        return [
            one
            for one in self.records.values()
            if one.stands
            and one.kind == "training"
            and one.on.year >= RECOGNISED_YEAR
            and not self.shut(one)
            and one.counts != self.passes(one.on, one.score)
        ]
