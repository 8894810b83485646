"""Texts that name an erased person go, and the books hold: what hashes rested on answers by signed redactions alone."""

# ruff: noqa: S608 - the statements are made of names and digests that this test knows

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from yanxiu_credits.books.redacted import read_redactions
from yanxiu_credits.check_ledgers import check_ledgers
from yanxiu_credits.jobs.verify import check_stretch
from yanxiu_credits.ledger import evidence_of
from yanxiu_credits.store.ledger_state import read_state
from yanxiu_footing.persons.assess_blank import BLANK
from yanxiu_footing.persons.clear_texts import open_tables
from yanxiu_footing.persons.sweep_cleared import left_open, shut_left_open
from yanxiu_wire import erasure as wire
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from tests.services.credits.books.conftest import Books
from tests.stores import Store

Tamper = Callable[[str], Awaitable[None]]
NAME, NUMBER = "虚构被删者", "GH-8812"
_versions = itertools.count(1)
WORDS = wire.ErasureWords(names=(NAME,), numbers=(NUMBER,))


async def clear(house: Books, erasure: str, words: wire.ErasureWords = WORDS, **more: Any) -> Any:
    await begun(house, erasure, words)
    asked = wire.ClearPerson(
        caller=more.pop("caller", house.officer), key=house.key(), erasure=erasure, teacher="t1", words=words
    )
    return await house.call(wire.CLEAR_PERSON_OF_CREDITS, asked)


async def begun(house: Books, erasure: str, words: wire.ErasureWords = WORDS, **more: Any) -> None:
    """Announce it as the registry does once two officials stand for it."""
    digest = wire.words_digest(erasure, "t1", words)
    version = more.pop("version", None) or next(_versions)
    body = wire.ErasureBegun(erasure=erasure, teacher="t1", version=version, digest=digest, **more)
    await house.tell(wire.ERASURE_BEGUN, body)


async def written(house: Books) -> str:
    """Name him in a correction, a fraud of another and a lock; sign the head over them. Returns the forged record."""
    first = (await house.register("t1")).record.id
    await house.correct(first, {"hours": "11", "score": "90"}, reason=f"{NAME}填错学时")
    forged = (await house.register("t2", on=date(2024, 6, 20))).record.id
    await house.void(forged, reason=f"由{NAME[:2]} {NAME[2:]}代签", proof=f"工号{NUMBER}的签到表")
    await house.lock(reason=f"应{NAME}之请")
    assert not isinstance(await house.sign(), Refused)
    assert (await house.verify()).problem is None
    return forged


async def test_the_books_hold_without_the_texts_and_say_which_rows_lost_one(house: Books) -> None:
    await written(house)
    head = (await house.verify()).head
    done = await clear(house, "erasure-1")
    assert done.rows["reversal"] == 2
    assert (done.rows["integrity_entry"], done.rows["lock_event"]) == (1, 1)
    reasons = {row["reason"] for row in await house.rows("reversal")}
    assert reasons == {f"{BLANK}填错学时", f"由{BLANK}代签"}
    (finding,) = await house.rows("integrity_entry")
    assert (finding["reason"], finding["proof"]) == (f"由{BLANK}代签", f"工号{BLANK}的签到表")
    verified = await house.verify()
    assert (verified.problem, verified.head) == (None, head)
    # The correction's reversal, that of the fraud with its finding, and the lock.
    assert verified.erased == {"erasure-1": 3}
    # What is signed later answers for the redactions too.
    assert not isinstance(await house.sign(), Refused)
    assert (await house.verify()).problem is None


async def test_whoever_is_named_beside_him_is_erased_after_him(house: Books) -> None:
    forged = await written(house)
    await clear(house, "erasure-1")
    again = await clear(house, "erasure-1")
    assert again.rows["reversal"] == 2, "nothing was left, and what was done is told once more"
    await clear(house, "erasure-2", wire.ErasureWords(names=("代签",)))
    (reversal,) = [row for row in await house.rows("reversal") if row["record"] == forged]
    assert reversal["reason"] == f"由{BLANK}{BLANK}"
    verified = await house.verify()
    assert (verified.problem, verified.erased) == (None, {"erasure-1": 3, "erasure-2": 1})


