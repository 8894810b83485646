"""A school with its sessions, under laws that make a record of each session or of a whole project."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_credits.__main__ import running
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings
from yanxiu_footing.clock import CHINA, Clock
from yanxiu_rulekit.plugins import Rulebook, load_packs
from yanxiu_wire import attendance as wire
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.caller import Caller

from tests.services.credits.conftest import LAW_SINCE, made_up_pack
from tests.stores import Store

DAY = date(2025, 3, 14)
MINUTE = timedelta(minutes=1)


def china(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)


START, END = china(9), china(11)


class MovingClock(Clock):
    """A clock that stands where a test puts it; every reading is a microsecond later than the last."""

    def __init__(self) -> None:
        self._at = china(8).astimezone(UTC)

    def set(self, at: datetime) -> None:
        self._at = at.astimezone(UTC) - timedelta(microseconds=1)

    def now(self) -> datetime:
        self._at += timedelta(microseconds=1)
        return self._at


def attended(given: Mapping[str, Any], planned: Decimal, hours: Decimal, law: Any) -> Mapping[str, Any]:
    """All of what was planned, or the hours that were attended and a mark that earns nothing."""
    return {"hours": hours} if hours >= planned else {"hours": hours, "score": Decimal(0)}


def pack(jurisdiction: str, per: str | None) -> Any:
    made = made_up_pack(jurisdiction)
    if per is not None:
        made.credit = msgspec.structs.replace(made.credit, attended=attended, attendance_per=per)
    return made


@pytest.fixture(scope="session")
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture(autouse=True)
def morning(clock: MovingClock) -> None:
    """Every test begins at eight in the morning."""
    clock.set(china(8))


@pytest.fixture(scope="module")
async def service(nats_server: Any, database: Store, clock: MovingClock) -> AsyncIterator[Service]:
    """The credits service under made-up laws that register by session, by project or not at all, and the real ones."""
    packs = {name: pack(name, per) for name, per in (("made", "session"), ("whole", "project"), ("silent", None))}
    packs |= load_packs().packs
    settings = Settings(nats_url=nats_server.url, keys=database.fields["data"] / "keys", **database.fields)
    async with running(settings, Rulebook(packs, {}), clock=clock) as made:
        yield made


@dataclasses.dataclass
class School:
    """What people at the house's school do: t1 and t2 teach there, t3 at another school."""

    house: Any
    clock: MovingClock

    def __post_init__(self) -> None:
        self.officer: Caller = self.house.officer
        self.staff: Caller = self.house.caller("school-training-officer", school=self.house.school)

    def teacher(self, teacher: str) -> Caller:
        return self.house.caller("teacher", teacher=teacher)

    async def call(self, endpoint: Any, caller: Caller | None = None, *, key: str | None = None, **fields: Any) -> Any:
        if endpoint.writes:
            fields["key"] = key or self.house.key()
        return await self.house.call(endpoint, endpoint.request(caller=caller or self.staff, **fields))

    async def announce(self, caller: Caller | None = None, **changes: Any) -> Any:
        given: dict[str, Any] = {
            "title": "课堂观察", "on": DAY, "starts_at": START, "ends_at": END, "hours": Decimal(2), **changes
        }  # fmt: skip
        return await self.call(wire.SCHEDULE_SESSION, caller, **given)

    async def session(self, caller: Caller | None = None, **changes: Any) -> wire.Session:
        answer = await self.announce(caller, **changes)
        assert isinstance(answer, wire.SessionScheduled), answer
        return answer.session

    async def token(self, session: wire.Session, teacher: str = "t1") -> str:
        issued = await self.call(wire.ISSUE_CHECK_IN, self.teacher(teacher), session=session.id)
        assert isinstance(issued, wire.CheckInIssued), issued
        return issued.tokens[0].token

    async def arrive(self, session: wire.Session, teacher: str = "t1", device: str | None = None) -> Any:
        """Ask for a token and use it at once, on a device of one's own."""
        return await self.use(await self.token(session, teacher), teacher, device)

    async def use(self, token: str, teacher: str = "t1", device: str | None = None, key: str | None = None) -> Any:
        device = device or f"phone of {teacher}"
        return await self.call(wire.CHECK_IN, self.teacher(teacher), key=key, token=token, device=device)

    async def settle(
        self,
        session: wire.Session,
        teacher: str = "t1",
        *,
        present: bool = True,
        caller: Caller | None = None,
        **more: Any,
    ) -> Any:
        given = {"reason": "签到表为证", **more}
        return await self.call(
            wire.SETTLE_ATTENDANCE, caller, session=session.id, teacher=teacher, present=present, **given
        )

    async def close(self, session: wire.Session) -> Any:
        return await self.call(wire.CLOSE_SESSION, session=session.id)

    async def register(self, caller: Caller | None = None, **named: Any) -> Any:
        return await self.call(wire.REGISTER_ATTENDED, caller or self.officer, **named)

    async def attendance(self, session: wire.Session, caller: Caller | None = None, **more: Any) -> dict[str, Any]:
        answer = await self.call(wire.LIST_ATTENDANCE, caller, sessions=(session.id,), **more)
        return {one.teacher: one for one in answer.pages[0].items}

    async def held(self, *teachers: str, **changes: Any) -> wire.Session:
        """A session that these attended, closed."""
        session = await self.session(**changes)
        self.clock.set(session.starts_at)
        for teacher in teachers:
            answer = await self.arrive(session, teacher)
            assert isinstance(answer, wire.AttendanceTaken), answer
        self.clock.set(session.ends_at)
        assert (await self.close(session)).state == "closed"
        return session


@pytest.fixture
def day() -> date:
    return DAY


async def _school(empty_house: Any, clock: MovingClock, law: str) -> School:
    await empty_house.bind(registry.PackBinding(pack=law, since=LAW_SINCE))
    await empty_house.employ("t1", wait=False)
    await empty_house.employ("t2", wait=False)
    await empty_house.employ("t3", wire_teacher.Employment(school="school-2", since=date(2021, 9, 1)))
    await empty_house.until(lambda rows: len(rows) == 3)
    return School(empty_house, clock)


@pytest.fixture
async def school(empty_house: Any, clock: MovingClock) -> School:
    """Under the law that makes a record of each session."""
    return await _school(empty_house, clock, "made")


@pytest.fixture
async def by_project(empty_house: Any, clock: MovingClock) -> School:
    """Under the law that makes a record of a whole project."""
    return await _school(empty_house, clock, "whole")


@pytest.fixture
async def by_hand(empty_house: Any, clock: MovingClock) -> School:
    """Under a law that does not say how attendance is registered."""
    return await _school(empty_house, clock, "silent")


@pytest.fixture
async def puer(empty_house: Any, clock: MovingClock) -> School:
    """Under Pu'er's law, which registers a project as a whole."""
    return await _school(empty_house, clock, "puer")


@pytest.fixture
async def putuo(empty_house: Any, clock: MovingClock) -> School:
    """Under Putuo's law, which registers each session."""
    return await _school(empty_house, clock, "putuo")
