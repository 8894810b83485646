"""The last step of an erasure: by the words that were shown and announced, with what was written until then."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from yanxiu_durable import once, open_databases
from yanxiu_durable.backup import Copies, copy_out
from yanxiu_registry.all_tables import METADATA
from yanxiu_registry.context import Registry
from yanxiu_registry.erasing.carry_erasures import erased_again, lacking_in
from yanxiu_registry.erasing.erase_rows import ERASED_NAME
from yanxiu_registry.erasing.erasure_store import MOST
from yanxiu_registry.erasing.tables import erasure as proposals
from yanxiu_registry.migrating import MIGRATIONS
from yanxiu_wire import erasure as wire
from yanxiu_wire import grants as wire_grants
from yanxiu_wire import roster_import as wire_roster
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.deadline import Deadline

from tests.services.registry.conftest import NOW, TODAY, Client, codes
from tests.services.registry.test_erasure_refused import WHY, left, proposed
from tests.stores import Store

CONFIRM, BEGIN = wire.CONFIRM_ERASURE, wire.BEGIN_ERASURE
RENAMED: dict[str, Any] = {"since": date(2022, 9, 1), "changes": {"name": "虚构更名"}}


async def begun(puer: Client) -> tuple[Any, Client, str]:
    """Who left, the second official, and the erasure that he has begun."""
    person = await left(puer)
    second = puer.as_("institute-officer")
    erasure = (await proposed(puer, person.id)).id
    assert (await second.ask(BEGIN, erasure=erasure, everywhere=("name", "number"))).begun_at is not None
    return person, second, erasure


async def test_what_was_written_until_the_register_is_cleared_goes_too(
    puer: Client, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Right before its transaction, after whatever was looked for outside of it: afterwards nobody knows the name."""
    _, second, erasure = await begun(puer)
    grant = {"subject": "sub-a", "role": "auditor", "since": TODAY, "decision": "教函〔2026〕1号，虚构旧名同志原任"}

    async def late(*given: Any) -> Any:
        monkeypatch.undo()
        await puer.ask(wire_grants.GRANT_ROLE, **grant)
        return await once(*given)

    cleared = await second.cleared(erasure)
    monkeypatch.setattr("yanxiu_registry.erasing.confirm_erasure.once", late)
    done = await second.ask(CONFIRM, erasure=erasure, **cleared)
    assert done.counts["role_grant"] == 1
    ((decision,),) = database.edit("registry", "puer", "SELECT decision FROM role_grant")
    assert "虚构旧名" not in decision


async def test_the_register_waits_for_services_that_cleared_by_the_words_that_stand_announced(puer: Client) -> None:
    _, second, erasure = await begun(puer)
    given = await second.cleared(erasure)
    cleared, by = given["cleared"], given["by"]
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"cleared": {"credits": {}}, "by": by}, "SERVICES_NOT_CLEARED", "visits"),
        ({"cleared": cleared}, "SERVICE_OUTDATED", "gateway"),
        ({"cleared": cleared, "by": {**by, "visits": ""}}, "SERVICE_OUTDATED", "visits"),
        ({"cleared": cleared, "by": {**by, "credits": "0" * 64}}, "SERVICES_NOT_CLEARED", "credits"),
    ]
    for said, code, value in wrong:
        (told,) = (await second.ask(CONFIRM, erasure=erasure, **said)).errors
        assert (told.code, told.value) == (code, value)
    school = await puer.school("66")
    await puer.teacher(school.id, "GH-9001", name="虚构新名")
    told = await second.ask(CONFIRM, erasure=erasure, **given)
    assert codes(told) == ["SERVICES_NOT_CLEARED"], "they took the name for his alone, which is another's too by now"
    assert codes(await second.erase(erasure)) == ["WORDS_CHANGED"]
    shown = (await second.ask(wire.GET_ERASURE_WORDS, erasure=erasure)).shown
    assert (await second.ask(BEGIN, erasure=erasure, shown=shown)).everywhere == ("name", "number"), "it stands"
    assert (await second.erase(erasure)).confirmed_at is not None


