"""Standings through GraphQL: outlook, lists of who falls short in a fixed number of messages, ratios, asKnownAt."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_wire import standings as wire

from tests.gateway.conftest import Client
from tests.gateway.land import EXPLANATION
from tests.gateway.world import World

PERIOD = {"label": "2024年度", "starts_on": date(2024, 1, 1), "ends_on": date(2024, 12, 31)}
SHORT = wire.Shortfall(
    clause="PUER-10-3S", measure="school_hours", label_zh="校本研修年度学时", label_en="school-based hours",
    unit="学时", operator="at_least", threshold=Decimal(24), earned=Decimal("20.5"), shortfall=Decimal("3.5"),
    binding=True,
)  # fmt: skip
LIST = """query($after: String) {
  shortfalls(kind: "year", order: GAP, verdict: FAIL, clause: "PUER-10-3S", first: 40, after: $after) {
  asOfSeq totalCount label startsOn hoursUnit pageInfo { hasNextPage endCursor }
  edges { cursor node { verdict recognisedCredits teacher { name staffNumber } school { name }
    short { clause label threshold earned shortfall binding } } } } }"""


@pytest.fixture
def lists(world: World) -> World:
    """The world answers the lists too."""

    def rows(land: Any, query: wire.ListShortfalls) -> wire.ShortfallPage:
        people = sorted(land.teachers.values(), key=lambda one: one.id)
        items = tuple(
            wire.ShortfallRow(
                teacher=one.id, school=one.school, verdict="FAIL", hours=Decimal(70), credits=Decimal("71.5"),
                recognised_hours=Decimal(0), recognised_credits=Decimal(0), short=(SHORT,),
            )
            for one in people
        )[: query.page.first]  # fmt: skip
        return wire.ShortfallPage(
            items=items, cursors=tuple(one.teacher for one in items), has_next=len(people) > len(items),
            total=len(people), as_of_seq=17, hours_unit="学时", credits_unit="学分", **PERIOD,
        )  # fmt: skip

    def summary(land: Any, _query: wire.SummariseShortfalls) -> wire.ShortfallSummary:
        counts = {"teachers": 50, "passed": 30, "failed": 15, "exempt": 5, "short": (12,)}
        duty = wire.Duty(clause="PUER-10-3S", measure="school_hours", label_zh="校本", label_en="school", unit="学时")
        schools = tuple(wire.SchoolShortfalls(school=one, **counts) for one in land.schools)
        total = wire.SchoolShortfalls(school="", **counts)
        return wire.ShortfallSummary(duties=(duty,), schools=schools, total=total, as_of_seq=17, **PERIOD)

    def ratios(land: Any, query: wire.ListSchoolRatios) -> wire.SchoolRatioPage:
        names = [one for one in land.schools if not query.schools or one in query.schools]
        items = tuple(
            wire.SchoolRatio(
                school=one, roster=50, not_completed=10, share=Decimal("0.2"), barred=True, explanation=EXPLANATION
            )
            for one in names
        )
        return wire.SchoolRatioPage(
            items=items, cursors=tuple(names), has_next=False, total=len(items), as_of_seq=17, **PERIOD
        )

    world.list_shortfalls = rows  # type: ignore[attr-defined]
    world.summarise_shortfalls = summary  # type: ignore[attr-defined]
    world.list_school_ratios = ratios  # type: ignore[attr-defined]
    return world


async def test_a_list_of_many_asks_each_service_once(client: Client, lists: World) -> None:
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
    asked = [name for name, _district, _query in lists.calls]
    assert sorted(asked) == ["credits.list-shortfalls", "registry.get-schools", "registry.get-teachers"]
    query = lists.calls[0][2]
    assert (query.sort, query.verdict, query.clause, query.page.first) == ("gap", "FAIL", "PUER-10-3S", 40)


async def test_the_summary_and_the_ratios_name_their_schools_at_once(client: Client, lists: World) -> None:
    answer = (
        await client.post(
            """{ shortfallSummary(kind: "year") { asOfSeq duties { clause label } total { school { name } failed short }
                 schools { school { name } teachers passed failed exempt short } }
                 schoolRatios(over: true) { totalCount edges { node { school { name } share barred roster notCompleted
                   explanation { clauses { id } } } } } }"""
        )
    ).json()
    assert "errors" not in answer, answer
    data = answer["data"]
    assert data["shortfallSummary"]["total"] == {"school": None, "failed": 15, "short": [12]}
    assert all(one["school"]["name"] for one in data["shortfallSummary"]["schools"])
    assert {one["node"]["share"] for one in data["schoolRatios"]["edges"]} == {"0.2"}
    asked = [name for name, _district, _query in lists.calls]
    assert asked.count("registry.get-schools") <= 2
    assert asked.count("credits.summarise-shortfalls") == asked.count("credits.list-school-ratios") == 1


async def test_pages_that_are_too_long_are_refused(client: Client, lists: World) -> None:
    answer = (await client.post('{ shortfalls(kind: "year", first: 201) { totalCount } }')).json()
    assert answer["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
    assert lists.calls == []


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
