"""Receiving a transcript: verified, judged record by record by this district's law, entered once."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_credits.books.keys import Signer
from yanxiu_credits.transfer.read_transcript import MOST_BYTES, read_transcript
from yanxiu_credits.transfer.tables import APPEND_ONLY
from yanxiu_credits.transfer.trusted_keys import TrustUnusable, trusted_keys
from yanxiu_wire import transfer as wire
from yanxiu_wire.books import REVERSE_RECORD, RecordReversed, ReverseRecord
from yanxiu_wire.credits import (
    GET_RECORDS,
    GET_STANDINGS,
    GET_TOTALS,
    VERIFY_LEDGER,
    GetRecords,
    GetStandings,
    GetTotals,
    VerifyLedger,
)
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page
from yanxiu_wire.signed import TRANSCRIPT, read_head
from yanxiu_wire.transcript import Document, signed_part, write

from tests.services.credits.transfer.conftest import Opening, Place
from tests.stores import never_changed


async def total(place: Place, teacher: str = "t1") -> tuple[Decimal, Decimal]:
    (one,) = (await place.call(GET_TOTALS, GetTotals(caller=place.officer, teachers=(teacher,)))).items
    return one.hours, one.credits


async def test_a_record_of_the_same_city_and_stage_counts_here_with_the_laws_explanation(
    left: Place, entered: Place
) -> None:
    record = await left.earn(facts={"hours": "10", "score": "85", "mode": "school"})
    answer = await entered.receive(await left.transcript())
    assert isinstance(answer, wire.TransferReceived)
    moved = answer.transfer
    assert (moved.origin, moved.recognised, moved.not_recognised, moved.review) == (left.district, 1, 0, 0)
    (item,) = moved.items
    assert (item.outcome, item.recognised_hours, item.recognised_credits, item.on) == ("recognised", 10, 10, record.on)
    assert await total(entered) == (10, 10)
    query = GetRecords(caller=entered.officer, ids=(item.record,), explain=True)
    made = (await entered.call(GET_RECORDS, query)).items[0]
    assert (made.school, made.project, made.on, made.hours) == (None, None, record.on, 10)
    assert made.attributes["mode"] == "school"
    assert [step.zh for step in made.explanation.steps] == ["转入10学分"]
    assert [clause.id for clause in made.explanation.clauses] == ["MADE-3"]
    explained = (await entered.fetch(moved.id, explain=True)).items[0].explanation
    assert [step.zh for step in explained.steps] == ["转入10学分"]


async def test_what_was_brought_counts_in_the_standing_of_its_year_and_the_ledger_verifies(
    left: Place, entered: Place
) -> None:
    await left.earn(facts={"hours": "20", "score": "85"})
    await entered.earn(facts={"hours": "12.5", "score": "85"})
    await entered.receive(await left.transcript())
    query = GetStandings(caller=entered.officer, teachers=("t1",), kind="year", on=date(2024, 12, 31))
    (standing,) = (await entered.call(GET_STANDINGS, query)).items
    assert (standing.hours, standing.credits) == (Decimal("32.5"), Decimal("32.5"))
    verified = await entered.call(VERIFY_LEDGER, VerifyLedger(caller=entered.caller("auditor")))
    assert (verified.first_bad, verified.entries) == (None, 2)


async def test_each_record_is_judged_by_itself_with_clauses_and_reasons(left: Place, entered: Place) -> None:
    await left.earn(facts={"hours": "10", "score": "85"})
    await left.earn(facts={"hours": "31", "score": "85"})
    moved = (await entered.receive(await left.transcript())).transfer
    assert [(one.outcome, one.clauses) for one in moved.items] == [
        ("recognised", ()),
        ("not-recognised", ("MADE-4",)),
    ]
    told = (await entered.fetch(moved.id, explain=True)).items[1].explanation
    assert {clause.id: clause.quotation for clause in told.clauses} == {"MADE-3": "条文3", "MADE-4": "条文4"}
    assert await total(entered) == (10, 10)


async def test_what_the_law_leaves_open_waits_for_an_official(left: Place, entered: Place) -> None:
    await left.earn(facts={"hours": "10", "score": "85"})
    moved = (await entered.receive(await left.transcript(), within_city=False)).transfer
    assert [(one.outcome, one.clauses, one.record) for one in moved.items] == [("review", ("MADE-3",), None)]
    assert await total(entered) == (0, 0)


async def test_a_silent_law_other_units_and_facts_it_cannot_read_are_for_an_official(
    left: Place, open_place: Opening
) -> None:
    await left.earn(facts={"hours": "10", "score": "85"})
    document = await left.transcript()
    for law, codes in (
        ("silent", ["LAW_SILENT_ON_TRANSFER"]),
        ("classes", ["UNITS_DIFFER"]),
        ("puer", ["FACTS_UNREADABLE"]),
    ):
        place = await open_place(law)
        (item,) = (await place.receive(document)).transfer.items
        assert (law, item.outcome, [one.code for one in item.doubts]) == (law, "review", codes)
        assert all(one.message_zh and one.message_en and one.remedy_zh for one in item.doubts)
        assert await total(place) == (0, 0)


async def test_a_record_that_earns_nothing_under_this_law_is_not_let_through_by_itself(
    left: Place, open_place: Opening
) -> None:
    await left.earn(facts={"hours": "10", "score": "70"})
    strict = await open_place("strict")
    (item,) = (await strict.receive(await left.transcript())).transfer.items
    assert (item.outcome, [one.code for one in item.doubts]) == ("review", ["FACTS_UNREADABLE"])


async def test_from_one_district_of_puer_to_another_credits_go_along_and_beyond_the_city_they_wait(
    open_place: Opening,
) -> None:
    one, other = await open_place("puer"), await open_place("puer")
    facts = {"kind": "training", "mode": "network", "level": "provincial", "hours_planned": "30", "score": "89"}
    record = await one.earn(of={"mode": "network", "level": "provincial"}, facts=facts)
    document = await one.transcript()
    (item,) = (await other.receive(document)).transfer.items
    assert (item.outcome, item.recognised_credits) == ("recognised", record.credits)
    third = await open_place("puer")
    (item,) = (await third.receive(document, same_stage=False)).transfer.items
    assert (item.outcome, item.clauses) == ("review", ("PUER-F2-5-2",))
    query = GetStandings(caller=other.officer, teachers=("t1",), kind="year", on=date(2024, 12, 31))
    (standing,) = (await other.call(GET_STANDINGS, query)).items
    assert standing.hours == record.hours


async def test_the_same_transcript_is_received_once_and_the_same_command_answered_again(
    left: Place, entered: Place, error_of: Any
) -> None:
    await left.earn()
    document = await left.transcript()
    first = await entered.receive(document, key="receive-1")
    again = await entered.receive(document, key="receive-1")
    assert (again.replayed, again.transfer) == (True, first.transfer)
    assert error_of(await entered.receive(document), "TRANSCRIPT_ALREADY_RECEIVED").value == first.transfer.id
    assert await total(entered) == (10, 10)


async def test_another_transcript_of_the_same_entries_makes_no_second_entry(left: Place, entered: Place) -> None:
    await left.earn()
    (first,) = (await entered.receive(await left.transcript())).transfer.items
    await left.earn(on=date(2024, 6, 1))
    moved = (await entered.receive(await left.transcript())).transfer
    assert [one.outcome for one in moved.items] == ["not-recognised", "recognised"]
    assert [(one.code, one.value) for one in moved.items[0].doubts] == [("ALREADY_TRANSFERRED", first.record)]
    assert await total(entered) == (20, 20)


async def test_ten_officers_at_once_enter_it_once(left: Place, entered: Place) -> None:
    await left.earn()
    document = await left.transcript()
    answers = await asyncio.gather(*(entered.receive(document) for _ in range(10)))
    assert sum(isinstance(one, wire.TransferReceived) for one in answers) == 1
    assert await total(entered) == (10, 10)


async def test_what_the_origin_took_back_is_open_where_it_was_taken_over_before_and_names_the_record(
    left: Place, entered: Place
) -> None:
    record = await left.earn()
    (first,) = (await entered.receive(await left.transcript())).transfer.items
    gone = await left.call(
        REVERSE_RECORD, ReverseRecord(caller=left.officer, key=left.key(), record=record.id, reason="登记有误")
    )
    assert isinstance(gone, RecordReversed)
    (item,) = (await entered.receive(await left.transcript())).transfer.items
    assert (item.outcome, [(one.code, one.value) for one in item.doubts]) == (
        "review",
        [("REVERSED_AT_ORIGIN", first.record)],
    )


async def test_what_was_reversed_here_comes_back_by_an_officials_word_alone(left: Place, entered: Place) -> None:
    await left.earn()
    (first,) = (await entered.receive(await left.transcript())).transfer.items
    command = ReverseRecord(caller=entered.officer, key=entered.key(), record=first.record, reason="误收")
    assert isinstance(await entered.call(REVERSE_RECORD, command), RecordReversed)
    assert await total(entered) == (0, 0)
    await left.earn(on=date(2024, 7, 1))
    moved = (await entered.receive(await left.transcript())).transfer
    assert [one.outcome for one in moved.items] == ["review", "recognised"]
    assert [(one.code, one.value) for one in moved.items[0].doubts] == [("TAKEN_BACK_HERE", first.record)]
    assert await total(entered) == (10, 10)
    await entered.decide(moved.id, 1)
    assert await total(entered) == (20, 20)


async def test_a_record_counts_once_however_many_districts_it_came_through(
    left: Place, entered: Place, open_place: Opening
) -> None:
    await left.earn()
    await entered.receive(await left.transcript())
    third = await open_place("made")
    assert (await third.receive(await entered.transcript())).transfer.recognised == 1
    (direct,) = (await third.receive(await left.transcript())).transfer.items
    assert [one.code for one in direct.doubts] == ["ALREADY_TRANSFERRED"]
    assert await total(third) == (10, 10)
    # And home again: it never left.
    (home,) = (await left.receive(await third.transcript())).transfer.items
    assert (home.outcome, [one.code for one in home.doubts]) == ("not-recognised", ["EARNED_HERE"])
    assert await total(left) == (10, 10)


# ---- what is no transcript of this person ----------------------------------------------------------------------


def with_entry(document: str, **changed: Any) -> str:
    content = json.loads(document)
    content["content"]["entries"][0]["entry"] |= changed
    return json.dumps(content)


async def test_a_transcript_that_was_altered_anywhere_is_refused(left: Place, entered: Place, error_of: Any) -> None:
    await left.earn()
    document = await left.transcript()
    plain = json.loads(document)
    altered = {
        "hours": with_entry(document, micro_hours=99_000_000),
        "teacher": with_entry(document, teacher="t9"),
        "facts": json.dumps(plain | {"content": plain["content"] | {"entries": [
            plain["content"]["entries"][0] | {"facts": {"hours": "99"}}]}}),
        "origin": json.dumps(plain | {"content": plain["content"] | {"district": entered.district}}),
        "no signature": json.dumps(plain | {"signature": ""}),
        "an entry less": json.dumps(plain | {"content": plain["content"] | {"entries": []}}),
        "cut off": document[:-20],
        "nothing": "",
    }  # fmt: skip
    told = {}
    for how, text in altered.items():
        answer = await entered.receive(text)
        assert [one.code for one in answer.errors] == ["TRANSCRIPT_UNUSABLE"], how
        told[how] = answer.errors[0].message_zh
    assert told["hours"] == ("这份学分证明不能核验：签名不符：内容在签署后被改动，或不是由所给公钥的持有者签署。"), (
        "it is said in Chinese which check failed"
    )
    assert told["nothing"] == "这份学分证明不能核验：文件不是学分证明。"
    counts = await entered.counts()
    assert (counts["transfer"], counts["transfer_item"], counts["record"]) == (0, 0, 0)


async def test_a_document_is_bounded_whatever_the_bus_takes(service: Any) -> None:
    answer = read_transcript(" " * (MOST_BYTES + 1), service.trusted, ())
    assert "too large" in answer.errors[0].message_en


async def test_a_transcript_of_a_deployment_that_nobody_trusts_is_refused_and_of_a_trusted_one_taken(
    left: Place, entered: Place, service: Any, tmp_path: Any
) -> None:
    """Signed anew by a stranger's key: it is taken where the stranger is trusted to speak for the district."""
    await left.earn()
    stranger = Signer.open(tmp_path / "stranger")
    signed = await _signed_by(stranger, left, service)
    answer = await entered.receive(signed)
    assert [one.code for one in answer.errors] == ["TRANSCRIPT_UNUSABLE"]
    trusted = trusted_keys(service.signer.keys, _trusting(tmp_path, stranger, left.district))
    assert read_transcript(signed, trusted, ()).origin == left.district


