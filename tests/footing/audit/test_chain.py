"""The trail is whole or the check says where not; what is young cannot go, what had its time leaves its digest."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from sqlite3 import DatabaseError

import psycopg
import pytest
from yanxiu_footing.audit.retention import FLOOR_DAYS, expire
from yanxiu_wire import audit as wire
from yanxiu_wire.message import Page

from tests.footing.audit.conftest import DO, LOOK, NOW, House, person
from tests.stores import Store

ALL = wire.LIST_CREDITS_AUDIT


async def filled(house: House) -> None:
    """Three commands with two looks between each."""
    for one in range(3):
        await house.ask(DO, teacher=person(one))
        for other in (1, 2):
            await house.ask(LOOK, teachers=(person(10 * one + other),))
        await house.lines()


async def test_a_whole_trail_is_verified_and_its_head_moves_with_each_look_at_it(house: House) -> None:
    await filled(house)
    first = await house.verified()
    assert (first.records, first.first_bad, first.head.seq) == (9, None, 9)
    again = await house.verified(first.head)
    assert (again.records, again.first_bad) == (10, None), "the first check has left its own line"


@pytest.mark.every_case_on_both
@pytest.mark.parametrize(
    ("sql", "bad", "says"),
    [
        ("UPDATE audit_record SET subject = 'somebody else' WHERE seq = 4", 4, "changed"),
        ("UPDATE audit_record SET hash = 'f' || substr(hash, 2) WHERE seq = 9", 9, "changed"),
        ("DELETE FROM audit_record WHERE seq = 5", 5, "missing"),
        ("DELETE FROM audit_object WHERE seq = 2", 2, "index"),
    ],
)
async def test_what_was_changed_or_taken_away_is_named(
    house: House, database: Store, sql: str, bad: int, says: str
) -> None:
    await filled(house)
    await asyncio.to_thread(database.edit, "credits", "puer", sql, force=True)
    found = await house.verified()
    assert found.first_bad == bad
    assert says in (found.problem or "")


async def test_a_trail_cut_off_at_its_end_is_told_by_a_head_that_was_kept_elsewhere(
    house: House, database: Store
) -> None:
    await filled(house)
    kept = (await house.verified()).head
    await asyncio.to_thread(database.edit, "credits", "puer", "DELETE FROM audit_record WHERE seq >= 9", force=True)
    assert (await house.verified()).first_bad is None, "a chain alone does not know how long it was"
    found = await house.verified(wire.AuditHead(seq=kept.seq + 1, hash=kept.hash), kept)
    assert found.first_bad is not None


async def test_no_line_is_ever_changed_and_none_goes_before_its_time(house: House, database: Store) -> None:
    await filled(house)
    # The database goes by its own clock.
    house.now = datetime.now(UTC) - timedelta(days=FLOOR_DAYS - 1)
    await house.ask(LOOK, teachers=(person(5),))
    assert len(await house.lines()) == 10
    for change in ("UPDATE audit_record SET subject = 'x' WHERE seq = 2", "DELETE FROM audit_record WHERE seq = 10",
                   "DELETE FROM audit_record WHERE seq = 1", "UPDATE audit_object SET object = 'x'"):  # fmt: skip
        with pytest.raises((DatabaseError, psycopg.Error), match=r"append-only|never changed|permission denied"):
            await asyncio.to_thread(database.edit, "credits", "puer", change)
    await asyncio.to_thread(database.edit, "credits", "puer", "DELETE FROM audit_record WHERE seq = 2")
    assert (await house.verified()).first_bad == 2, "an old read may go; without its gap it is missed"


async def test_expired_reads_leave_a_gap_that_the_check_goes_over_and_a_line_that_says_so(house: House) -> None:
    await filled(house)
    assert await expire(house, "puer", 1) == 0, "no setting makes it shorter than the law"
    house.now = NOW + timedelta(days=FLOOR_DAYS + 1)
    await house.ask(LOOK, teachers=(person(5),))
    await house.lines()
    assert await expire(house, "puer", 1) == 6
    assert await expire(house, "puer", 1) == 0
    left = [line.action for line in await house.lines()]
    assert left == ["do", "do", "do", "look", "expire-audit"], "commands stay for good"
    found = await house.verified()
    assert (found.first_bad, found.records, found.expired) == (None, 5, 6)


async def test_a_gap_over_what_had_not_had_its_time_is_no_gap(house: House, database: Store) -> None:
    await filled(house)
    (line,) = database.edit("credits", "puer", "SELECT hash, at_us FROM audit_record WHERE seq = 6")
    hashed, at_us = line
    columns, values = "district, first_seq, last_seq, at_us, hash, expired_us", f"{at_us}, '{hashed}', {at_us + 5}"
    forged = f"INSERT INTO audit_gap ({columns}) VALUES ('puer', 6, 6, {values})"  # noqa: S608 - of what was read
    database.edit("credits", "puer", forged)
    await asyncio.to_thread(database.edit, "credits", "puer", "DELETE FROM audit_record WHERE seq = 6", force=True)
    found = await house.verified()
    assert (found.first_bad, "before its time" in (found.problem or "")) == (6, True)


async def test_pages_stay_as_they_are_while_lines_come_and_the_filters_find_what_they_say(house: House) -> None:
    await filled(house)
    auditor = house.caller("auditor")

    async def page(after: str | None = None, **fields: object) -> wire.AuditPage:
        asked = Page(first=4, after=after)
        return await house.ask(ALL, auditor, page=asked, **fields)

    walked: list[int] = []
    found = await page()
    while True:
        walked += [one.seq for one in found.items]
        await house.ask(DO, teacher=person(77))
        if not found.has_next:
            break
        found = await page(found.cursors[-1])
    assert walked == list(range(9, 0, -1)), "every line that was there, once, newest first"
    assert {one.action for one in (await page(about=(person(77),))).items} == {"do"}
    assert [one.seq for one in (await page(about=(person(1),))).items] == [4, 2]
    assert (await page(subject="nobody")).total == 0
    assert (await page(as_of=NOW.date() - timedelta(days=1))).total == 0
    assert (await page(kind="read", action="look")).total == 6
    assert (await page("nonsense")).errors[0].code == "CURSOR_MALFORMED"  # type: ignore[attr-defined]
    assert (await page(outcome="refused")).items[0].code == "CURSOR_MALFORMED", "a refused look is a line too"


async def test_a_teacher_is_told_who_saw_him_and_nobody_else_with_it(house: House) -> None:
    await house.ask(LOOK, teachers=(person(1), person(2)))
    await house.ask(LOOK, teachers=(person(2),))
    await house.lines()
    await house.ask(DO, teacher=person(1), key=person(3))
    teacher = house.caller("teacher", teacher=person(1))
    page = await house.ask(wire.LIST_CREDITS_SEEN_BY, teacher)
    assert [(one.action, one.objects, one.key, one.trace) for one in page.items] == [
        ("do", (person(1),), None, None),
        ("look", (person(1),), None, None),
    ]
    assert (await house.ask(wire.LIST_CREDITS_SEEN_BY, house.caller("teacher"))).total == 0
