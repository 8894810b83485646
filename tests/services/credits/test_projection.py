"""The copy of the registry's facts: newer replaces older, once, and a rebuild gives the same again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from structlog.testing import capture_logs
from yanxiu_credits.__main__ import MIGRATIONS, running
from yanxiu_credits.all_tables import metadata
from yanxiu_credits.settings import Settings
from yanxiu_credits.store.facts import COPY
from yanxiu_durable.migrate import differences
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import term as wire_term
from yanxiu_wire.credits import REBUILD_PROJECTION, ProjectionRebuilt, RebuildProjection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.events import MESSAGE_ID, ensure_stream, stream_of
from yanxiu_wire.faults import MessageMalformed, ServiceUnavailable

from tests.stores import Store


def test_the_migrations_make_the_tables() -> None:
    assert differences(metadata, MIGRATIONS) == []


async def copy(house: Any) -> dict[str, list[Any]]:
    """Everything the copy holds, in a comparable order."""
    return {table.name: sorted(map(str, await house.rows(table.name))) for table in COPY.tables}


async def filled(house: Any) -> None:
    await house.employ(
        "mover",
        wire_teacher.Employment(school="school-1", since=date(2021, 9, 1), until=date(2024, 8, 31)),
        wire_teacher.Employment(school="school-2", since=date(2024, 9, 1)),
        version=3,
    )
    term = wire_term.Term(
        id="2024-2025-1", school_year="2024-2025", number=1, starts_on=date(2024, 9, 1), ends_on=date(2025, 1, 20)
    )
    school = registry.School(
        id="school-1", code="1", name="第一小学", stage="primary", location="town", opened_on=date(1990, 9, 1)
    )
    await house.tell(wire_term.TERM_CHANGED, wire_term.TermChanged(term=term))
    history = ((date(1990, 9, 1), school),)
    await house.tell(registry.SCHOOL_CHANGED, registry.SchoolChanged(school=school.id, version=1, history=history))
    await house.until(bool, "school_fact")


async def test_an_older_announcement_changes_nothing(house: Any) -> None:
    await filled(house)
    before = await copy(house)
    await house.employ(
        "mover", wire_teacher.Employment(school="school-9", since=date(2021, 9, 1)), version=2, wait=False
    )
    await house.employ("t1", version=1, wait=False)
    await house.employ("last")
    after = await copy(house)
    assert [row for row in after["teacher_fact"] if "last" not in row] == before["teacher_fact"]
    assert [row for row in after["teacher_place"] if "last" not in row] == before["teacher_place"]


async def test_a_newer_announcement_replaces_the_whole_history(house: Any) -> None:
    await filled(house)
    await house.employ("mover", wire_teacher.Employment(school="school-7", since=date(2022, 9, 1)), version=4)
    places = [row for row in await house.rows("teacher_place") if row["teacher"] == "mover"]
    assert [(row["school"], row["since"], row["until"]) for row in places] == [("school-7", date(2022, 9, 1), None)]


async def test_versions_in_any_order_end_with_the_newest(house: Any) -> None:
    for version in (5, 2, 7, 1, 6):
        work = wire_teacher.Employment(school=f"school-{version}", since=date(2021, 9, 1))
        await house.employ("shuffled", work, version=version, wait=False)
    await house.employ("last")
    (row,) = [row for row in await house.rows("teacher_fact") if row["teacher"] == "shuffled"]
    assert (row["version"], json.loads(row["body"])["history"][0][1]["school"]) == (7, "school-7")


async def test_a_rebuild_gives_the_same_copy_and_mends_a_damaged_one(house: Any) -> None:
    await filled(house)
    whole = await copy(house)
    async with house.service.databases.write(house.district, Deadline.after(5)) as conn:
        await conn.execute(sa.text("DELETE FROM teacher_fact WHERE teacher = 't1'"))
        await conn.execute(sa.text("UPDATE teacher_fact SET version = 99, body = '{}' WHERE teacher = 't2'"))
        await conn.execute(sa.text("DELETE FROM term_fact"))
    command = RebuildProjection(caller=house.caller("platform-operator"), key=house.key())
    answer = await house.call(REBUILD_PROJECTION, command)
    assert answer == ProjectionRebuilt(schools=1, teachers=3, terms=1, before=answer.before, after=answer.after)
    assert await copy(house) == whole
    assert answer.before != answer.after, "what was damaged shows in the digest"
    assert await house.call(REBUILD_PROJECTION, command) == answer
    again = RebuildProjection(caller=house.caller("platform-operator"), key=house.key())
    same = await house.call(REBUILD_PROJECTION, again)
    assert same.before == same.after == answer.after, "row for row as it was"
    assert (await house.register()).record.school == "school-1"


async def test_a_rebuild_while_a_lost_stream_is_filled_again_loses_nothing(
    own_nats: Any, own_bus: Any, own_database: Store, clock: Any, house_of: type
) -> None:
    """The registry sends the same messages again: they count, though they had been applied before the rebuild."""
    async with running(
        Settings(nats_url=own_nats.url, keys=own_database.settings.data / "keys", **own_database.fields),
        load_packs(),
        clock=clock,
    ) as service:
        house = house_of(service, own_bus, "again")
        await house.bind()
        await house.employ("t1", wait=False)
        await house.employ("t2")
        kept = await own_bus.jetstream.pull_subscribe("yanxiu.v1.events.registry.>", durable="kept")
        messages = await kept.fetch(3)
        await own_bus.jetstream.delete_stream(stream_of("registry"))
        await ensure_stream(own_bus, "registry")
        with capture_logs():
            for message in messages:
                await own_bus.jetstream.publish(message.subject, message.data, headers=message.headers)
                if message is messages[0]:
                    command = RebuildProjection(caller=house.caller("platform-operator"), key=house.key())
                    refused = await house.call(REBUILD_PROJECTION, command)
                    assert [(one.code, one.value) for one in refused.errors] == [("STREAM_BEHIND", "2")]
                    assert len(await house.rows("teacher_fact")) == 2
                    answer = await house.call(REBUILD_PROJECTION, msgspec.structs.replace(command, accept_loss=True))
                    assert answer.teachers < 2
            await house.until(lambda rows: {row["teacher"] for row in rows} == {"t1", "t2"})


async def test_what_can_never_be_read_is_put_aside_and_said_and_the_rest_arrives(house: Any) -> None:
    odd = f"odd-{house.district}"
    with capture_logs() as told:
        await house.bus.jetstream.publish(
            wire_teacher.TEACHER_CHANGED.subject(house.district), b'{"teacher":1}', headers={MESSAGE_ID: odd}
        )
        await house.until(bool, "dead_letter")
        await house.employ("t3")
    (letter,) = await house.rows("dead_letter")
    assert (letter["message_id"], letter["event"], letter["body"]) == (odd, "teacher-changed", b'{"teacher":1}')
    assert [(x["message_id"], x["log_level"]) for x in told if x["event"] == "event-given-up"] == [(odd, "error")]
    whole = await copy(house)
    command = RebuildProjection(caller=house.caller("platform-operator"), key=house.key())
    with capture_logs(), pytest.raises(MessageMalformed):
        await house.call(REBUILD_PROJECTION, command)
    assert await copy(house) == whole


@pytest.mark.parametrize(
    ("problem", "letters"),
    [
        (OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked")), 0),
        (OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full")), 0),
        (ServiceUnavailable("credits"), 0),
        (IntegrityError("INSERT", {}, sqlite3.IntegrityError("NOT NULL constraint failed")), 1),
    ],
    ids=["locked", "disk full", "lock of another process", "never fits"],
)
async def test_only_what_fails_for_good_is_put_aside(
    house: Any, monkeypatch: pytest.MonkeyPatch, problem: Exception, letters: int
) -> None:
    failed = list[int]()
    apply = COPY.apply

    async def failing(conn: Any, district: str, bodies: Any) -> int:
        if district == house.district and not failed:
            failed.append(1)
            raise problem
        return await apply(conn, district, bodies)

    monkeypatch.setattr(COPY, "apply", failing)
    with capture_logs():
        await house.employ("t3", wait=False)
        await house.until(bool, "dead_letter") if letters else await house.until(
            lambda rows: "t3" in {row["teacher"] for row in rows}
        )
    assert failed == [1]
    assert len(await house.rows("dead_letter")) == letters


async def test_a_rebuild_without_a_stream_leaves_the_copy_as_it_is(
    house: Any, error_of: Callable[[Any, str], Any]
) -> None:
    """A district that the stream knows nothing of, as after the stream was lost."""
    databases = house.service.databases
    lost = type(house)(house.service, house.bus, f"{house.district}-lost")
    await databases.ensure(lost.district)
    async with databases.read(house.district) as old, databases.write(lost.district, Deadline.after(5)) as new:
        for table in COPY.tables:
            rows = [dict(row) | {"district": lost.district} for row in (await old.execute(sa.select(table))).mappings()]
            if rows:
                await new.execute(sa.insert(table), rows)
    before = await copy(lost)
    command = RebuildProjection(caller=lost.caller("district-officer"), key="k")
    error_of(await lost.call(REBUILD_PROJECTION, command), "STREAM_EMPTY")
    assert await copy(lost) == before
