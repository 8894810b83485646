"""Sums and lists of records that their asker holds: not made again while nothing came, and on record each time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from yanxiu_credits import get_totals, list_record_parts
from yanxiu_credits.endpoints import LASTING, LASTING_HERE
from yanxiu_credits.list_records import list_records
from yanxiu_footing.audit.tables import audit_record
from yanxiu_footing.clock import Clock
from yanxiu_wire.codec import encode
from yanxiu_wire.credits import GET_TOTALS, LIST_RECORDS, GetTotals, ListRecords
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.known import Encoded, digest_of
from yanxiu_wire.message import Page
from yanxiu_wire.refusal import Refused

TEACHERS = ("t1", "t2", "nobody")
THEN = datetime(2025, 1, 1, tzinfo=UTC)
RIGHT = {"hours": "10", "score": "85"}
_LINE = [one for one in audit_record.c if one.name not in {"seq", "at_us", "hash", "trace"}]


class Asker:
    """One who asks the same again and again, and holds what he was told last; `made` says how often that was made."""

    def __init__(self, house: Any, made: list[str]) -> None:
        self.house = house
        self.made = made

    async def again(self, endpoint: Endpoint[Any, Any], query: Any, held: bytes = b"") -> bytes | None:
        """What he is told; None where it is what he holds."""
        body = Encoded(encode(query), digest_of(held) if held else "")
        told = await self.house.bus.call(endpoint, body, district=self.house.district)
        return None if told.same else bytes(told.data)

    async def lines(self) -> list[Any]:
        await self.house.service.trail.write(self.house.district)
        async with self.house.service.databases.read(self.house.district) as connection:
            found = await connection.execute(sa.select(*_LINE).order_by(audit_record.c.seq))
            return [tuple(one) for one in found if one.kind == "read"]


@pytest.fixture
def asker(house: Any, monkeypatch: pytest.MonkeyPatch) -> Asker:
    made: list[str] = []

    def counted(module: Any, name: str) -> None:
        does = getattr(module, name)

        def count(*given: Any, **named: Any) -> Any:
            made.append(name)
            return does(*given, **named)

        monkeypatch.setattr(module, name, count)

    counted(get_totals, "sums_of")
    counted(list_record_parts, "look_for_parts")
    return Asker(house, made)


def asked(house: Any, **more: Any) -> list[tuple[Endpoint[Any, Any], Any]]:
    records = ListRecords(caller=house.officer, teachers=TEACHERS, page=Page(first=12), fields=("id", "on", "hours"))
    return [(GET_TOTALS, GetTotals(caller=house.officer, teachers=TEACHERS, **more)), (LIST_RECORDS, records)]


@pytest.mark.parametrize("which", [0, 1], ids=["totals", "records"])
async def test_what_is_held_is_made_once_more_and_then_not_until_something_came(
    asker: Asker, database: Any, which: int
) -> None:
    await asker.house.register("t1", on=date(2024, 3, 1), facts=RIGHT)
    endpoint, query = asked(asker.house)[which]
    held = await asker.again(endpoint, query)
    assert held is not None
    asks, lasted, lines = 1, False, await asker.lines()
    async with asyncio.timeout(20):
        # What a command leaves to be done after it is written soon; the look's own line is no reason to make it anew.
        while not lasted and (database.kind == "sqlite" or asks < 4):
            made = len(asker.made)
            assert await asker.again(endpoint, query, held) is None
            asks, lasted, lines = asks + 1, len(asker.made) == made, await asker.lines()
    assert lasted is (database.kind == "sqlite"), "elsewhere nobody knows what others wrote"
    assert len(lines) == asks
    assert len(set(lines)) == 1, "each look is recorded as the first"

    await asker.house.register("t2", on=date(2024, 4, 1), facts=RIGHT)
    told = await asker.again(endpoint, query, held)
    assert told not in (None, held)


async def test_what_was_known_at_a_moment_is_made_each_time(asker: Asker) -> None:
    await asker.house.register("t1", on=date(2024, 3, 1), facts=RIGHT)
    endpoint, query = asked(asker.house, as_known_at=THEN)[0]
    held = await asker.again(endpoint, query)
    assert held is not None
    for _ in range(3):
        assert await asker.again(endpoint, query, held) is None
    assert len(asker.made) == 4


class OnlyDays(Clock):
    """A clock that tells the day and no moment."""

    def now(self) -> datetime:
        raise AssertionError("an answer that lasts read the clock")

    def today(self) -> date:
        return date(2025, 1, 1)


@pytest.mark.parametrize("which", [0, 1], ids=["totals", "records"])
async def test_what_lasts_is_made_of_the_day_and_of_no_moment(house: Any, which: int) -> None:
    await house.register("t1", on=date(2024, 3, 1), facts=RIGHT)
    endpoint, query = asked(house)[which]
    assert LASTING[endpoint](query)
    service = replace(house.service, clock=OnlyDays())
    make = {GET_TOTALS: get_totals.get_totals, LIST_RECORDS: list_records}[endpoint]
    told = await make(service, house.district, query, Deadline.after(10))
    assert not isinstance(told, Refused)
    with pytest.raises(AssertionError, match="read the clock"):
        await make(service, house.district, msgspec.structs.replace(query, as_known_at=THEN), Deadline.after(10))


def test_what_asks_a_law_or_a_moment_does_not_last_and_nothing_lasts_here_that_another_process_answers() -> None:
    who: dict[str, Any] = {"caller": None, "teachers": TEACHERS}
    plain: dict[str, Any] = {"fields": ("id", "on"), "page": Page(first=12)}
    assert LASTING[LIST_RECORDS](ListRecords(**who, **plain))
    others: list[dict[str, Any]] = [
        {"explain": True},
        {"as_known_at": THEN},
        {"newest": True},
        {"status": "COUNTED"},
    ]
    for other in others:
        assert not LASTING[LIST_RECORDS](ListRecords(**who, **plain, **other))
    assert not LASTING[LIST_RECORDS](ListRecords(**who))
    many = ListRecords(**{**who, "teachers": tuple(map(str, range(500)))}, **plain)
    assert LASTING[LIST_RECORDS](many)
    assert not LASTING_HERE[LIST_RECORDS](many)