async def test_a_trusted_deployment_speaks_for_no_district_but_its_own(
    left: Place, service: Any, tmp_path: Any, error_of: Any
) -> None:
    await left.earn()
    stranger = Signer.open(tmp_path / "stranger")
    forged = await _signed_by(stranger, left, service)
    elsewhere = trusted_keys(service.signer.keys, _trusting(tmp_path, stranger, "elsewhere"))
    error_of(read_transcript(forged, elsewhere, ()), "TRANSCRIPT_UNUSABLE")
    # A district of this deployment is spoken for by its own keys, even where the file names another.
    ours = trusted_keys(service.signer.keys, _trusting(tmp_path, stranger, left.district))
    error_of(read_transcript(forged, ours, [left.district]), "TRANSCRIPT_UNUSABLE")
    genuine = await left.transcript()
    assert read_transcript(genuine, ours, [left.district]).origin == left.district
    error_of(read_transcript(genuine, ours, ()), "TRANSCRIPT_UNUSABLE")


def test_a_file_of_trusted_ledgers_that_does_not_say_who_speaks_for_whom_stops_the_start(tmp_path: Any) -> None:
    own = Signer.open(tmp_path / "own")
    keys = json.loads(own.public)["keys"]
    assert trusted_keys(own.keys, None).speaking_for("north", ()) is None
    twice = {name: {"districts": ["north"], "keys": keys} for name in ("a", "b")}
    for text in (None, "[]", own.public, '{"a": {"districts": ["north"], "keys": [{}]}}', json.dumps(twice)):
        file = tmp_path / ("missing.json" if text is None else "others.json")
        if text is not None:
            file.write_text(text, encoding="utf-8")
        with pytest.raises(TrustUnusable):
            trusted_keys(own.keys, file)