async def test_nobody_decides_on_other_words_than_he_was_shown(puer: Client) -> None:
    person = await left(puer)
    second = puer.as_("institute-officer")
    erasure = (await proposed(puer, person.id)).id
    asked = {"erasure": erasure, "everywhere": ("name",)}
    before = (await second.ask(wire.GET_ERASURE_WORDS, erasure=erasure)).shown
    await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=person.id, **RENAMED)
    assert codes(await second.ask(BEGIN, **asked, shown=before)) == ["WORDS_CHANGED"]
    found = (await puer.ask(wire.LIST_ERASURES, erasure=erasure)).items
    assert found[0].begun_at is None, "nothing is begun by it"
    words = await second.ask(wire.GET_ERASURE_WORDS, erasure=erasure)
    plain = msgspec.structs.replace(words, shown="", salt="")
    assert wire.words_digest(erasure, person.id, plain)[:16] != words.shown, "who guesses the name does not see it"
    assert (await second.ask(BEGIN, **asked, shown=words.shown)).everywhere == ("name",)
    later = (await second.ask(wire.GET_ERASURE_WORDS, erasure=erasure)).shown
    assert later == words.shown, "what broke off is confirmed once more by the same code"
    assert (await second.ask(BEGIN, **asked, shown=later)).begun_at is not None


def told_of(rows: list[Any]) -> list[wire.ErasureBegun]:
    return [msgspec.json.decode(bytes(body), type=wire.ErasureBegun) for subject, body in rows if "erasure" in subject]


TOLD = "SELECT subject, body FROM outbox ORDER BY seq"


async def test_what_is_done_is_announced_as_over(puer: Client, database: Any) -> None:
    person, second, erasure = await begun(puer)
    done = await second.erase(erasure)
    *before, last = told_of(database.edit("registry", "puer", TOLD))
    assert [one.until for one in before] == [None] * len(before)
    assert (last.teacher, last.digest, last.version) == (person.id, before[-1].digest, before[-1].version + 1)
    assert last.until == NOW + timedelta(minutes=3)
    assert done.confirmed_at == NOW
    again = await second.ask(wire.GET_ERASURE_WORDS, erasure=erasure)
    assert (again.names, again.numbers, again.salt) == ((), (), ""), f"nobody but {ERASED_NAME} is left to ask for"


async def test_what_had_begun_in_a_backup_is_taken_back_where_it_is_done_in_it(
    puer: Client, database: Store, tmp_path: Path
) -> None:
    _, second, erasure = await begun(puer)
    copies = Copies("registry", METADATA, MIGRATIONS)
    opened = open_databases("registry", database.settings, METADATA, MIGRATIONS)
    try:
        await opened.open_all()
        await copy_out(opened, "puer", tmp_path / "puer.db", lambda _done, _all: None)
    finally:
        await opened.close()
    done = await second.erase(erasure)
    made = await erased_again(copies, tmp_path / "puer.db", "puer", [done], tmp_path)
    with contextlib.closing(sqlite3.connect(made)) as db:
        first, last = told_of(db.execute(TOLD).fetchall())
    assert (first.until, last.version, last.until) == (None, first.version + 1, NOW + timedelta(minutes=3))


async def test_who_is_being_erased_is_not_changed_employed_or_granted_anything(puer: Client) -> None:
    """He could be neither finished nor withdrawn, and other words would go than were shown."""
    person, second, erasure = await begun(puer)
    school = await puer.school("77")
    refused = [
        await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=person.id, **RENAMED),
        await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=person.id, since=TODAY, changes={"status": "active"}),
        await puer.ask(wire_teacher.EMPLOY_TEACHER, teacher=person.id, school=school.id, since=TODAY),
        await puer.ask(
            wire_teacher.CORRECT_EMPLOYMENT,
            teacher=person.id,
            begun_on=date(2020, 9, 1),
            changes={"post": "虚构岗"},
        ),
        await puer.ask(
            wire_grants.GRANT_ROLE,
            subject="s",
            role="teacher",
            teacher=person.id,
            since=TODAY,
            decision="教函〔2026〕1号",
        ),
    ]
    assert [codes(one) for one in refused] == [["ERASURE_BEGUN"]] * 5
    cells = {"staff_number": "GH-7001", "name": "虚构更名", "school_code": "77"}
    await puer.ask(wire_roster.STAGE_ROSTER, roster="r", rows=(wire_roster.RosterRow(number=2, cells=cells),))
    assert "ERASURE_BEGUN" in codes(await puer.ask(wire_roster.APPLY_ROSTER, roster="r", as_of=TODAY))[1]
    assert (await second.ask(CONFIRM, erasure=erasure, **await second.cleared(erasure))).confirmed_at is not None