@pytest.mark.parametrize("edit", ["altered", "forged", "renamed", "taken"])
async def test_a_row_that_no_genuine_redaction_answers_for_is_found(house: Books, tamper: Tamper, edit: str) -> None:
    await written(house)
    await clear(house, "erasure-1")
    redactions = [row for row in await house.rows("redaction") if row["what"] == "reversal"]
    one, other = redactions[0], redactions[1]
    statements = {
        "altered": f"UPDATE reversal SET reason = 'x' WHERE entry_id = '{one['key']}'",
        # A token that was signed of another row, and one that says another digest than the row.
        "forged": f"UPDATE redaction SET token = '{other['token']}' WHERE id = '{one['id']}'",
        "renamed": f"UPDATE redaction SET erasure = 'erasure-9' WHERE id = '{one['id']}'",
        "taken": f"DELETE FROM redaction WHERE id = '{one['id']}'",
    }
    await tamper(statements[edit])
    problem = (await house.verify()).problem
    wanted = {"altered": "altered", "forged": "forged", "renamed": "forged", "taken": "altered"}
    assert wanted[edit] in (problem or "")


async def test_who_checks_something_alone_believes_signed_redactions_only(house: Books, tamper: Tamper) -> None:
    await written(house)
    await clear(house, "erasure-1")
    (one, _) = [row for row in await house.rows("redaction") if row["what"] == "reversal"]
    columns = "what, key, before, after, erasure, redacted_by, redacted_us"
    await tamper(
        f"INSERT INTO redaction (district, id, token, {columns}) SELECT district, 'made-up', 'x', {columns}"
        f" FROM redaction WHERE id = '{one['id']}'"
    )
    await tamper(f"DELETE FROM redaction WHERE id = '{one['id']}'")
    async with house.service.databases.read(house.district) as conn:
        believed = await read_redactions(conn, house.district)
        signed = await read_redactions(conn, house.district, house.service.signer.keys)
    assert believed.original("reversal", one["key"], one["after"]) == one["before"]
    assert signed.original("reversal", one["key"], one["after"]) == one["after"]


async def test_neither_the_start_nor_the_job_believes_a_redaction_that_nobody_signed(
    house: Books, tamper: Tamper
) -> None:
    await written(house)
    (one,) = [row for row in await house.rows("reversal") if not row["integrity"]]
    was, now = evidence_of(one, {}), evidence_of({**one, "reason": "x"}, {})
    await tamper(f"UPDATE reversal SET reason = 'x' WHERE entry_id = '{one['entry_id']}'")
    row = f"'{house.district}','f','reversal','{one['entry_id']}','{was}','{now}','e','m',1,'t'"
    await tamper(f"INSERT INTO redaction VALUES ({row})")
    entries = len(await house.rows("ledger"))
    stretch = await check_stretch(house.service, house.district, {"after": 0, "until": entries})
    assert stretch is not None
    assert "altered" in stretch.problem
    await check_ledgers(house.service)
    async with house.service.databases.read(house.district) as conn:
        state = await read_state(conn, house.district)
    assert state is not None
    assert state.closed


async def test_whoever_confirms_again_under_the_same_key_has_it_sought_again(house: Books) -> None:
    await written(house)
    key = house.key()
    asked = wire.ClearPerson(caller=house.officer, key=key, erasure="erasure-1", teacher="t1", words=WORDS)
    await begun(house, "erasure-1")
    await house.call(wire.CLEAR_PERSON_OF_CREDITS, asked)
    await house.lock(reason=f"又应{NAME}之请", on=date(2023, 6, 1))
    await house.call(wire.CLEAR_PERSON_OF_CREDITS, asked)
    assert [row["reason"] for row in await house.rows("lock_event") if NAME in row["reason"]] == []
    assert (await house.verify()).problem is None


async def test_texts_of_the_books_are_changed_by_no_other_statement(house: Books, database: Any) -> None:
    await written(house)
    opened = "INSERT INTO erasing (district, erasure) VALUES ('{0}', 'e'); "
    await clear(house, "erasure-1")
    for statement in (
        "UPDATE reversal SET reason = 'x'",
        opened + "UPDATE reversal SET reason = 'x', role = 'x'",
        opened + "DELETE FROM reversal",
        opened + "UPDATE redaction SET token = 'x'",
    ):
        assert await _refused(database, house.district, statement.format(house.district)), statement


async def test_a_service_may_change_the_texts_alone_of_tables_that_never_change(house: Books, database: Store) -> None:
    """On PostgreSQL for want of the right, whatever a guard may miss."""
    await written(house)
    for statement in ("UPDATE reversal SET role = 'x'", "UPDATE reversal SET reason = 'x'"):
        with pytest.raises(DBAPIError) as refused:
            async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
                await conn.exec_driver_sql(statement)
        wanted = "permission denied" if database.kind == "postgresql" and "reason" not in statement else "append-only"
        assert wanted in str(refused.value.orig)


async def _refused(database: Any, district: str, statement: str) -> bool:
    try:
        await asyncio.to_thread(database.edit, "credits", district, statement)
    except Exception as error:  # noqa: BLE001 - of whichever driver
        return "append-only" in str(error)
    return False


