"""A transcript is checked offline with the public keys alone: what was altered, left out or exchanged is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from yanxiu_credits.books.keys import Signer
from yanxiu_wire.books import GET_LEDGER_KEYS, GET_TRANSCRIPT, GetLedgerKeys, GetTranscript, Transcript
from yanxiu_wire.signed import read_keys
from yanxiu_wire.transcript import Checked, check

Check = Callable[[Any, str], Any]


async def transcript(house: Any, teacher: str = "t1", **more: Any) -> Any:
    more.setdefault("caller", house.officer)
    return await house.call(GET_TRANSCRIPT, GetTranscript(teacher=teacher, **more))


async def keys_of(house: Any) -> Any:
    return read_keys((await house.call(GET_LEDGER_KEYS, GetLedgerKeys(caller=house.officer))).jwks)


async def written(house: Any) -> str:
    """A history with everything in it: counted, corrected, recognised, beside another teacher's."""
    await house.register("t2", facts={"hours": "5"})
    made = await house.register(facts={"hours": "12"})
    await house.correct(made.record.id, {"hours": "8"})
    await house.register(on=date(2025, 1, 5), facts={"hours": "3"})
    await house.recognise("t1", 7)
    document = await transcript(house)
    assert isinstance(document, Transcript), document
    return document.document


def broken(checked: Checked) -> list[str]:
    return [one.en.partition(":")[0] for one in checked.findings if not one.holds]


async def test_a_transcript_holds_and_says_what_the_ledger_says(house: Any) -> None:
    text = await written(house)
    checked = check(text, await keys_of(house))
    assert (checked.genuine, broken(checked)) == (True, [])
    content = checked.content
    assert content is not None
    assert [line.entry.kind for line in content.entries] == [
        "registration", "registration-reversal", "registration", "registration", "recognition",
    ]  # fmt: skip
    assert content.entries[0].clauses == ("MADE-1", "MADE-2")
    sums, total = content.sums, await house.total()
    assert (sums.registered_micro_credits, sums.recognised_micro_credits, sums.records) == (11_000_000, 7_000_000, 2)
    assert sums.registered_micro_credits == total.credits * 10**6
    assert all(one.zh and one.en for one in checked.findings)


async def test_it_holds_for_who_has_the_public_key_file_alone(house: Any, tmp_path: Path) -> None:
    text = await written(house)
    (tmp_path / "jwks.json").write_text(house.service.signer.public)
    assert check(text, read_keys((tmp_path / "jwks.json").read_text())).genuine


async def test_an_altered_amount_is_named(house: Any) -> None:
    document = json.loads(await written(house))
    document["content"]["entries"][0]["entry"]["micro_credits"] = 99_000_000
    checked = check(json.dumps(document), await keys_of(house))
    assert broken(checked)[0].startswith("The signature does not hold")
    assert {"Altered entries", "The sums are not those of the entries."} <= set(broken(checked))


async def test_an_entry_left_out_is_found_although_all_that_is_left_holds(house: Any) -> None:
    document = json.loads(await written(house))
    del document["content"]["entries"][1]
    checked = check(json.dumps(document), await keys_of(house))
    assert broken(checked)[0].startswith("The signature does not hold")


async def test_an_entry_of_another_teacher_does_not_stand_in_it(house: Any) -> None:
    mine = json.loads(await written(house))
    theirs = json.loads((await transcript(house, "t2")).document)
    mine["content"]["entries"].append(theirs["content"]["entries"][0])
    checked = check(json.dumps(mine), await keys_of(house))
    assert "Entries of somebody else, of other days, or out of order" in broken(checked)


async def test_the_head_of_another_day_does_not_prove_the_entries(house: Any) -> None:
    earlier = json.loads((await written_head(house)).document)
    later = json.loads(await written(house))
    later["content"]["head"] = earlier["content"]["head"]
    checked = check(json.dumps(later), await keys_of(house))
    assert "Not in the signed ledger" in broken(checked)


async def written_head(house: Any) -> Any:
    await house.register("t2", facts={"hours": "1"})
    return await transcript(house, "t2")


async def test_the_head_of_another_district_is_refused(house: Any, service: Any, empty_house: Any) -> None:
    text = await written(house)
    document = json.loads(text)
    other = house.service.signer.sign(
        json.dumps(
            {
                "origin": "elsewhere", "size": 1, "root": "0" * 64, "head": "0" * 64, "day": "2025-01-01",
                "time": "2025-01-01T00:00:00Z", "previous": None,
            }
        ).encode()
    )  # fmt: skip
    document["content"]["head"] = other
    checked = check(json.dumps(document), await keys_of(house))
    assert "The head is that of elsewhere." in broken(checked)


async def test_another_deployments_key_signs_nothing_here(house: Any, tmp_path: Path) -> None:
    text = await written(house)
    stranger = Signer.open(tmp_path)
    checked = check(text, read_keys(stranger.public))
    assert len(broken(checked)) == 2  # the signature and the head


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"content": {}, "signature": ""}'])
async def test_what_is_no_transcript_is_said_to_be_none(house: Any, text: str) -> None:
    checked = check(text, await keys_of(house))
    assert (checked.genuine, checked.content) == (False, None)


async def test_it_covers_the_days_asked_for_and_entries_since_the_last_head(house: Any) -> None:
    await house.register(facts={"hours": "12"})
    await house.sign()
    await house.register(on=date(2025, 1, 5), facts={"hours": "3"})
    asked = await transcript(house, since=date(2025, 1, 1), until=date(2025, 12, 31))
    content = check(asked.document, await keys_of(house)).content
    assert content is not None
    assert [line.entry.micro_credits for line in content.entries] == [3_000_000]
    assert asked.entries == 1


async def test_who_may_have_it(house: Any, error_of: Check) -> None:
    await house.register(facts={"hours": "12"})
    own = house.caller("teacher", teacher="t1")
    assert (await transcript(house, caller=own)).entries == 1
    error_of(await transcript(house, caller=house.caller("teacher", teacher="t2")), "TEACHER_UNKNOWN")
    error_of(await transcript(house, caller=house.caller("school-leader", school="school-2")), "TEACHER_UNKNOWN")
    error_of(await transcript(house, "nobody"), "TEACHER_UNKNOWN")
    assert (await transcript(house, caller=house.caller("school-leader", school=house.school))).entries == 1


async def test_it_names_nobody(house: Any) -> None:
    text = await written(house)
    assert "合成教师" not in text
