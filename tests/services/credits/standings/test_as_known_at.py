"""What was known: whatever is asked for a past instant answers as it answered then, after any later commands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_credits.books.reverse import reverse
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.credits import (
    GET_RECORDS,
    GET_STANDINGS,
    GET_TOTALS,
    LIST_ENTRIES,
    LIST_RECORDS,
    REBUILD_PROJECTION,
    GetRecords,
    GetStandings,
    GetTotals,
    ListEntries,
    ListRecords,
    RebuildProjection,
    TrainingRegistered,
)
from yanxiu_wire.deadline import Deadline

from tests.examples import with_service

DAY = date(2024, 6, 1)
PEOPLE = ("t1", "t2", "t3")


async def everything(house: Any, at: datetime | None) -> list[Any]:
    """All that can be asked of a past instant, as a reader gets it."""
    by = house.officer
    records = await house.call(LIST_RECORDS, ListRecords(caller=by, teachers=PEOPLE, as_known_at=at))
    ids = tuple(sorted(row["id"] for row in await house.rows("record")))[:4]
    answers = [
        await house.call(GET_STANDINGS, GetStandings(caller=by, teachers=PEOPLE, kind="year", on=DAY, as_known_at=at)),
        await house.call(GET_TOTALS, GetTotals(caller=by, teachers=PEOPLE, as_known_at=at)),
        await house.call(LIST_ENTRIES, ListEntries(caller=by, as_known_at=at)),
        records,
    ]
    named = await house.call(GET_RECORDS, GetRecords(caller=by, ids=ids, as_known_at=at))
    return [*answers, [one for one in named.items if one is not None]]


class Actor:
    """Changes a district, and remembers what it can take back."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.version = 1
        self.bound = 1

    async def register(self, amount: int) -> None:
        teacher = PEOPLE[amount % 3]
        await self.house.register(teacher, facts={"hours": str(amount), "score": "85" if amount % 4 else "20"})

    async def take_back(self, amount: int) -> None:
        taken = {row["reverses"] for row in await self.house.rows("ledger")}
        open_ = [row for row in await self.house.rows("ledger") if row["kind"] == "registration"]
        open_ = [row for row in open_ if row["entry_id"] not in taken]
        if open_:
            house = self.house
            async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
                entry = open_[amount % len(open_)]["entry_id"]
                answer = await reverse(
                    conn, house.service, house.district, entry, reason="登记有误", by=house.officer, why="correction"
                )
            assert not isinstance(answer, registry.District)

    async def move(self, amount: int) -> None:
        self.version += 1
        work = wire_teacher.Employment(school=f"school-{amount % 3}", since=date(2021, 9, 1))
        await self.house.employ("t2", work, version=self.version, hired_on=date(2000 + amount % 20, 1, 1))

    async def rebind(self, amount: int) -> None:
        self.bound += 1
        pack = "made" if amount % 2 else "other"
        await self.house.bind(registry.PackBinding(pack=pack, since=date(2020, 1, 1)), version=self.bound)
        await self.house.until(lambda rows: rows[0]["version"] == self.bound, "district_fact")


commands = st.lists(
    st.tuples(st.sampled_from(["register", "register", "take_back", "move", "rebind"]), st.integers(1, 70)),
    min_size=2,
    max_size=7,
)


@with_service(8)
@given(sequence=commands)
async def test_what_was_answered_is_answered_again_for_that_instant(
    house: Any, sequence: list[tuple[str, int]]
) -> None:
    actor = Actor(house)
    actor.version = max(row["version"] for row in await house.rows("teacher_fact"))
    actor.bound = (await house.rows("district_fact"))[0]["version"]
    answered: list[tuple[datetime, list[Any]]] = []
    for name, amount in sequence:
        await getattr(actor, name)(amount)
        at = datetime.now(UTC)
        answered.append((at, await everything(house, None)))
    for at, then in answered:
        now = await everything(house, at)
        for asked, was in zip(now[:4], then[:4], strict=True):
            assert asked == was
        known = {one.id: one for one in then[4]}
        # Ids are of what is there now; those known then answer as they did, the others are not known yet.
        assert [one for one in now[4] if one.id in known] == [
            one for one in then[4] if one.id in {x.id for x in now[4]}
        ]
        assert all(one.recorded_at <= at for one in now[4])


async def test_a_rebuild_keeps_what_was_known_when(house: Any) -> None:
    await house.course("t1", facts={"hours": "80"})
    at = datetime.now(UTC)
    before = await everything(house, at)
    history = [dict(row) for row in await house.rows("fact_history")]
    await house.employ("t1", wire_teacher.Employment(school="school-5", since=date(2021, 9, 1)), version=2)
    await house.call(REBUILD_PROJECTION, RebuildProjection(caller=house.caller("platform-operator"), key=house.key()))
    assert await everything(house, at) == before
    assert [dict(row) for row in await house.rows("fact_history")][: len(history)] == history


async def test_before_anything_was_known_there_is_nothing(house: Any) -> None:
    registered = await house.course("t1", facts={"hours": "80"})
    assert isinstance(registered, TrainingRegistered)
    long_ago = datetime(2021, 1, 1, tzinfo=UTC)
    totals = await house.call(GET_TOTALS, GetTotals(caller=house.officer, teachers=("t1",), as_known_at=long_ago))
    assert totals.items[0].records == 0
    records = await house.call(
        GET_RECORDS, GetRecords(caller=house.officer, ids=(registered.record.id,), as_known_at=long_ago)
    )
    assert records.items == (None,)


async def test_an_instant_to_come_or_without_its_zone_is_refused(house: Any, error_of: Any) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    asked = [
        (LIST_ENTRIES, ListEntries(caller=house.officer, as_known_at=later)),
        (GET_TOTALS, GetTotals(caller=house.officer, teachers=("t1",), as_known_at=later)),
        (LIST_RECORDS, ListRecords(caller=house.officer, as_known_at=later)),
        (GET_RECORDS, GetRecords(caller=house.officer, ids=("x",), as_known_at=later)),
        (GET_STANDINGS, GetStandings(caller=house.officer, teachers=("t1",), kind="year", as_known_at=later)),
    ]
    for endpoint, query in asked:
        error_of(await house.call(endpoint, query), "INSTANT_IN_FUTURE")
        without = msgspec.structs.replace(query, as_known_at=datetime(2025, 1, 1))  # noqa: DTZ001 - that is the point
        error_of(await house.call(endpoint, without), "INSTANT_WITHOUT_ZONE")
