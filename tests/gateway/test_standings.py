"""Standings through GraphQL: outlook, lists of who falls short in a fixed number of messages, ratios, asKnownAt."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.gateway.conftest import Client
from tests.gateway.shortfall_world import ShortfallWorld
from tests.gateway.world import World

LIST = """query($after: String) {
  shortfalls(kind: "year", order: GAP, verdict: FAIL, clause: "PUER-10-3S", first: 40, after: $after) {
  asOfSeq totalCount label startsOn hoursUnit pageInfo { hasNextPage endCursor }
  edges { cursor node { verdict recognisedCredits teacher { name staffNumber } school { name }
    short { clause label threshold earned shortfall binding } } } } }"""


@pytest.fixture
def world() -> ShortfallWorld:
    return ShortfallWorld()


async def test_a_list_of_many_asks_each_service_once(client: Client, world: World) -> None:
    answer = (await client.post(LIST)).json()
    assert "errors" not in answer, answer
    found = answer["data"]["shortfalls"]
    assert (found["asOfSeq"], found["startsOn"], found["hoursUnit"]) == (17, "2024-01-01", "学时")
    first = found["edges"][0]["node"]
    assert first["teacher"]["name"]
    assert first["school"]["name"]
    assert first["short"] == [
        {
            "clause": "PUER-10-3S", "label": "校本研修年度学时", "threshold": "24", "earned": "20.5",
            "shortfall": "3.5", "binding": True,
        }
    ]  # fmt: skip
    asked = [name for name, _district, _query in world.calls]
    assert sorted(asked) == ["credits.list-shortfalls", "registry.get-schools", "registry.get-teachers"]
    query = world.calls[0][2]
    assert (query.sort, query.verdict, query.clause, query.page.first) == ("gap", "FAIL", "PUER-10-3S", 40)


async def test_the_summary_and_the_ratios_name_their_schools_at_once(client: Client, world: World) -> None:
    answer = (
        await client.post(
            """{ shortfallSummary(kind: "year") { asOfSeq duties { clause label } total { school { name } failed short }
                 schools { school { name } teachers passed failed exempt short } }
                 schoolRatios(over: true) { totalCount edges { node { school { name } share barred roster notCompleted
                   explanation { clauses { code } } } } } }"""
        )
    ).json()
    assert "errors" not in answer, answer
    data = answer["data"]
    assert data["shortfallSummary"]["total"] == {"school": None, "failed": 15, "short": [12]}
    assert all(one["school"]["name"] for one in data["shortfallSummary"]["schools"])
    assert {one["node"]["share"] for one in data["schoolRatios"]["edges"]} == {"0.2"}
    asked = [name for name, _district, _query in world.calls]
    assert asked.count("registry.get-schools") <= 2
    assert asked.count("credits.summarise-shortfalls") == asked.count("credits.list-school-ratios") == 1


async def test_pages_that_are_too_long_are_refused(client: Client, world: World) -> None:
    answer = (await client.post('{ shortfalls(kind: "year", first: 201) { totalCount } }')).json()
    assert answer["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
    assert world.calls == []


async def test_as_known_at_goes_with_every_question_that_takes_it(client: Client, world: World) -> None:
    teacher = next(iter(world.lands["puer"].teachers))
    answer = (
        await client.post(
            """query($id: ID!, $at: DateTime!) {
                 standing(teacher: $id, kind: "year", asKnownAt: $at) { daysLeft toCome { label } }
                 teacher(id: $id) { total(asKnownAt: $at) { records } records(asKnownAt: $at) { totalCount } }
                 ledger(asKnownAt: $at) { totalCount } record(id: "r", asKnownAt: $at) { id } }""",
            variables={"id": teacher, "at": "2025-03-01T08:00:00+08:00"},
        )
    ).json()
    assert "errors" not in answer, answer
    known = {name: query.as_known_at for name, _district, query in world.calls if hasattr(query, "as_known_at")}
    at = datetime(2025, 3, 1, tzinfo=UTC)
    assert known == dict.fromkeys(
        [f"credits.{verb}" for verb in ("get-standings", "get-totals", "list-records", "list-entries", "get-records")],
        at,
    )
