"""Starting and ending: ledgers are checked first, a broken one closes its district alone, nothing accepted is lost."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest
from structlog.testing import capture_logs
from yanxiu_credits.__main__ import running
from yanxiu_credits.settings import Settings
from yanxiu_footing.installed_packs import report_packs
from yanxiu_rulekit.plugins import Rulebook, load_packs
from yanxiu_wire import registry
from yanxiu_wire.credits import GET_TOTALS, GetTotals, TrainingRegistered
from yanxiu_wire.faults import ServiceUnavailable

from tests.stores import Store

SET = {"mode": "network", "level": "provincial"}
FACTS = {**SET, "kind": "training", "score": "89"}


def facts(hours: int) -> dict[str, str]:
    return {**FACTS, "hours_planned": str(hours)}


@pytest.fixture
def settings(own_nats: Any, own_database: Store) -> Settings:
    keys, packs = own_database.settings.data / "keys", ("puer", "atlantis")
    return Settings(nats_url=own_nats.url, keys=keys, packs=packs, **own_database.fields)


async def test_a_truncated_ledger_closes_its_district_at_the_next_start_and_no_other(
    settings: Settings, own_database: Store, own_bus: Any, clock: Any, house_of: type, error_of: Any
) -> None:
    async with running(settings, load_packs(), clock=clock) as service:
        houses = [house_of(service, own_bus, name) for name in ("cut", "whole")]
        for house in houses:
            await house.bind(registry.PackBinding(pack="puer", since=date(2024, 1, 1)))
            await house.employ("t1")
            for hours in (1, 2, 3):
                assert isinstance(await house.course(of=SET, facts=facts(hours)), TrainingRegistered)
        open_still = (await houses[1].project(SET)).id
    await asyncio.to_thread(own_database.edit, "credits", "cut", "DELETE FROM ledger WHERE seq = 3", force=True)
    with capture_logs() as told:
        async with running(settings, load_packs(), clock=clock) as service:
            cut, whole = (house_of(service, own_bus, name) for name in ("cut", "whole"))
            error_of(await cut.register(facts=facts(4), key="later"), "LEDGER_BROKEN")
            assert (await whole.register(facts=facts(4), key="later", project=open_still)).record.entry == 4
            # It is still read: the entries that are left, and the balance that was kept of all of them.
            for until, hours in ((date(2030, 1, 1), 3), (None, 6)):
                query = GetTotals(caller=cut.officer, teachers=("t1",), until=until)
                assert (await cut.call(GET_TOTALS, query)).items[0].hours == hours
    closed = [line for line in told if line["event"] == "ledger-broken"]
    assert {(line["district"], line["seq"], line["log_level"]) for line in closed} == {("cut", 3, "error")}
    assert "missing" in closed[0]["reason"]


async def test_everything_accepted_is_answered_when_the_service_ends(
    settings: Settings, own_bus: Any, clock: Any, house_of: type
) -> None:
    async with running(settings, load_packs(), clock=clock) as service:
        house = house_of(service, own_bus, "ending")
        await house.bind(registry.PackBinding(pack="puer", since=date(2024, 1, 1)))
        await house.employ("t1")
        projects = [(await house.project(SET)).id for _ in range(40)]
        calls = [
            asyncio.create_task(house.register(facts=facts(hours), key=f"k{hours}", project=project))
            for hours, project in enumerate(projects, 1)
        ]
        # The first answer shows that the others are in the service's hands too.
        await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(answer, TrainingRegistered) for answer in answers), answers
    with pytest.raises(ServiceUnavailable):
        await house.register(facts=facts(50), key="too-late")
    async with running(settings, load_packs(), clock=clock) as service:
        again = house_of(service, own_bus, "ending")
        repeated = await again.register(facts=facts(7), key="k7", project=projects[6])
        assert (repeated.replayed, repeated.record) == (True, answers[6].record)
        assert (await again.counts())["ledger"] == 40


def test_packs_that_are_broken_or_not_there_are_named_in_the_log() -> None:
    with capture_logs() as told:
        report_packs(Rulebook({}, {"puer": "no cite"}), ("puer", "atlantis"))
    assert [(line["event"], line["pack"], line["log_level"]) for line in told] == [
        ("rule-pack-refused", "puer", "error"),
        ("rule-pack-missing", "atlantis", "error"),
    ]
