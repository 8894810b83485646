"""The peer: a plain Strawberry monolith as a careful team would write it, with the same questions on the same data.

SQLAlchemy ORM on SQLite (WAL, synchronous=FULL), data loaders, no sign-in, no law, no explanation, no ledger chain: it
multiplies hours with a coefficient and stores the product. What Yanxiu costs beside it is the price of those.
"""

from __future__ import annotations

import os
from collections import defaultdict
from typing import Annotated, Any

import strawberry
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache

ENGINE = create_async_engine(f"sqlite+aiosqlite:///{os.environ['BENCH_DATABASE']}")
SESSION = async_sessionmaker(ENGINE, expire_on_commit=False)


class Base(DeclarativeBase):
    """Base of the three tables."""


class SchoolRow(Base):
    """A school."""

    __tablename__ = "school"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class TeacherRow(Base):
    """A teacher of a school."""

    __tablename__ = "teacher"
    id: Mapped[str] = mapped_column(primary_key=True)
    school: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    title: Mapped[str | None]


class EntryRow(Base):
    """A credited record; micro-credits, so that the sums are exact here as well."""

    __tablename__ = "entry"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    teacher: Mapped[str] = mapped_column(index=True)
    completed_on: Mapped[str]
    hours_micro: Mapped[int]
    credits_micro: Mapped[int]
    status: Mapped[str] = mapped_column(default="COUNTED")
    unit: Mapped[str] = mapped_column(default="学分")


@event.listens_for(ENGINE.sync_engine, "connect")
def _durable(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=wal", "synchronous=full", "busy_timeout=5000"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


async def load_teachers(schools: list[str]) -> list[list[TeacherRow]]:
    """Return the teachers of each school."""
    grouped: dict[str, list[TeacherRow]] = defaultdict(list)
    async with SESSION() as session:
        rows = await session.scalars(select(TeacherRow).where(TeacherRow.school.in_(schools)).order_by(TeacherRow.id))
        for row in rows:
            grouped[row.school].append(row)
    return [grouped[school] for school in schools]


async def load_totals(teachers: list[str]) -> list[str]:
    """Return the sum of credits of each teacher, as text."""
    async with SESSION() as session:
        rows = await session.execute(
            select(EntryRow.teacher, func.sum(EntryRow.credits_micro))
            .where(EntryRow.teacher.in_(teachers))
            .group_by(EntryRow.teacher)
        )
        sums: dict[str, int] = dict(rows.tuples().all())
    return [micro_text(sums.get(teacher, 0)) for teacher in teachers]


async def load_schools(codes: list[str]) -> list[SchoolRow | None]:
    """Return the schools with these codes."""
    async with SESSION() as session:
        rows = {row.code: row for row in await session.scalars(select(SchoolRow).where(SchoolRow.code.in_(codes)))}
    return [rows.get(code) for code in codes]


async def load_entries(teachers: list[str]) -> list[list[EntryRow]]:
    """Return the entries of each teacher."""
    grouped: dict[str, list[EntryRow]] = defaultdict(list)
    async with SESSION() as session:
        rows = await session.scalars(select(EntryRow).where(EntryRow.teacher.in_(teachers)).order_by(EntryRow.id))
        for row in rows:
            grouped[row.teacher].append(row)
    return [grouped[teacher] for teacher in teachers]


def micro_text(micro: int) -> str:
    """Return millionths as text without trailing zeros."""
    whole, rest = divmod(micro, 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


@strawberry.type
class Entry:
    """A credited record."""

    id: strawberry.ID
    completed_on: str
    status: str
    unit: str
    hours: str
    credits: str


def entry_of(row: EntryRow) -> Entry:
    """A row as it is answered."""
    return Entry(
        id=strawberry.ID(str(row.id)),
        completed_on=row.completed_on,
        status=row.status,
        unit=row.unit,
        hours=micro_text(row.hours_micro),
        credits=micro_text(row.credits_micro),
    )


@strawberry.type
class Teacher:
    """A teacher with the total of their credits."""

    id: strawberry.ID
    name: str
    title: str | None
    at: strawberry.Private[str]

    @strawberry.field
    async def school(self, info: strawberry.Info) -> Annotated[School, strawberry.lazy("bench.monolith")] | None:
        """The teacher's school."""
        row = await info.context["schools"].load(self.at)
        return School(code=row.code, name=row.name) if row else None

    @strawberry.field
    async def entries(self, info: strawberry.Info) -> list[Entry]:
        """The teacher's entries, oldest first."""
        return [entry_of(row) for row in await info.context["entries"].load(self.id)]

    @strawberry.field
    async def total_credits(self, info: strawberry.Info) -> str:
        """Sum of all credits."""
        return await info.context["totals"].load(self.id)


@strawberry.type
class School:
    """A school with its teachers."""

    code: str
    name: str

    @strawberry.field
    async def teachers(self, info: strawberry.Info) -> list[Teacher]:
        """The teachers, in order of id."""
        return [teacher_of(row) for row in await info.context["teachers"].load(self.code)]


def teacher_of(row: TeacherRow) -> Teacher:
    """A row as it is answered."""
    return Teacher(id=strawberry.ID(row.id), name=row.name, title=row.title, at=row.school)


@strawberry.type
class District:
    """The district with its schools."""

    name: str

    @strawberry.field
    async def schools(self) -> list[School]:
        """All schools, in order of code."""
        async with SESSION() as session:
            rows = await session.scalars(select(SchoolRow).order_by(SchoolRow.code))
            return [School(code=row.code, name=row.name) for row in rows]


@strawberry.input
class EntryInput:
    """One training of one teacher."""

    teacher: strawberry.ID
    completed_on: str
    hours: int
    score: int


@strawberry.type
class Query:
    """Reads."""

    @strawberry.field
    async def school(self, code: str) -> School | None:
        """One school."""
        async with SESSION() as session:
            row = await session.get(SchoolRow, code)
        return School(code=row.code, name=row.name) if row else None

    @strawberry.field
    async def teacher(self, id: strawberry.ID) -> Teacher | None:
        """One teacher."""
        async with SESSION() as session:
            row = await session.get(TeacherRow, str(id))
        return teacher_of(row) if row else None

    @strawberry.field
    def district(self) -> District:
        """The district."""
        return District(name="测量（虚构）")


@strawberry.type
class Mutation:
    """Writes."""

    @strawberry.mutation
    async def register_entry(self, input: EntryInput) -> Entry:
        """Multiply, store, commit."""
        percent = 20 if input.score >= 90 else 15 if input.score >= 80 else 10 if input.score >= 70 else 0
        row = EntryRow(
            teacher=str(input.teacher),
            completed_on=input.completed_on,
            hours_micro=input.hours * 1_000_000,
            credits_micro=input.hours * 10_000 * (100 + percent),
        )
        async with SESSION() as session:
            session.add(row)
            await session.commit()
        return entry_of(row)


SCHEMA = strawberry.Schema(
    Query, Mutation, extensions=[lambda: ParserCache(maxsize=256), lambda: ValidationCache(maxsize=256)]
)


class View(GraphQL[dict[str, Any], None]):
    """Fresh data loaders for each request."""

    async def get_context(self, request: Any, response: Any) -> dict[str, Any]:
        """Return the loaders."""
        del request, response
        return {
            "schools": DataLoader(load_schools),
            "teachers": DataLoader(load_teachers),
            "totals": DataLoader(load_totals),
            "entries": DataLoader(load_entries),
        }


app = Starlette(routes=[Route("/graphql", View(SCHEMA, graphql_ide=None), methods=["POST"])])
