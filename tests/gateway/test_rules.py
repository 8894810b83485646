"""The law through the gateway: one message a batch for the parts of all packs, nothing asked that nobody reads."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from graphql import GraphQLError
from yanxiu_gateway.schema.facts_scalar import parse_facts, write_facts
from yanxiu_wire import rules as wire
from yanxiu_wire.explanation import Clause

from tests.gateway.conftest import Client
from tests.gateway.world import Land, World, refuse

NAMES = tuple(f"law-{n}" for n in range(7))
DAY = date(2024, 5, 20)


def pack(name: str, parts: tuple[wire.Part, ...] = ()) -> wire.RulePack:
    clause = wire.RuleClause(clause=Clause(id=f"{name}-1", heading="第一条", quotation="条文"))
    value = wire.DatedValue(since=DAY, value=None, rows={"优": "0.2", "良": "0.15"}, clause=f"{name}-1")
    parameter = wire.RuleParameter(
        name="merit", label="绩效", label_en="merit", unit="倍", values=(value,), in_force=value
    )
    return wire.RulePack(
        jurisdiction=name, name=f"yanxiu-{name}", version="1", on=DAY, in_force=True, governs=name == "law-0",
        title="办法", title_en="", number="", issuer="局", issuer_en="", signed_on=DAY, published_on=DAY,
        applies_from=DAY, url="", note="", hours_unit=None, credits_unit=None, periods=(), clause_count=1,
        not_modelled_count=0, parameter_count=1, clauses=(clause,) if "clauses" in parts else (),
        parameters=(parameter,) if "parameters" in parts else (),
    )  # fmt: skip


class Laws(World):
    """The synthetic world with seven laws."""

    def list_rule_packs(self, _land: Land, _query: wire.ListRulePacks) -> Any:
        broken = wire.PackBroken(jurisdiction="law-8", problem="hangs")
        return wire.RulePacks(items=tuple(pack(name) for name in NAMES), broken=(broken,))

    def get_rule_packs(self, _land: Land, query: wire.GetRulePacks) -> Any:
        names = [one.jurisdiction or "law-0" for one in query.asked]
        return wire.RulePacks(items=tuple(pack(one, query.parts) if one in NAMES else None for one in names))

    def try_decision(self, _land: Land, query: wire.TryDecision) -> Any:
        self.tried = query
        return refuse("FACT_MALFORMED", "facts.record.hours_planned", "x", ("PUER-1-1",))


@pytest.fixture
def world() -> World:
    return Laws()


def asked(world: World) -> list[str]:
    return [name for name, _, _ in world.calls]


async def test_a_pack_that_cannot_be_read_is_listed_as_broken_by_the_same_message(client: Client, world: World) -> None:
    found = await client.data("{ rulePacks { jurisdiction } brokenRulePacks { jurisdiction problem } }")
    assert found["brokenRulePacks"] == [{"jurisdiction": "law-8", "problem": "hangs"}]
    assert len(found["rulePacks"]) == len(NAMES)
    assert asked(world) == ["credits.list-rule-packs"]


async def test_the_parts_of_all_packs_come_in_one_message_a_batch(client: Client, world: World) -> None:
    found = await client.data(
        "{ rulePacks { jurisdiction clauses { code quotation } parameters { name inForce { rows { name value } } } } "
        'law: rulePack(jurisdiction: "law-3", on: "2024-05-20") { clauses { code } } }'
    )
    assert [one["clauses"] for one in found["rulePacks"]] == [[{"code": f"{n}-1", "quotation": "条文"}] for n in NAMES]
    rows = found["rulePacks"][0]["parameters"][0]["inForce"]["rows"]
    assert rows == [{"name": "优", "value": "0.2"}, {"name": "良", "value": "0.15"}]
    assert found["law"] == {"clauses": [{"code": "law-3-1"}]}
    assert asked(world).count("credits.list-rule-packs") == 1
    assert asked(world).count("credits.get-rule-packs") <= 4


async def test_a_list_of_packs_asks_for_no_part_that_nobody_reads(client: Client, world: World) -> None:
    found = await client.data("{ rulePacks { jurisdiction clauseCount settings { parameter } } }")
    assert len(found["rulePacks"]) == len(NAMES)
    parts = [request.parts for name, _, request in world.calls if name == "credits.get-rule-packs"]
    assert parts == [("settings",)], "the settings of the one pack that governs, and of no other"


async def test_an_unknown_pack_is_null_and_the_refusal_of_a_trial_names_the_fact_in_the_laws_words(
    client: Client, world: World
) -> None:
    found = await client.data(
        """query($facts: Facts!) { rulePack(jurisdiction: "nowhere") { name }
        tryDecision(input: {facts: $facts, jurisdiction: "law-1", settings: {cap: "40", rows: {a: 1, b: [true]}}})
        { decision { kind } errors { code field value clauses } } }""",
        variables={"facts": {"record": {"hours_planned": "x", "n": 3, "good": True, "list": ["a", None]}}},
    )
    assert found["rulePack"] is None
    assert found["tryDecision"] == {
        "decision": None,
        "errors": [
            {"code": "FACT_MALFORMED", "field": "input.facts.record.hours_planned", "value": "x",
             "clauses": ["PUER-1-1"]},
        ],
    }  # fmt: skip
    sent: wire.TryDecision = world.tried  # type: ignore[attr-defined]  # the world above
    assert sent.facts == {"record": {"hours_planned": "x", "n": 3, "good": True, "list": ["a", None]}}
    assert sent.settings == {"cap": "40", "rows": {"a": 1, "b": [True]}}
    assert sent.law == wire.PackAsked(jurisdiction="law-1")


@pytest.mark.parametrize("given", [1.5, "text", [1], {"a": [{"b": 1.5}]}, None])
def test_facts_are_an_object_without_floats(given: object) -> None:
    with pytest.raises(GraphQLError) as refused:
        parse_facts(given)
    assert refused.value.extensions
    assert refused.value.extensions["remedyZh"]


def test_facts_come_back_as_they_were_given() -> None:
    given = {"a": "59.5", "b": 3, "c": True, "d": [None, {"e": "x"}]}
    assert write_facts(parse_facts(given)) == given
