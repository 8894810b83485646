"""Who signed, what was locked and what was made public is under the signed head: none of it is changed unnoticed."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from yanxiu_credits.workflow.signing import Signed, seal
from yanxiu_wire import books
from yanxiu_wire import credits as wire_credits
from yanxiu_wire import workflow as wire
from yanxiu_wire.process import Process

from tests.services.credits.workflow.conftest import Town


async def problem(town: Town) -> str | None:
    found = await town.call(wire_credits.VERIFY_LEDGER, wire_credits.VerifyLedger(caller=town.department))
    return found.problem


async def signed(town: Town) -> Process:
    done = await town.take(town.institute, await town.submitted(), "recognise")
    head = await town.call(books.SIGN_HEAD, books.SignHead(caller=town.department, key=town.key()))
    assert isinstance(head, books.SignedHead)
    assert await problem(town) is None
    return done


async def forge(town: Town, database: Any, process: str) -> None:
    """Put somebody else's name under a step, and seal the whole chain again."""
    rows = sorted(
        (row for row in await town.rows("signature") if row["process"] == process), key=lambda row: row["seq"]
    )
    previous, edits = rows[0]["previous"], []
    for row in rows:
        known = {name: row[name] for name in Signed.__struct_fields__}
        who = "somebody-else" if row["step"] == "recognise" else row["subject"]
        one = msgspec.structs.replace(Signed(**known), subject=who, previous=previous)
        previous = seal(one)
        edits.append(
            f"UPDATE signature SET subject = '{who}', previous = '{one.previous}', hash = '{previous}' "  # noqa: S608
            f"WHERE process = '{process}' AND seq = {one.seq}"
        )
    await asyncio.to_thread(database.edit, "credits", town.district, "; ".join(edits), force=True)


async def test_a_chain_of_signatures_that_was_sealed_anew_is_not_the_one_under_the_head(
    town: Town, database: Any
) -> None:
    done = await signed(town)
    await forge(town, database, done.id)
    checked = await town.call(wire.VERIFY_SIGNATURES, wire.VerifySignatures(caller=town.department))
    assert checked.first_bad is None, "the chain alone would show it"
    found = await problem(town)
    assert found is not None
    assert "签名" in found
    assert "altered: signature" in found


async def test_a_lock_that_is_taken_away_by_hand_is_missed(town: Town, database: Any) -> None:
    await signed(town)
    await asyncio.to_thread(database.edit, "credits", town.district, "DELETE FROM lock_event", force=True)
    assert "missing: lock or opening" in (await problem(town) or "")


async def test_what_a_head_answers_for_cannot_be_left_out_of_the_list(town: Town, database: Any) -> None:
    await signed(town)
    await asyncio.to_thread(
        database.edit, "credits", town.district, "DELETE FROM anchor WHERE what = 'lock'", force=True
    )
    assert "altered: the list of what the head" in (await problem(town) or "")


async def test_a_public_list_whose_lines_were_altered_no_longer_gives_its_digest(town: Town, database: Any) -> None:
    await town.submitted()
    assert await problem(town) is None
    await asyncio.to_thread(
        database.edit, "credits", town.district, "UPDATE public_line SET micro_credits = 1", force=True
    )
    assert "altered: public list 1 of process" in (await problem(town) or "")


async def test_what_comes_after_a_head_is_under_the_next(town: Town) -> None:
    done = await signed(town)
    before = {(row["what"], row["key"]) for row in await town.rows("anchor")}
    town.clock.day = town.clock.day.replace(day=town.clock.day.day + 1)
    command = wire.TakeBackRecognition(
        caller=town.department, key=town.key(), process=done.id, version=done.version, reason="系数用错"
    )
    await town.call(wire.TAKE_BACK_RECOGNITION, command)
    assert await problem(town) is None, "what is newer than the head is not yet under one"
    await town.call(books.SIGN_HEAD, books.SignHead(caller=town.department, key=town.key()))
    rows = await town.rows("anchor")
    new = {row["what"] for row in rows if (row["what"], row["key"]) not in before}
    assert (len({row["size"] for row in rows}), new) == (2, {"signature", "lock"})
    assert await problem(town) is None
