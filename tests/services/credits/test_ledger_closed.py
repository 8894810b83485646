"""A ledger that does not hold stays closed: for every process, over a restart, until the whole of it holds again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from structlog.testing import capture_logs
from yanxiu_credits import check_ledgers
from yanxiu_credits.__main__ import running
from yanxiu_credits.settings import Settings
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire import registry
from yanxiu_wire.credits import VERIFY_LEDGER, LedgerVerified, TrainingRegistered, VerifyLedger

from tests.stores import Store


@pytest.fixture
def settings(own_nats: Any, own_database: Store) -> Settings:
    return Settings(nats_url=own_nats.url, keys=own_database.settings.data / "keys", **own_database.fields)


async def set_credits(store: Store, district: str, by: int) -> None:
    """Alter the first entry as somebody with a shell could."""
    sql = f"UPDATE ledger SET micro_credits = micro_credits + ({by}) WHERE seq = 1"  # noqa: S608
    await asyncio.to_thread(store.edit, "credits", district, sql, force=True)


async def district(house_of: type, service: Any, bus: Any, name: str) -> Any:
    """A house with three entries."""
    house = house_of(service, bus, name)
    await house.bind(registry.PackBinding(pack="puer", since=date(2024, 1, 1)))
    await house.employ("t1")
    for day in (21, 22, 23):
        assert isinstance(await degree(house, day), TrainingRegistered)
    return house


async def degree(house: Any, day: int) -> Any:
    facts = {"kind": "degree", "study_year": 1, "transcript": True}
    return await house.register(on=date(2024, 5, day), facts=facts, key=f"degree-{day}")


async def verified(house: Any) -> LedgerVerified:
    return await house.call(VERIFY_LEDGER, VerifyLedger(caller=house.caller("auditor")))


async def test_every_process_keeps_a_broken_ledger_closed_until_all_of_it_holds_again(
    settings: Settings,
    own_database: Store,
    own_bus: Any,
    clock: Any,
    house_of: type,
    error_of: Callable[[Any, str], Any],
) -> None:
    async with running(settings, load_packs(), clock=clock) as service:
        house = await district(house_of, service, own_bus, "shut")
        await set_credits(own_database, "shut", 7)
        with capture_logs() as told:
            assert (await verified(house)).first_bad == 1
        assert [(x["district"], x["seq"], x["log_level"]) for x in told if x["event"] == "ledger-broken"] == [
            ("shut", 1, "error")
        ]
    # The next process was not there when it was found out.
    async with running(settings, load_packs(), clock=clock) as service:
        house = house_of(service, own_bus, "shut")
        error = error_of(await degree(house, 24), "LEDGER_BROKEN")
        assert "yanxiu ledger verify --district shut" in error.remedy_zh
        await set_credits(own_database, "shut", -7)
        error_of(await degree(house, 24), "LEDGER_BROKEN")
        with capture_logs() as told:
            found = await verified(house)
        assert (found.first_bad, found.reopened) == (None, True)
        assert "ledger-reopened" in [line["event"] for line in told]
        assert (await degree(house, 24)).record.entry == 4
        assert not (await verified(house)).reopened


async def test_the_start_checks_the_whole_chain_while_it_answers(
    settings: Settings,
    own_database: Store,
    own_bus: Any,
    clock: Any,
    house_of: type,
    error_of: Callable[[Any, str], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(check_ledgers, "_TAIL", 1)
    async with running(settings, load_packs(), clock=clock) as service:
        await district(house_of, service, own_bus, "deep")
    await set_credits(own_database, "deep", 7)
    async with running(settings, load_packs(), clock=clock) as service:
        house = house_of(service, own_bus, "deep")
        await house.until(lambda rows: any(row["closed"] for row in rows), "ledger_state")
        error_of(await degree(house, 24), "LEDGER_BROKEN")
