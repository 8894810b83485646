"""Transfers through GraphQL: what an official sends, what is asked of the service, what comes back of each record."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_wire import transfer as wire

from tests.gateway.conftest import Client
from tests.gateway.land import EXPLANATION
from tests.gateway.world import Land, World, _page, refuse

AT = datetime(2025, 3, 14, 1, tzinfo=UTC)
TEACHER = "puer-school-1-teacher-0"


def item(number: int, outcome: wire.TransferOutcome, **more: Any) -> wire.TransferItem:
    given: dict[str, Any] = {
        "number": number, "origin_entry": f"entry-{number}", "on": date(2024, 5, 20), "hours": Decimal("10.50"),
        "credits": Decimal(12), "hours_unit": "学时", "credits_unit": "学分", "jurisdiction": "puer",
        "facts": {"mode": "network"}, "outcome": outcome, "recognised_hours": Decimal(0),
        "recognised_credits": Decimal(0),
    }  # fmt: skip
    return wire.TransferItem(**(given | more))


DECISION = wire.TransferDecision(
    recognise=True, hours=Decimal(10), credits=Decimal(12), reason="已核", by="x", role="institute-officer",
    recorded_at=AT,
)  # fmt: skip
ITEMS = (
    item(1, "recognised", record=f"{TEACHER}-record-1", recognised_hours=Decimal("10.5")),
    item(2, "not-recognised", clauses=("PUER-F2-5-2",)),
    item(3, "review", doubts=refuse("UNITS_DIFFER", "", "课时/学分").errors),
    item(4, "recognised", decision=DECISION, record=f"{TEACHER}-record-2"),
)
TRANSFER = wire.Transfer(
    id="transfer-1", teacher=TEACHER, origin="ouhai", issued_at=AT, received_at=AT, received_by="x", within_city=True,
    same_stage=False, digest="ff", recognised=2, not_recognised=1, review=1, items=ITEMS,
)  # fmt: skip


class Transfers(World):
    """The synthetic world with one transfer in it."""

    def receive_transfer(self, _land: Land, command: wire.ReceiveTransfer) -> Any:
        if command.document != "{}":
            return refuse("TRANSCRIPT_UNUSABLE", "document", "the signature does not hold")
        return wire.TransferReceived(transfer=TRANSFER)

    def decide_transfer_item(self, _land: Land, command: wire.DecideTransferItem) -> Any:
        if command.number != 3:
            return refuse("TRANSFER_ITEM_DECIDED", "number", command.number)
        return wire.TransferItemDecided(transfer=TRANSFER)

    def get_transfers(self, _land: Land, query: wire.GetTransfers) -> Any:
        told = tuple(msgspec.structs.replace(one, explanation=EXPLANATION) for one in ITEMS)
        found = msgspec.structs.replace(TRANSFER, items=told) if query.explain else TRANSFER
        return wire.Transfers(items=tuple(found if one == "transfer-1" else None for one in query.ids))

    def list_transfers(self, _land: Land, query: wire.ListTransfers) -> Any:
        return _page(wire.TransferPage, [TRANSFER], query.page)


@pytest.fixture
def world() -> World:
    return Transfers()


def asked(world: World, verb: str) -> list[Any]:
    return [request for name, _, request in world.calls if name == f"credits.{verb}"]


ITEM = """number on hours credits hoursUnit outcome recognisedHours clauses facts { name value }
  doubts { code messageZh remedyEn } decision { recognise reason role } record { hours }
  explanation { steps { zh } clauses { code } }"""
RECEIVE = f"""mutation ($input: ReceiveTransferInput!) {{ receiveTransfer(input: $input) {{
  transfer {{ id origin recognised notRecognised review teacher {{ name }} items {{ {ITEM} }} }}
  replayed errors {{ code field value }} }} }}"""


def received(**changes: Any) -> dict[str, Any]:
    given = {
        "idempotencyKey": "receive-1", "teacherId": global_id("Teacher", TEACHER), "document": "{}",
        "withinCity": True, "sameStage": False, "identityConfirmed": True,
    }  # fmt: skip
    return {"input": given | changes}


async def test_a_transcript_comes_back_with_what_became_of_each_record(client: Client, world: World) -> None:
    answer = (await client.data(RECEIVE, variables=received()))["receiveTransfer"]
    moved = answer["transfer"]
    assert (moved["id"], moved["origin"], moved["recognised"], moved["notRecognised"], moved["review"]) == (
        global_id("Transfer", "transfer-1"), "ouhai", 2, 1, 1,
    )  # fmt: skip
    assert [one["outcome"] for one in moved["items"]] == ["RECOGNISED", "NOT_RECOGNISED", "REVIEW", "RECOGNISED"]
    first, second, third, fourth = moved["items"]
    assert (first["hours"], first["recognisedHours"], first["record"]) == ("10.5", "10.5", {"hours": "30"})
    assert (second["clauses"], second["record"]) == (["PUER-F2-5-2"], None)
    assert [one["code"] for one in third["doubts"]] == ["UNITS_DIFFER"]
    assert fourth["decision"] == {"recognise": True, "reason": "已核", "role": "institute-officer"}
    assert first["explanation"]["steps"] == [{"zh": "30 学时 × 1.2 = 36 学分。"}]
    assert first["facts"] == [{"name": "mode", "value": "network"}]
    (command,) = asked(world, "receive-transfer")
    assert (command.teacher, command.within_city, command.same_stage, command.identity_confirmed) == (
        TEACHER, True, False, True,
    )  # fmt: skip
    # The explanations of all records come with one question.
    assert len(asked(world, "get-transfers")) == 1


async def test_a_refused_transcript_and_a_repeated_one(client: Client) -> None:
    bad = (await client.data(RECEIVE, variables=received(document="forged", idempotencyKey="receive-2")))[
        "receiveTransfer"
    ]
    assert (bad["transfer"], bad["replayed"]) == (None, False)
    assert bad["errors"] == [
        {"code": "TRANSCRIPT_UNUSABLE", "field": "input.document", "value": "the signature does not hold"}
    ]
    await client.data(RECEIVE, variables=received())
    again = (await client.data(RECEIVE, variables=received()))["receiveTransfer"]
    assert again["replayed"] is True
    short = (await client.data(RECEIVE, variables=received(idempotencyKey="short")))["receiveTransfer"]
    assert [one["code"] for one in short["errors"]] == ["KEY_MALFORMED"]


async def test_an_official_decides_with_amounts_and_facts(client: Client, world: World) -> None:
    decide = """mutation ($input: DecideTransferItemInput!) { decideTransferItem(input: $input)
      { transfer { review } errors { code field value } } }"""
    given = {
        "idempotencyKey": "decide-11", "transferId": global_id("Transfer", "transfer-1"), "number": 3,
        "recognise": True, "reason": "已核", "hours": "7.5", "facts": [{"name": "mode", "value": "network"}],
    }  # fmt: skip
    good = (await client.data(decide, variables={"input": given}))["decideTransferItem"]
    assert good == {"transfer": {"review": 1}, "errors": []}
    (command,) = asked(world, "decide-transfer-item")
    assert (command.transfer, command.hours, command.credits, command.facts) == (
        "transfer-1", Decimal("7.5"), None, {"mode": "network"},
    )  # fmt: skip
    other = {**given, "idempotencyKey": "decide-12", "number": 1}
    bad = (await client.data(decide, variables={"input": other}))["decideTransferItem"]
    assert bad["errors"] == [{"code": "TRANSFER_ITEM_DECIDED", "field": "input.number", "value": "1"}]


async def test_transfers_are_listed_and_fetched_again(client: Client, world: World) -> None:
    node = global_id("Transfer", "transfer-1")
    answer = await client.data(
        f"""{{ transfers(review: true, teacher: "{global_id("Teacher", TEACHER)}")
          {{ totalCount edges {{ node {{ id }} }} }}
        transfer(id: "{node}") {{ receivedBy issuedAt }} node(id: "{node}") {{ ... on Transfer {{ digest }} }} }}"""
    )
    assert answer["transfers"] == {"totalCount": 1, "edges": [{"node": {"id": node}}]}
    assert answer["transfer"] == {"receivedBy": "x", "issuedAt": AT.isoformat()}
    assert answer["node"] == {"digest": "ff"}
    (query,) = asked(world, "list-transfers")
    assert (query.review, query.teacher, query.page.first) == (True, TEACHER, 10)