async def test_officials_alone_have_a_person_cleared(house: Books) -> None:
    for role in ("teacher", "school-leader", "auditor"):
        asked = await clear(house, "erasure-1", caller=house.caller(role, school="school-1", teacher="t1"))
        assert [one.code for one in asked.errors] == ["FORBIDDEN"]


async def test_words_that_two_officials_did_not_stand_for_are_taken_out_of_nothing(
    house: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    await written(house)
    monkeypatch.setattr("yanxiu_footing.persons.begun._MOST", 0.2)
    await clear(house, "erasure-1")
    for erasure, teacher, words in (
        ("erasure-2", "t1", WORDS),
        ("erasure-1", "t2", WORDS),
        ("erasure-1", "t1", wire.ErasureWords(names=(NAME, "代签"), numbers=(NUMBER,))),
        ("erasure-1", "t1", wire.ErasureWords(names=(NAME,), numbers=(NUMBER,), salt="another")),
    ):
        asked = wire.ClearPerson(caller=house.officer, key=house.key(), erasure=erasure, teacher=teacher, words=words)
        refused = await house.call(wire.CLEAR_PERSON_OF_CREDITS, asked)
        assert [one.code for one in refused.errors] == ["ERASURE_NOT_BEGUN"]
    assert (await house.verify()).erased == {"erasure-1": 3}


async def test_what_is_done_is_open_for_minutes_more_and_nothing_opens_it_again(
    house: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    await written(house)
    monkeypatch.setattr("yanxiu_footing.persons.begun._MOST", 0.2)
    done = await clear(house, "erasure-1")
    assert done.by == wire.words_digest("erasure-1", "t1", WORDS), "the registry is told by which words"
    now = house.service.clock.now()
    key = house.key()
    asked = wire.ClearPerson(caller=house.officer, key=key, erasure="erasure-1", teacher="t1", words=WORDS)
    await house.lock(reason=f"又应{NAME}之请", on=date(2023, 6, 1))
    await over(house, now + timedelta(minutes=3))
    again = await house.call(wire.CLEAR_PERSON_OF_CREDITS, asked)
    assert again.rows["lock_event"] == done.rows["lock_event"] + 1, "what was written while it was done"
    once_more = await house.call(wire.CLEAR_PERSON_OF_CREDITS, asked)
    assert once_more.rows == again.rows
    await over(house, now - timedelta(seconds=1))
    # The first announcement comes once more, as after a lost stream.
    await begun(house, "erasure-1", version=1)
    await house.tell_school("school-later")
    refused = await house.call(wire.CLEAR_PERSON_OF_CREDITS, asked)
    assert [one.code for one in refused.errors] == ["ERASURE_NOT_BEGUN"]


async def over(house: Books, until: datetime) -> None:
    """Announce that it is done, and wait until that is known."""
    await begun(house, "erasure-1", until=until)
    said = encode(until).decode().strip('"')
    await house.until(lambda rows: any(said in row["body"] for row in rows), "erasure_fact")


async def test_a_clearing_that_finds_nothing_more_has_no_file_written_anew(house: Books) -> None:
    await written(house)
    await clear(house, "erasure-1")
    (before,) = await house.rows("erasure_cleared")
    assert before["swept_us"] is not None
    await clear(house, "erasure-1")
    assert await house.rows("erasure_cleared") == [before]


async def test_no_transaction_leaves_the_texts_open_to_others(house: Books) -> None:
    await written(house)
    with pytest.raises(IntegrityError):
        async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
            await open_tables(conn, house.district, "e")
    for row in ("('{0}')", "(NULL)", "('')"):
        with pytest.raises(DBAPIError):
            async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
                await conn.exec_driver_sql("INSERT INTO erasing_left (district) VALUES " + row.format(house.district))
    async with house.service.databases.read(house.district) as conn:
        assert await left_open(conn, house.district) is None


async def test_a_row_that_somebody_left_in_the_window_is_told_and_taken_away(house: Books, database: Store) -> None:
    if database.kind == "postgresql":
        # As at the end of the transaction.
        statements = f"INSERT INTO erasing VALUES ('{house.district}', 'e'); SET CONSTRAINTS ALL IMMEDIATE"
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            await asyncio.to_thread(database.edit, "credits", house.district, statements)
        return
    await written(house)
    # A shell that holds no foreign keys.
    await asyncio.to_thread(
        database.edit, "credits", house.district, f"INSERT INTO erasing VALUES ('{house.district}', 'e')"
    )
    assert "erasing" in ((await house.verify()).problem or "")
    assert await shut_left_open(house.service.databases, house.district)
    assert (await house.verify()).problem is None
    assert not await shut_left_open(house.service.databases, house.district)
