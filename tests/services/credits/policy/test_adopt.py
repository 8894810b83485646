"""Adoption gives exactly what the preview said, once, and nothing where the data or the law are others."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_credits.__main__ import running
from yanxiu_credits.settings import Settings
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire import registry
from yanxiu_wire.credits import TrainingRegistered
from yanxiu_wire.policy import DraftValue, Preview

from tests.examples import with_service
from tests.services.credits.conftest import made_up_pack, parameter
from tests.services.credits.policy.conftest import LAW_SINCE, Policy
from tests.stores import Store

STRICT = {"pass_mark": "90"}
_serial = itertools.count()


async def train(house: Any, *marks: tuple[str, str, str]) -> None:
    """Register for (teacher, hours, mark), each under a project of its own."""
    for teacher, hours, mark in marks:
        made = await house.course(teacher, facts={"hours": hours, "score": mark})
        assert isinstance(made, TrainingRegistered), made


async def test_adoption_gives_exactly_what_the_preview_said(policy: Any, error_of: Any) -> None:
    await train(policy.house, ("t1", "80", "85"), ("t1", "7", "95"), ("t2", "80", "55"))
    before = await policy.chain()
    preview = await policy.preview(settings=STRICT)
    assert await policy.standings() == await policy.stored(preview.id, "before")
    error_of(await policy.adopt(preview.id), "POLICY_NOT_BOUND")
    await policy.bind(preview)
    job = await policy.adopted(preview.id)
    assert (job.state, job.result["records"], job.result["teachers"]) == ("done", 1, 2)
    assert await policy.standings() == await policy.stored(preview.id, "after")
    lines, records = await policy.lines(preview.id), await policy.records(preview.id)
    assert {line.matched for line in lines.values()} == {record.matched for record in records.values()} == {True}
    assert (await policy.get(preview.id)).state == "adopted"
    after = await policy.chain()
    assert after[: len(before)] == before
    (reversal,) = (row for row in await policy.house.rows("ledger") if row["seq"] > len(before))
    assert (reversal["kind"], reversal["micro_credits"]) == ("registration-reversal", -80_000_000)
    (why,) = (row for row in await policy.house.rows("reversal") if row["entry_id"] == reversal["entry_id"])
    assert (why["why"], why["reason"]) == ("law", "市局文件")
    await policy.intact()
    error_of(await policy.adopt(preview.id), "PREVIEW_ADOPTED")
    again = await policy.preview(settings=STRICT)
    assert await policy.records(again.id) == {}
    assert {line.effect for line in (await policy.lines(again.id)).values()} == {"same"}


async def test_a_record_that_counts_anew_is_a_new_generation_with_its_own_decision(policy: Any) -> None:
    await train(policy.house, ("t2", "80", "55"))
    preview = await policy.preview(settings={"pass_mark": "50"})
    await policy.bind(preview)
    assert (await policy.adopted(preview.id)).state == "done"
    old, new = sorted(await policy.house.rows("record"), key=lambda row: row["generation"])
    assert (old["status"], new["status"], new["generation"], new["entry"]) == ("ZERO", "COUNTED", 2, 1)
    assert (new["activity"], new["facts"], new["school"]) == (old["activity"], old["facts"], old["school"])
    decisions = {row["record"]: row for row in await policy.house.rows("decision")}
    assert '"value":"50"' in decisions[new["id"]]["settings"].replace(" ", "")
    assert decisions[new["id"]]["teacher_facts"] == decisions[old["id"]]["teacher_facts"]
    await policy.intact()


async def test_a_preview_is_stale_once_the_ledger_or_the_facts_have_moved(policy: Any, error_of: Any) -> None:
    await train(policy.house, ("t1", "80", "85"))
    preview = await policy.preview(settings=STRICT)
    await policy.bind(preview)
    await policy.house.employ("t3")
    before = await policy.chain()
    error_of(await policy.adopt(preview.id), "PREVIEW_STALE")
    preview = await policy.preview(settings=STRICT)
    await train(policy.house, ("t2", "3", "95"))
    error_of(await policy.adopt(preview.id), "PREVIEW_STALE")
    assert (await policy.chain())[: len(before)] == before


async def test_who_may_not_adopt_and_what_cannot_be_adopted(policy: Any, error_of: Any) -> None:
    await train(policy.house, ("t1", "80", "85"))
    draft = DraftValue(parameter="year_credits", since=date(2024, 1, 1), value="90", unit="分", cite="MADE-4")
    preview = await policy.preview(values=(draft,))
    error_of(await policy.adopt(preview.id, caller=policy.house.officer), "FORBIDDEN")
    error_of(await policy.adopt(preview.id, reason="  "), "REASON_MISSING")
    error_of(await policy.adopt(preview.id), "POLICY_NOT_RELEASED")
    error_of(await policy.adopt("none"), "PREVIEW_UNKNOWN")


async def test_what_comes_out_otherwise_than_previewed_fails_loudly_and_is_finished_later(
    policy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await train(policy.house, ("t1", "80", "85"))
    before = await policy.chain()
    preview = await policy.preview(settings=STRICT)
    await policy.bind(preview)

    async def enters_nothing(*_args: Any, **_more: Any) -> None:
        return None

    with monkeypatch.context() as broken:
        broken.setattr("yanxiu_credits.policy.adopt.decide_again", enters_nothing)
        job = await policy.adopted(preview.id)
    assert job.state == "failed"
    assert [problem.reason.code for problem in job.problems] == ["ADOPTION_DIFFERS"]
    assert await policy.chain() == before
    assert (await policy.get(preview.id)).state == "adopting"
    job = await policy.adopted(preview.id)
    assert job.state == "done"
    assert await policy.standings() == await policy.stored(preview.id, "after")


def released(version: str, full_mark: int) -> RulePack:
    """The made-up law in another edition: the full mark is lower, and marks above it are refused."""
    pack = made_up_pack("made")
    pack.version = version
    values = {**dict(pack.parameters.items()), "full_mark": parameter("full_mark", Decimal(full_mark), "MADE-2")}
    return pack.under(type(pack.parameters)(values, file="made-up"))


async def test_a_pack_installed_for_previews_is_adopted_once_it_is_released(
    own_nats: Any, own_bus: Any, own_database: Store, clock: Any, house_of: Any, error_of: Any
) -> None:
    fields = own_database.fields
    kept = Settings(nats_url=own_nats.url, keys=fields["data"] / "keys", **fields)
    drafts: Mapping[str, RulePack] = {"made-up-made 2.0": released("2.0", 90)}
    async with running(kept, Rulebook({"made": made_up_pack("made")}, {}), clock=clock, drafts=drafts) as service:
        house = house_of(service, own_bus, "dist")
        await house.bind(registry.PackBinding(pack="made", since=LAW_SINCE))
        await house.employ("t1")
        policy = Policy(house)
        await train(house, ("t1", "40", "95"), ("t1", "50", "85"))
        preview = await policy.preview(release="made-up-made 2.0", since=date(2024, 1, 1))
        (record,) = (await policy.records(preview.id)).values()
        assert (record.before.status, record.after.status) == ("COUNTED", "REJECTED")
        assert record.causes[0].clause == "MADE-2"
        error_of(await policy.adopt(preview.id), "POLICY_NOT_BOUND")
    async with running(kept, Rulebook({"made": released("2.0", 90)}, {}), clock=clock) as service:
        house.service = service
        await policy.bind(preview, version=5)
        assert (await policy.adopted(preview.id)).state == "done"
        assert await policy.standings() == await policy.stored(preview.id, "after")
        assert (await policy.lines(preview.id))["t1"].after.credits == 50
        await policy.intact()


trainings = st.lists(
    st.tuples(
        st.sampled_from(["t1", "t2"]),
        st.decimals("1", "60", places=2).map(str),
        st.sampled_from(["40", "55", "60", "79.99", "80", "95"]),
        st.dates(date(2023, 12, 30), date(2024, 1, 3)),
    ),
    min_size=1,
    max_size=6,
)


@with_service(8)
@given(work=trainings, mark=st.integers(50, 90), since=st.sampled_from([date(2024, 1, 1), date(2024, 1, 2)]))
async def test_after_any_adoption_every_standing_is_what_the_preview_said(
    policy: Any, work: list[tuple[str, str, str, date]], mark: int, since: date
) -> None:
    run, house = next(_serial), policy.house
    for number, (teacher, hours, score, on) in enumerate(work):
        await house.register(teacher, on=on, facts={"hours": hours, "score": score}, key=f"run-{run}-{number}")
    before = await policy.chain()
    preview = await policy.preview(since=since, settings={"pass_mark": str(mark)})
    assert await policy.chain() == before
    assert await policy.standings() == await policy.stored(preview.id, "before")
    await policy.bind(preview, version=10 + run)
    job = await policy.adopted(preview.id)
    assert job.state == "done", job
    assert await policy.standings() == await policy.stored(preview.id, "after")
    once = await policy.chain()
    assert once[: len(before)] == before
    assert not isinstance(await policy.adopt(preview.id), Preview)
    again = await policy.preview(since=since, settings={"pass_mark": str(mark)})
    assert await policy.records(again.id) == {}
    assert (await policy.adopted(again.id)).state == "done"
    assert await policy.chain() == once
    await policy.intact()
