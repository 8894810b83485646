"""Texts that name an erased person go, and the books hold: what hashes rested on answers by signed redactions alone."""

# ruff: noqa: S608 - the statements are made of names and digests that this test knows

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from yanxiu_credits.books.redacted import read_redactions
from yanxiu_footing.persons.assess_blank import BLANK
from yanxiu_wire import erasure as wire
from yanxiu_wire.refusal import Refused

from tests.services.credits.books.conftest import Books

Tamper = Callable[[str], Awaitable[None]]
NAME, NUMBER = "虚构被删者", "GH-8812"
WORDS = wire.ErasureWords(names=(NAME,), numbers=(NUMBER,))


async def clear(house: Books, erasure: str, words: wire.ErasureWords = WORDS, **more: Any) -> Any:
    asked = wire.ClearPerson(
        caller=more.pop("caller", house.officer), key=house.key(), erasure=erasure, teacher="t1", words=words
    )
    return await house.call(wire.CLEAR_PERSON_OF_CREDITS, asked)


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


async def _refused(database: Any, district: str, statement: str) -> bool:
    try:
        database.edit("credits", district, statement)
    except Exception as error:  # noqa: BLE001 - of whichever driver
        return "append-only" in str(error)
    return False


async def test_officials_alone_have_a_person_cleared(house: Books) -> None:
    for role in ("teacher", "school-leader", "auditor"):
        asked = await clear(house, "erasure-1", caller=house.caller(role, school="school-1", teacher="t1"))
        assert [one.code for one in asked.errors] == ["FORBIDDEN"]