async def test_rows_that_lie_ready_for_a_roster_go_with_an_erasure(puer: Client, database: Store) -> None:
    await puer.school("88")
    cells = {"staff_number": "GH-7001", "name": "虚构新名", "school_code": "88", "employed_since": "2020-09-01"}
    _, second, erasure = await begun(puer)
    await puer.ask(wire_roster.STAGE_ROSTER, roster="kept", rows=(wire_roster.RosterRow(number=2, cells=cells),))
    done = await second.ask(CONFIRM, erasure=erasure, **await second.cleared(erasure))
    assert done.counts["roster_row"] == 1
    assert database.edit("registry", "puer", "SELECT number FROM roster_row") == []
    assert codes(await puer.ask(wire_roster.APPLY_ROSTER, roster="kept", as_of=TODAY)) == ["ROSTER_UNKNOWN"]


async def test_in_an_older_copy_namesakes_are_erased_in_turn_with_the_words_that_went(
    puer: Client, database: Store, tmp_path: Path
) -> None:
    """When the second was erased the first was somebody no more: his name was nobody else's."""
    people = [await left(puer, number) for number in ("GH-7001", "GH-7002")]
    copies = Copies("registry", METADATA, MIGRATIONS)
    opened = open_databases("registry", database.settings, METADATA, MIGRATIONS)
    await opened.open_all()
    await copy_out(opened, "puer", tmp_path / "puer.db", lambda _done, _all: None)
    await opened.close()
    second, done, words = puer.as_("institute-officer"), list[Any](), list[Any]()
    for person in people:
        erasure = (await proposed(puer, person.id)).id
        await second.ask(BEGIN, erasure=erasure, everywhere=("name", "number"))
        words.append(await second.ask(wire.GET_ERASURE_WORDS, erasure=erasure))
        done.append(await second.ask(CONFIRM, erasure=erasure, **await second.cleared(erasure)))
    again = await lacking_in(copies, tmp_path / "puer.db", "puer", done[::-1], tmp_path)
    assert [one.id for one, _ in again] == [one.id for one in done]
    assert [(one.names, one.shared) for _, one in again] == [(one.names, one.shared) for one in words]
    assert words[0].names != words[1].names


async def test_a_name_that_becomes_his_alone_after_it_was_decided_is_shown_before_it_goes(puer: Client) -> None:
    """While another has it, it stays in rows that are not about him."""
    people = [await left(puer, number) for number in ("GH-7001", "GH-7002")]
    second = puer.as_("institute-officer")
    first, other = [(await proposed(puer, person.id)).id for person in people]
    asked = {"erasure": first, "everywhere": ("name", "number")}
    for _ in range(2):
        assert (await second.ask(BEGIN, **asked)).begun_at is not None, "of the same words, as often as it takes"
    spared = await second.ask(wire.GET_ERASURE_WORDS, erasure=first)
    await second.erase(other)
    for shown in (None, spared.shown):
        assert codes(await second.ask(BEGIN, **asked, shown=shown)) == ["WORDS_CHANGED"]
    now = await second.ask(wire.GET_ERASURE_WORDS, erasure=first)
    assert set(now.names) > set(spared.names)
    assert (await second.ask(BEGIN, **asked, shown=now.shown)).begun_at is not None
    assert (await second.ask(BEGIN, **asked)).begun_at is not None
    assert (await second.ask(CONFIRM, erasure=first, **await second.cleared(first))).confirmed_at is not None


async def test_where_an_older_version_began_and_kept_no_check_code_the_words_are_shown_first(
    puer: Client, database: Store
) -> None:
    _, second, erasure = await begun(puer)
    await asyncio.to_thread(database.edit, "registry", "puer", "UPDATE erasure_salt SET shown = NULL")
    assert codes(await second.ask(BEGIN, erasure=erasure)) == ["WORDS_CHANGED"]
    shown = (await second.ask(wire.GET_ERASURE_WORDS, erasure=erasure)).shown
    assert (await second.ask(BEGIN, erasure=erasure, shown=shown)).begun_at is not None
    assert (await second.erase(erasure)).confirmed_at is not None


