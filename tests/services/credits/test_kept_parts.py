"""Pages that are kept are those that would be read: whatever is entered in between, and for whoever asks."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import date, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from yanxiu_credits.store.kept_parts import KeptParts, _Pages
from yanxiu_credits.store.record_parts import Shape, look_for_parts
from yanxiu_durable.looking import SqliteLooks
from yanxiu_wire.books import CORRECT_TRAINING, REVERSE_RECORD, CorrectTraining, ReverseRecord
from yanxiu_wire.credits import LIST_RECORDS, ListRecords, Record
from yanxiu_wire.message import Page
from yanxiu_wire.record_parts import BYTES_OF, RecordColumns, RecordTable, columns_read, pages_of

# So many rows are asked for that they are read beside the event loop, as all that is kept.
TEACHERS = ("t1", "t2", "nobody")
PAGE = Page(first=200)
WRONG, RIGHT = {"hours": "1", "score": "10"}, {"hours": "10", "score": "85"}


class Asking:
    """A district's list of records: in columns, which may be kept, beside rows, which are read each time."""

    def __init__(self, house: Any, read: list[str]) -> None:
        self.house = house
        self.read = read

    async def check(self, caller: Any = None, **asked: Any) -> list[str]:
        """Compare both; return whose records were read for the columns."""
        whole = {"caller": caller or self.house.officer, "teachers": TEACHERS, "page": PAGE, "fields": tuple(BYTES_OF)}
        self.read.clear()
        columns = await self.house.call(LIST_RECORDS, ListRecords(**{**whole, **asked}, columns=True))
        read = list(self.read)
        rows = await self.house.call(LIST_RECORDS, ListRecords(**{**whole, **asked}))
        assert isinstance(columns, RecordColumns)
        assert isinstance(rows, RecordTable)
        assert (columns.counts, columns.has_next, columns.totals) == (rows.counts, rows.has_next, rows.totals)
        told = columns_read(columns, Record)
        items = [one for page in pages_of(rows, Record) for one in page.items]
        for name in BYTES_OF:
            assert list(told[name].all()) == [getattr(one, name) for one in items], name
        return read


@pytest.fixture
async def asking(house: Any, monkeypatch: pytest.MonkeyPatch) -> Asking:
    read: list[str] = []

    def noted(look: Any, shape: Any, given: Any) -> Any:
        read.extend(given["teachers"])
        return look_for_parts(look, shape, given)

    monkeypatch.setattr("yanxiu_credits.store.kept_parts.look_for_parts", noted)
    return Asking(house, read)


async def test_only_the_pages_of_those_about_whom_something_came_are_read_anew(asking: Asking, database: Any) -> None:
    house = asking.house
    first = (await house.register("t1", on=date(2024, 3, 1), facts=RIGHT)).record
    await house.register("t2", on=date(2024, 4, 1), facts=RIGHT)
    keeps = database.kind == "sqlite"
    assert await asking.check() == (list(TEACHERS) if keeps else [])
    assert await asking.check() == []

    await house.register("t2", on=date(2024, 5, 1), facts=RIGHT)
    assert await asking.check() == (["t2"] if keeps else [])
    corrected = await house.call(
        CORRECT_TRAINING,
        CorrectTraining(
            caller=house.officer, key=house.key(), record=first.id, facts={**RIGHT, "hours": "8"}, reason="误"
        ),
    )
    assert await asking.check() == (["t1"] if keeps else [])
    await house.call(
        REVERSE_RECORD, ReverseRecord(caller=house.officer, key=house.key(), record=corrected.record.id, reason="误登")
    )
    assert await asking.check() == (["t1"] if keeps else [])
    project = (await house.project()).id
    for facts in (WRONG, {**WRONG, "hours": "2"}, RIGHT):
        # What was worth nothing is superseded by registering again.
        await house.register("t1", project=project, facts=facts)
        await asking.check()
    assert await asking.check() == []


async def test_nothing_is_kept_for_who_sees_a_part_of_the_district(asking: Asking) -> None:
    await asking.house.register("t1", on=date(2024, 3, 1), facts=RIGHT)
    await asking.check()
    for role, scope in (("school-leader", {"school": "school-1"}), ("school-leader", {"school": "elsewhere"})):
        assert await asking.check(asking.house.caller(role, **scope)) == []
    assert await asking.check(asking.house.caller("teacher", teacher="t2"), since=date(2024, 1, 1)) == []


async def test_days_and_pages_are_questions_of_their_own(asking: Asking) -> None:
    for month in (3, 4, 5):
        await asking.house.register("t1", on=date(2024, month, 1), facts=RIGHT)
    for _ in range(2):
        await asking.check(since=date(2024, 4, 1))
        await asking.check(until=date(2024, 4, 1))
        await asking.check(fields=tuple(BYTES_OF), page=Page(first=199))


