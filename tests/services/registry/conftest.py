"""A registry on a real nats-server and real SQLite files, on a clock that stands still, and callers of every role."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from yanxiu_durable import looking
from yanxiu_registry.__main__ import MIGRATIONS, running
from yanxiu_registry.context import Registry
from yanxiu_registry.national_id import check_character
from yanxiu_registry.settings import Settings
from yanxiu_rulekit.plugins import Rulebook, load_packs
from yanxiu_wire import erasure as wire_erasure
from yanxiu_wire import registry as wire
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.caller import Caller, Role
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus

from tests.stores import KINDS, Store, Stores

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 9 o'clock in the morning of 2 March 2026 in China
TODAY = date(2026, 3, 2)
BY_ITSELF = ("outbox", "yanxiu_district", "advisory", "audit_")
_numbers = itertools.count(1)


def synthetic_id(number: int) -> str:
    """A national id of no real person: region 999999 does not exist."""
    first17 = f"999999{1960 + number % 40}{1 + number % 12:02}{1 + number % 28:02}{number % 1000:03}"
    return first17 + check_character(first17)


def fresh_key() -> str:
    """An idempotency key that was not used before."""
    return f"test-{next(_numbers)}"


def caller(role: Role = "district-officer", district: str = "puer", **scope: str) -> Caller:
    """A signed-in caller."""
    return Caller(subject=f"{role}@test", role=role, district=district, **scope)


class Client:
    """Calls the registry as one caller of one district."""

    def __init__(self, bus: Bus, district: str, who: Caller) -> None:
        self.bus = bus
        self.district = district
        self.who = who

    def as_(self, role: Role, **scope: str) -> Client:
        """The same client with another caller."""
        return Client(self.bus, self.district, caller(role, self.district, **scope))

    async def ask(self, endpoint: Endpoint[Any, Any], *, key: str | None = None, **fields: Any) -> Any:
        """The reply or refusal; a command gets a fresh key unless one is given."""
        if endpoint.writes:
            fields["key"] = key or fresh_key()
        return await self.bus.call(endpoint, endpoint.request(caller=self.who, **fields), district=self.district)

    async def erase(self, erasure: str) -> Any:
        """Confirm an erasure of a person of whom the other services hold nothing."""
        begun = await self.ask(wire_erasure.BEGIN_ERASURE, erasure=erasure)
        if isinstance(begun, Refused):
            return begun
        cleared = await self.cleared(erasure)
        return await self.ask(wire_erasure.CONFIRM_ERASURE, erasure=erasure, **cleared)

    async def cleared(self, erasure: str) -> dict[str, Any]:
        """What the other services say of an erasure that is begun, of whom they hold nothing."""
        found = await self.ask(wire_erasure.LIST_ERASURES, erasure=erasure)
        words = await self.ask(wire_erasure.GET_ERASURE_WORDS, erasure=erasure)
        by = wire_erasure.words_digest(erasure, found.items[0].teacher, words)
        services = ("credits", "visits")
        return {"cleared": {one: {} for one in services}, "by": dict.fromkeys(services, by)}

    async def school(self, code: str, **fields: Any) -> wire.School:
        """A new school."""
        given = {"name": f"第{code}学校", "stage": "primary", "location": "town", "opened_on": date(2000, 9, 1)}
        return await self.ask(wire.CREATE_SCHOOL, code=code, **(given | fields))

    async def teacher(self, school: str, staff_number: str, **fields: Any) -> wire_teacher.Teacher:
        """A new teacher."""
        given = {"name": f"教师{staff_number}", "employed_since": date(2020, 9, 1)}
        return await self.ask(wire_teacher.CREATE_TEACHER, school=school, staff_number=staff_number, **(given | fields))


def codes(answer: Any) -> list[str]:
    """The codes of a refusal; fails on anything else."""
    assert isinstance(answer, Refused), answer
    for error in answer.errors:
        assert error.message_zh
        assert error.message_en
        assert error.remedy_zh
        assert error.remedy_en
        assert error.message_zh.endswith("。"), error.message_zh
        assert error.remedy_zh.endswith("。"), error.remedy_zh
    return [error.code for error in answer.errors]


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, stores: Stores) -> Iterator[Store]:
    """Where the service keeps its data: every test on `settings` runs on SQLite and on PostgreSQL."""
    with stores.lent(request.param, (wire.SERVICE, MIGRATIONS)) as store:
        yield store


@pytest.fixture
def settings(nats_server: Any, database: Store, tmp_path: Path) -> Settings:
    """What the process would read from its environment."""
    packs = ("puer", "putuo")
    return Settings(nats_url=nats_server.url, keys=tmp_path / "keys", packs=packs, **database.fields)


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The packs that are installed."""
    return load_packs()


@pytest.fixture
async def registry(settings: Settings, rulebook: Rulebook) -> AsyncIterator[Registry]:
    """The service at work."""
    async with running(settings, rulebook, clock=lambda: NOW) as service:
        yield service


@pytest.fixture
async def puer(registry: Registry, bus: Bus) -> Client:
    """A district officer of a new district `puer`."""
    return await open_district(bus, "puer")


async def open_district(bus: Bus, district: str) -> Client:
    """Create a district and answer its officer's client."""
    operator = Client(bus, district, caller("platform-operator", "platform"))
    made = await operator.ask(wire.CREATE_DISTRICT, name_zh=f"{district}（虚构）", name_en=district, synthetic=True)
    assert isinstance(made, wire.District), made
    return Client(bus, district, caller("district-officer", district))


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The SELECTs that run from now on; what the relay looks for is not among them."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT") and not any(name in statement for name in BY_ITSELF):
            seen.append(statement)

    run = looking.SqliteLooks.execute

    def looked(connection: Any, sql: str, values: Any) -> Any:
        note(None, None, sql)
        return run(connection, sql, values)

    monkeypatch.setattr(looking.SqliteLooks, "execute", staticmethod(looked))
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
