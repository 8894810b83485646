"""A made-up service that keeps a trail: two commands and some looks, over the tables of a real one on both stores."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa
from yanxiu_credits.__main__ import MIGRATIONS
from yanxiu_credits.all_tables import metadata
from yanxiu_durable.databases import Databases, open_databases
from yanxiu_durable.once import once
from yanxiu_footing.answering import Table, handlers
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_footing.audit.offered import offered
from yanxiu_footing.audit.tables import audit_record
from yanxiu_footing.audit.trail import Trail
from yanxiu_footing.authority.permit import Permit
from yanxiu_footing.scope import roles
from yanxiu_wire import audit as wire
from yanxiu_wire import credits as credit
from yanxiu_wire.caller import Caller, Role
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import RefusalItem, Refused

from tests.stores import KINDS, Store, Stores

NOW = datetime(2025, 3, 14, 4, tzinfo=UTC)
OFFICER, TEACHER = roles("district-officer"), roles("teacher")


def person(number: int) -> str:
    """The id of a synthetic person."""
    return str(UUID(int=number))


class Do(Command, frozen=True, kw_only=True):
    """Something is done to somebody."""

    teacher: str
    note: str = ""
    how: str = "well"


class Look(Query, frozen=True, kw_only=True):
    """Somebody is looked at."""

    teachers: tuple[str, ...] = ()
    search: str | None = None
    stage: credit.ProjectState | None = None
    page: Page = Page()


class Row(msgspec.Struct, frozen=True):
    """A person shown."""

    teacher: str
    name: str = "合成教师"


class Rows(msgspec.Struct, frozen=True, tag="rows"):
    """Persons shown."""

    items: tuple[Row, ...]


class Done(msgspec.Struct, frozen=True, tag="done"):
    """What was made of it."""

    id: str
    replayed: bool = False


DO = Endpoint("credits", "do", Do, Done | Refused, writes=True)
DO_PLAINLY = Endpoint("credits", "do-plainly", Do, Done | Refused, writes=True)
LOOK = Endpoint("credits", "look", Look, Rows | Refused)
REVEAL = Endpoint("credits", "reveal", Look, Rows | Refused)
OWN = Endpoint("credits", "own", Look, Rows | Refused)
RULES = Endpoint("credits", "rules", Look, Rows | Refused)
NO = Refused(
    errors=(
        RefusalItem(code="NOT_SO", message_zh="不行。", message_en="No.", remedy_zh="算了。", remedy_en="Leave it."),
    )
)


async def do(service: Any, district: str, command: Do, deadline: Deadline) -> Done | Refused:
    """Do it once, as it was told how."""

    async def work(_connection: Any) -> Done | Refused:
        if command.how == "badly":
            raise ValueError("一个错误")
        return NO if command.how == "not" else Done(id=person(999))

    return await once(service.databases, district, command, Done, deadline, work, few_rows=True)


async def do_plainly(_service: Any, _district: str, _command: Do, _deadline: Deadline) -> Done:
    """Do it without `once`."""
    return Done(id=person(999))


async def look(_service: Any, _district: str, query: Look, _deadline: Deadline) -> Rows:
    """Show who was asked for, or thirty."""
    return Rows(tuple(map(Row, query.teachers or map(person, range(30)))))


class House:
    """The service: what is asked of it, and its trail."""

    def __init__(self, databases: Databases) -> None:
        self.databases = databases
        self.now = NOW
        self.trail = Trail(databases, self.tick)
        self.keys = itertools.count(1)
        table: Table = {
            DO: (do, OFFICER),
            DO_PLAINLY: (do_plainly, OFFICER),
            LOOK: (look, OFFICER, personal("items.teacher")),
            REVEAL: (look, OFFICER, personal("items.teacher", before=True)),
            OWN: (look, OFFICER | TEACHER, personal("items.teacher", own=True)),
            RULES: (look, OFFICER, PLAIN),
            **offered("credits"),
        }
        permits = {
            endpoint: Permit(offer[1], ("made-up",), dict.fromkeys(offer[1], ("made-up",)))
            for endpoint, offer in table.items()
        }
        self._serves = handlers(self, table, committed=lambda: None, permits=permits)

    def tick(self) -> datetime:
        """A moment, a little later each time."""
        self.now += timedelta(milliseconds=1)
        return self.now

    def caller(self, role: Role = "district-officer", district: str = "puer", **more: Any) -> Caller:
        return Caller(subject=f"synthetic:{role}", role=role, district=district, **more)

    async def ask(self, endpoint: Endpoint[Any, Any], caller: Caller | None = None, /, **fields: Any) -> Any:
        """The answer of the handler."""
        if endpoint.writes:
            fields.setdefault("key", person(1000 + next(self.keys)))
        request = endpoint.request(caller=caller or self.caller(), **fields)
        return await self._serves[endpoint]("puer", request, Deadline.after(20))

    async def lines(self) -> list[Any]:
        """Every line, those that waited too."""
        await self.trail.write("puer")
        async with self.databases.read("puer") as connection:
            query = sa.select(audit_record).where(audit_record.c.district == "puer").order_by(audit_record.c.seq)
            return list((await connection.execute(query)).all())

    async def said(self) -> list[tuple[str, str, str | None]]:
        """Of every line what was done and what came of it."""
        return [(line.action, line.outcome, line.code) for line in await self.lines()]

    async def verified(self, *heads: wire.AuditHead) -> wire.AuditVerified:
        """What the check says."""
        answer = await self.ask(wire.VERIFY_CREDITS_AUDIT, self.caller("auditor"), heads=heads)
        assert isinstance(answer, wire.AuditVerified), answer
        return answer


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, stores: Stores) -> Iterator[Store]:
    with stores.lent(request.param, ("credits", MIGRATIONS)) as store:
        yield store


@pytest.fixture
async def house(database: Store) -> AsyncIterator[House]:
    databases = open_databases("credits", database.settings, metadata, MIGRATIONS)
    try:
        await databases.open_all()
        await databases.ensure("puer")
        house = House(databases)
        yield house
        await house.trail.write_all()
    finally:
        await databases.close()