async def _signed_by(signer: Signer, left: Place, service: Any) -> str:
    """The district's transcript with a head of the same content, both signed by another key."""
    content = _content(await left.transcript())
    head = signer.sign(msgspec.json.Encoder(order="sorted").encode(read_head(content.head, service.signer.keys)))
    content = msgspec.structs.replace(content, head=head)
    return write(Document(content=content, signature=signer.sign_detached(signed_part(content), TRANSCRIPT)))


def _trusting(folder: Any, signer: Signer, *districts: str) -> Any:
    file = folder / "others.json"
    file.write_text(
        json.dumps({"stranger": {"districts": districts, "keys": json.loads(signer.public)["keys"]}}), encoding="utf-8"
    )
    return file


def _content(document: str) -> Any:
    return msgspec.json.decode(document, type=Document).content


async def test_a_transcript_of_this_district_of_another_person_or_unconfirmed_is_refused(
    left: Place, open_place: Opening, error_of: Any
) -> None:
    await left.earn()
    document = await left.transcript()
    error_of(await left.receive(document), "TRANSFER_WITHIN_DISTRICT")
    entered = await open_place("made", "t1", "t2")
    error_of(await entered.receive(document, identity_confirmed=False), "IDENTITY_UNCONFIRMED")
    error_of(await entered.receive(document, "nobody"), "TEACHER_UNKNOWN")
    await entered.receive(document, "t1")
    await left.earn(on=date(2024, 6, 1))
    later = await left.transcript()
    error_of(await entered.receive(later, "t2"), "TRANSCRIPT_OF_ANOTHER")
    assert (await entered.receive(later, "t1")).transfer.recognised == 1


