"""Records in part are what whole records say: the fields, pages, cursors and totals that were asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import encode
from yanxiu_wire.credits import LIST_RECORDS, ListRecords, Record, RecordPages
from yanxiu_wire.message import Page
from yanxiu_wire.record_parts import BYTES_OF, CURSORS, TOTALS, RecordTable, pages_of, rows_at_once

EVERY = (*BYTES_OF, CURSORS, TOTALS)


@pytest.fixture
async def few(house: Any) -> tuple[Any, tuple[str, ...]]:
    """Three teachers, with three records, one and none."""
    teachers = ("p1", "p2", "p3")
    for teacher in teachers:
        await house.employ(teacher, wait=False)
    await house.until(lambda rows: set(teachers) <= {row["teacher"] for row in rows})
    for month in (3, 4, 5):
        await house.register("p1", on=date(2024, month, 1), facts={"hours": f"{month}.5"})
    await house.register("p2", on=date(2024, 6, 1), facts={"hours": "8"})
    return house, teachers


async def both(house: Any, caller: Caller, fields: tuple[str, ...], **asked: Any) -> tuple[list[Any], list[Any]]:
    """The pages of a table, and of whole records."""
    table = await house.call(LIST_RECORDS, ListRecords(caller=caller, fields=fields, **asked))
    assert isinstance(table, RecordTable)
    whole = await house.call(LIST_RECORDS, ListRecords(caller=caller, **asked))
    assert isinstance(whole, RecordPages)
    return pages_of(table, Record), list(whole.pages)


@pytest.mark.parametrize("asked", [{}, {"since": date(2024, 4, 1)}, {"until": date(2024, 4, 1)}])
async def test_every_field_is_as_in_the_whole_record(few: tuple[Any, tuple[str, ...]], asked: dict[str, Any]) -> None:
    house, teachers = few
    page = Page(first=2)
    parts, pages = await both(house, house.caller("supervisor"), EVERY, teachers=teachers, page=page, **asked)
    for part, whole in zip(parts, pages, strict=True):
        assert (part.total, part.has_next, tuple(part.cursors)) == (whole.total, whole.has_next, whole.cursors)
        for one, record in zip(part.items, whole.items, strict=True):
            # Amounts and days are carried on as text: as in the message of a whole record.
            sent = msgspec.json.decode(encode(record))
            assert {name: getattr(one, name) for name in BYTES_OF} == {name: sent[name] for name in BYTES_OF}
    assert any("." in one.hours for part in parts for one in part.items)


async def test_a_page_goes_on_after_a_cursor_of_another_way_of_asking(few: tuple[Any, tuple[str, ...]]) -> None:
    house, _ = few
    caller = house.caller("supervisor")
    first, _whole = await both(house, caller, ("id", CURSORS), teachers=("p1",), page=Page(first=2))
    rest = Page(first=2, after=first[0].cursors[-1])
    parts, pages = await both(house, caller, ("id",), teachers=("p1",), page=rest)
    assert [one.id for one in parts[0].items] == [one.id for one in pages[0].items] != []
    assert not parts[0].has_next


@pytest.mark.parametrize("role", ["school-leader", "teacher"])
async def test_who_may_not_see_a_record_sees_no_part_of_it(few: tuple[Any, tuple[str, ...]], role: str) -> None:
    house, teachers = few
    for scope in ({"school": "elsewhere"}, {"teacher": "p2"}):
        caller = house.caller(role, **scope)
        parts, pages = await both(house, caller, ("id", TOTALS), teachers=teachers)
        assert [[one.id for one in part.items] for part in parts] == [[one.id for one in page.items] for page in pages]
        assert [part.total for part in parts] == [page.total for page in pages]


async def test_what_no_table_holds_is_told_in_whole_records(few: tuple[Any, tuple[str, ...]]) -> None:
    house, teachers = few
    asked = ListRecords(caller=house.caller("supervisor"), teachers=teachers, fields=("id", "facts"))
    assert isinstance(await house.call(LIST_RECORDS, asked), RecordPages)


def test_a_full_table_fits_into_a_message() -> None:
    assert rows_at_once(("id", "on", "status", "hours", "credits", "credits_unit")) > 8_000
    assert rows_at_once(EVERY) * sum(BYTES_OF.values()) < 1_000_000
