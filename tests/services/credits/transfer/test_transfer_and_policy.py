"""A change of law leaves what a transfer brought as it was decided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from yanxiu_wire import registry
from yanxiu_wire.credits import DECIDE_PROJECT, DecideProject, Project

from tests.services.credits.conftest import NOTICE
from tests.services.credits.policy.conftest import Policy
from tests.services.credits.transfer.conftest import Opening, Place
from tests.services.credits.transfer.test_receive_transfer import total


async def test_an_adoption_leaves_what_an_official_recognised_of_a_transfer(left: Place, entered: Place) -> None:
    await left.earn(facts={"hours": "10", "score": "85"})
    received = await entered.receive(await left.transcript(), within_city=False)
    await entered.decide(received.transfer.id, 1, hours=Decimal(5), credits=Decimal(5))
    assert await total(entered) == (5, 5)
    policy = Policy(entered)
    preview = await policy.preview(settings={"pass_mark": 70})
    assert await policy.records(preview.id) == {}
    await policy.bind(preview)
    assert (await policy.adopted(preview.id)).state == "done"
    assert await total(entered) == (5, 5)
    await policy.intact()


async def test_the_real_law_does_not_wipe_transferred_credits_when_a_setting_changes(open_place: Opening) -> None:
    left, entered = await open_place("puer"), await open_place("puer")
    project = await left.project({"mode": "central", "level": "county", "project_credit": "1"}, approve=False)
    department, day = left.caller("district-officer"), date(2024, 3, 1)
    approval = DecideProject(
        caller=department, key=left.key(), project=project.id, approve=True, on=day, document=NOTICE
    )
    assert isinstance(await left.call(DECIDE_PROJECT, approval), Project)
    await left.register(project=project.id, on=date(2024, 5, 20), facts={"hours": "10", "score": "85"})
    received = await entered.receive(await left.transcript())
    assert [one.outcome for one in received.transfer.items] == ["recognised"]
    before = await total(entered)
    policy = Policy(entered)
    since = date(2024, 1, 1)
    policy.bound = {since: registry.PackBinding(pack="puer", since=since)}
    preview = await policy.preview(settings={"score_rounding": "half_up"})
    assert await policy.records(preview.id) == {}
    await policy.bind(preview)
    assert (await policy.adopted(preview.id)).state == "done"
    assert await total(entered) == before
    assert before[1] > 0