async def test_no_more_is_kept_than_there_is_room_for(
    asking: Asking, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The questions asked longest ago are forgotten, and what is asked for is told all the same."""
    service = asking.house.service
    for teacher in ("t1", "t2"):
        await asking.house.register(teacher, on=date(2024, 3, 1), facts=RIGHT)
    monkeypatch.setattr(service.kept_parts, "_most", 3 * 201)
    monkeypatch.setattr(service.kept_parts, "_kept", type(service.kept_parts._kept)())
    for first in (200, 199, 198):
        await asking.check(page=Page(first=first))
    assert len(service.kept_parts._kept) == (3 if database.kind == "sqlite" else 0)
    monkeypatch.setattr(service.kept_parts, "_most", 3)
    assert await asking.check() == []


async def test_where_a_file_is_read_as_others_read_nothing_is_kept_and_nobody_waits_for_ever(
    asking: Asking, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asking.house.register("t1", on=date(2024, 3, 1), facts=RIGHT)
    if database.kind == "sqlite":

        def busy(*_: Any) -> Any:
            raise sqlite3.OperationalError("unable to open database file")

        monkeypatch.setattr(SqliteLooks, "look", busy)
    asked = [
        ListRecords(
            caller=asking.house.officer, teachers=TEACHERS, page=Page(first=200 - n), columns=True, fields=("id",)
        )
        for n in range(3)
    ]
    async with asyncio.timeout(10):
        answers = await asyncio.gather(*(asking.house.call(LIST_RECORDS, one) for one in asked))
    assert [one.counts for one in answers] == [(1, 0, 0)] * 3
    kept = asking.house.service.kept_parts._kept
    assert asking.house.district not in {key[0] for key in kept}


async def test_questions_without_rows_are_bounded_too(asking: Asking) -> None:
    for number in range(40):
        await asking.check(since=date(2030, 1, 1) + timedelta(days=number))
    assert len(asking.house.service.kept_parts._kept) <= 16


def test_pages_and_values_take_room_as_rows_do() -> None:
    kept = KeptParts(most_rows=10)
    for number in range(5):
        pages = kept._kept[(number,)] = _Pages(("id",))
        pages.add([f"t{number}-{one}" for one in range(15)], {}, 3)
        kept._make_room(pages, frozenset(pages.pages))
    assert sum(map(_Pages.size, kept._kept.values())) == 30, "two questions of 15 pages without a row"


def test_values_that_nobody_has_any_more_are_given_back_with_the_question() -> None:
    kept = KeptParts(most_rows=10)
    pages = kept._kept[("a question",)] = _Pages(("on",))
    for number in range(41):
        # One teacher, one row, and each time another day.
        pages.forget("t1")
        pages.add(["t1"], {"t1": [(date(2024, 1, 1) + timedelta(days=number),)]}, 3)
    kept._make_room(pages, frozenset({"t1"}))
    assert pages.size() == 0


GIVEN = {"of": "made-up", "teachers": ["t1"], "since": None, "until": None, "most": 201}
OF_IDS = Shape(("id",), "district", since=False, until=False, after=False)


async def test_an_event_loop_reads_past_what_a_thread_is_reading() -> None:
    kept, look = KeptParts(), Mock()
    # Not a real lock: who waited for one here would not fail but stand still.
    taken = kept._asked(("made-up", OF_IDS, None, None, 201), OF_IDS).lock = Mock(
        spec=["acquire", "release"], **{"acquire.return_value": False}
    )
    assert kept.told(look, OF_IDS, GIVEN, ("t1",)) is None
    taken.acquire.assert_called_once_with(blocking=False)
    taken.release.assert_not_called()
    assert not look.mock_calls


def test_who_reads_one_question_holds_up_none_of_another() -> None:
    kept = KeptParts()
    look = Mock(**{"ends.return_value": (1, 0), "each.return_value": {}})
    held = kept._asked(("elsewhere", OF_IDS, None, None, 201), OF_IDS)
    with held.lock:
        # In this thread: it would wait for itself.
        told = kept.told(look, OF_IDS, GIVEN, ("t1",))
    assert told is not None
    assert told.counts == (0,)


def test_a_question_that_cannot_be_kept_is_read_past_from_then_on() -> None:
    kept = KeptParts()
    look = Mock(**{"ends.return_value": (1, 0), "each.return_value": {"t1": [("an id of another form",)]}})
    assert [kept.told(look, OF_IDS, GIVEN, ("t1",)) for _ in range(3)] == [None] * 3
    look.each.assert_called_once()