async def test_only_officers_receive_and_the_teacher_and_his_school_look_on(
    left: Place, entered: Place, error_of: Any
) -> None:
    await left.earn()
    document = await left.transcript()
    for role, scope in (("school-leader", {"school": "school-1"}), ("teacher", {"teacher": "t1"}), ("auditor", {})):
        error_of(await entered.receive(document, caller=entered.caller(role, **scope)), "FORBIDDEN")
    moved = (await entered.receive(document, within_city=False)).transfer
    for caller, seen in (
        (entered.caller("teacher", teacher="t1"), True),
        (entered.caller("school-leader", school="school-1"), True),
        (entered.caller("auditor"), True),
        (entered.caller("teacher", teacher="t2"), False),
        (entered.caller("school-leader", school="school-2"), False),
    ):
        assert (await entered.fetch(moved.id, caller) is not None) == seen
        page = await entered.call(wire.LIST_TRANSFERS, wire.ListTransfers(caller=caller, review=True))
        assert [one.id for one in page.items] == ([moved.id] if seen else [])


async def test_transfers_are_listed_newest_first_and_by_what_waits(
    left: Place, open_place: Opening, error_of: Any
) -> None:
    other, entered = await open_place("made"), await open_place("made")
    await left.earn()
    await other.earn()
    one = (await entered.receive(await left.transcript(), within_city=False)).transfer
    two = (await entered.receive(await other.transcript())).transfer

    async def ids(**asked: Any) -> list[str]:
        query = wire.ListTransfers(caller=entered.officer, **asked)
        return [found.id for found in (await entered.call(wire.LIST_TRANSFERS, query)).items]

    assert await ids() == [two.id, one.id]
    assert await ids(review=True) == [one.id]
    assert await ids(review=False) == [two.id]
    assert await ids(teacher="t2") == []
    page = await entered.call(wire.LIST_TRANSFERS, wire.ListTransfers(caller=entered.officer, page=Page(first=1)))
    assert (page.has_next, page.total) == (True, 2)
    assert await ids(page=Page(first=1, after=page.cursors[0])) == [one.id]
    over = wire.ListTransfers(caller=entered.officer, page=Page(first=21))
    error_of(await entered.call(wire.LIST_TRANSFERS, over), "TOO_MANY")


@pytest.mark.every_case_on_both
@pytest.mark.parametrize("table", APPEND_ONLY, ids=lambda table: table.name)
async def test_what_was_received_and_decided_is_never_changed_or_deleted(
    left: Place, entered: Place, table: Any
) -> None:
    await left.earn()
    moved = (await entered.receive(await left.transcript(), within_city=False)).transfer
    await entered.decide(moved.id)
    for statement in (table.delete(), table.update().values(district="elsewhere")):
        with never_changed():
            async with entered.service.databases.write(entered.district, Deadline.after(10)) as conn:
                await conn.execute(statement)
