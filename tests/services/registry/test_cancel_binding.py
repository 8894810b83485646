"""A binding is taken back before its day, and not afterwards; who did it and why is kept."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from yanxiu_registry.context import Registry
from yanxiu_registry.tables import binding_cancellation
from yanxiu_wire import registry as wire

from tests.services.registry.conftest import NOW, TODAY, Client, caller, codes

BEFORE = date(2024, 1, 1)
LATER = date(2026, 9, 1)
WHY = "新版本试算有误，暂缓施行"


def operator(client: Client) -> Client:
    return Client(client.bus, client.district, caller("platform-operator", "platform"))


async def bound(client: Client) -> wire.District:
    boss = operator(client)
    await boss.ask(wire.BIND_RULE_PACK, pack="puer", since=BEFORE)
    return await boss.ask(wire.BIND_RULE_PACK, pack="putuo", since=LATER)


async def test_a_binding_is_taken_back_before_its_day_and_the_one_before_goes_on(
    puer: Client, registry: Registry
) -> None:
    before = await bound(puer)
    found = await operator(puer).ask(wire.CANCEL_RULE_PACK_BINDING, since=LATER, reason=f" {WHY} ")
    assert [(one.pack, one.since) for one in found.bindings] == [("puer", BEFORE)]
    assert found.version == before.version + 1
    assert await puer.ask(wire.GET_DISTRICT) == found
    async with registry.dbs.read("puer") as conn:
        (kept,) = (await conn.execute(sa.select(binding_cancellation))).mappings()
    assert (kept["since"], kept["pack"], kept["reason"], kept["version"]) == (LATER, "putuo", WHY, found.version)
    assert (kept["recorded_by"], kept["recorded_at"]) == ("platform-operator@test", NOW)


async def test_after_that_another_pack_may_be_bound_from_an_earlier_day(puer: Client) -> None:
    await bound(puer)
    boss = operator(puer)
    assert codes(await boss.ask(wire.BIND_RULE_PACK, pack="putuo", since=date(2026, 8, 1))) == ["DATE_OUT_OF_ORDER"]
    await boss.ask(wire.CANCEL_RULE_PACK_BINDING, since=LATER, reason=WHY)
    found = await boss.ask(wire.BIND_RULE_PACK, pack="putuo", since=date(2026, 8, 1))
    assert [one.since for one in found.bindings] == [BEFORE, date(2026, 8, 1)]
    # The same day again, and taken back again: each is kept.
    again = await boss.ask(wire.CANCEL_RULE_PACK_BINDING, since=date(2026, 8, 1), reason=WHY)
    assert [one.since for one in again.bindings] == [BEFORE]


async def test_the_same_key_takes_back_once(puer: Client) -> None:
    await bound(puer)
    boss = operator(puer)
    first, second = [
        await boss.ask(wire.CANCEL_RULE_PACK_BINDING, since=LATER, reason=WHY, key="cancel-1") for _ in range(2)
    ]
    assert first == second


async def test_on_its_day_a_binding_cannot_be_taken_back_any_more(puer: Client) -> None:
    boss = operator(puer)
    await boss.ask(wire.BIND_RULE_PACK, pack="puer", since=BEFORE)
    await boss.ask(wire.BIND_RULE_PACK, pack="putuo", since=TODAY)
    for day in (BEFORE, TODAY):
        refused = await boss.ask(wire.CANCEL_RULE_PACK_BINDING, since=day, reason=WHY)
        assert codes(refused) == ["BINDING_BEGUN"]
        assert refused.errors[0].value == day.isoformat()
    assert len((await puer.ask(wire.GET_DISTRICT)).bindings) == 2


async def test_a_day_without_a_binding_is_refused_naming_those_ahead(puer: Client) -> None:
    await bound(puer)
    refused = await operator(puer).ask(wire.CANCEL_RULE_PACK_BINDING, since=date(2026, 10, 1), reason=WHY)
    assert codes(refused) == ["BINDING_UNKNOWN"]
    assert "2026-09-01（putuo）" in refused.errors[0].remedy_zh
    assert "puer" not in refused.errors[0].remedy_zh


async def test_without_a_reason_and_by_anybody_but_the_operator_nothing_is_taken_back(puer: Client) -> None:
    await bound(puer)
    assert codes(await operator(puer).ask(wire.CANCEL_RULE_PACK_BINDING, since=LATER, reason=" ")) == ["VALUE_INVALID"]
    assert codes(await puer.ask(wire.CANCEL_RULE_PACK_BINDING, since=LATER, reason=WHY)) == ["FORBIDDEN"]
    assert len((await puer.ask(wire.GET_DISTRICT)).bindings) == 2