async def test_a_roster_is_not_taken_back_from_who_is_being_erased(puer: Client) -> None:
    """It would give him the words of before, and make him employed, though his erasure can neither end nor stop."""
    person = await left(puer)
    cells = {"staff_number": "GH-7001", "name": "虚构新名", "title": "高级教师"}
    await puer.ask(wire_roster.STAGE_ROSTER, roster="r", rows=(wire_roster.RosterRow(number=2, cells=cells),))
    report = await puer.ask(wire_roster.APPLY_ROSTER, roster="r", as_of=TODAY)
    assert (report.corrected, report.errors) == (1, ()), report
    erasure = (await proposed(puer, person.id)).id
    begun = await puer.as_("institute-officer").ask(BEGIN, erasure=erasure, everywhere=("name", "number"))
    assert begun.begun_at is not None
    refused = await puer.ask(wire_roster.UNDO_ROSTER, roster="r")
    assert [(one.code, one.field) for one in refused.errors] == [("ERASURE_BEGUN", "rows[2]")]
    assert "更正其他教师" in refused.errors[0].remedy_zh


async def test_a_roster_that_an_erasure_has_cut_in_two_is_not_entered_in_part(puer: Client) -> None:
    await puer.school("88")

    async def stage(*numbers: int) -> None:
        cells = {"school_code": "88", "employed_since": "2020-09-01"}
        rows = [{**cells, "staff_number": f"GH-800{number}", "name": "虚构新人"} for number in numbers]
        told = [wire_roster.RosterRow(number=number, cells=row) for number, row in zip(numbers, rows, strict=True)]
        await puer.ask(wire_roster.STAGE_ROSTER, roster="r", rows=tuple(told))

    async def apply(**more: Any) -> Any:
        return await puer.ask(wire_roster.APPLY_ROSTER, roster="r", as_of=TODAY, **more)

    _, second, erasure = await begun(puer)
    await stage(2)
    assert (await apply(rows=1)).created == 1
    await stage(2, 3)
    await second.ask(CONFIRM, erasure=erasure, **await second.cleared(erasure))
    # Nothing lies ready any more; what came of it before is not what would come of it now.
    assert codes(await apply()) == ["ROSTER_UNKNOWN"]
    await stage(4)
    for told in (await apply(rows=3), await puer.ask(wire_roster.CHECK_ROSTER, roster="r", as_of=TODAY, rows=3)):
        assert [(one.code, one.field, one.value) for one in told.errors] == [("ROSTER_INCOMPLETE", "rows", 3)]
    await stage(2, 3)
    report = await apply(rows=3)
    assert (report.rows, report.created, report.unchanged) == (3, 2, 1)
    # Asked once more it is what came of it, of a roster of so many rows.
    assert await apply(rows=3) == report
    for ready in (0, 3):
        if ready:
            await stage(2, 3, 4)
        (told,) = (await apply(rows=2)).errors
        assert (told.code, "before with 3" in told.message_en) == ("ROSTER_INCOMPLETE", not ready)
        # Rows of an earlier file stay under an id: the way out is another one.
        assert "new roster id" in told.remedy_en


async def test_the_newest_of_many_proposals_is_the_one_that_stands(puer: Client, registry: Registry) -> None:
    """Lists end after five hundred; which one stands does not hang on them."""
    person = await left(puer)
    old = {"district": "puer", "teacher": person.id, "proposed_by": "x", **WHY}
    async with registry.dbs.write("puer", Deadline.after(30)) as conn:
        rows = [{**old, "id": f"0-{n:04}", "proposed_at": NOW - timedelta(days=30)} for n in range(MOST)]
        await conn.execute(sa.insert(proposals), rows)
    erasure = (await proposed(puer, person.id)).id
    begun = await puer.as_("institute-officer").ask(BEGIN, erasure=erasure, everywhere=("name", "number"))
    assert begun.begun_at is not None
    assert codes(await puer.ask(wire.PROPOSE_ERASURE, teacher=person.id, **WHY)) == ["ERASURE_BEGUN"]
