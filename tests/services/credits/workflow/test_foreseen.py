"""What was judged before the transaction holds in it for those of whom nothing came since, and for nobody else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from yanxiu_credits.laws import InForce
from yanxiu_credits.workflow import excused, results
from yanxiu_credits.workflow.foresee import foresee
from yanxiu_credits.workflow.foreseen import Foreseen, unchanged
from yanxiu_credits.workflow.results import judged, judging
from yanxiu_footing.laws import Bound
from yanxiu_footing.registry_facts import read_district
from yanxiu_wire import teacher as wire_teacher

from tests.services.credits.workflow.conftest import IN_YEAR, Town
from tests.services.credits.workflow.test_take_steps import both_submitted, ended, take_all


async def law_of(town: Town, conn: Any) -> InForce:
    bound = town.service.laws.bound(await read_district(conn, town.district), IN_YEAR)
    assert isinstance(bound, Bound)
    law = judging(bound)
    assert isinstance(law, InForce)
    return law


async def still(town: Town, foreseen: Foreseen, **other: Any) -> Collection[str]:
    async with town.service.databases.read(town.district) as conn:
        given = {"law": await law_of(town, conn), "period": foreseen.period, "today": foreseen.today} | other
        return await unchanged(conn, town.district, foreseen, **given)


async def foreseen_of(town: Town, process: str, step: str = "recognise") -> Foreseen:
    found = await foresee(town.service, town.district, process, step)
    assert found is not None
    return found


async def test_an_entry_or_a_fact_of_a_teacher_ends_what_was_foreseen_of_him_alone(town: Town) -> None:
    process, _other = await both_submitted(town)
    before = await foreseen_of(town, process)
    assert before.asked == {"t1", "t2"} == before.standings.keys()
    assert await still(town, before) == {"t1", "t2"}
    await town.register("t9", facts={"hours": "5"})
    assert await still(town, before) == {"t1", "t2"}
    await town.register("t1", on=date(2024, 10, 1), facts={"hours": "7"})
    assert await still(town, before) == {"t2"}
    async with town.service.databases.read(town.district) as conn:
        given = (conn, town.service, town.district, await law_of(town, conn), before.period, ["t1", "t2", "nobody"])
        found = await judged(*given, before)
        assert found == await judged(*given)
    assert not isinstance(found, Exception)
    assert found["t1"] != before.standings["t1"]  # type: ignore[index]  # judged, since it equals what was
    place = wire_teacher.Employment(school="school-1", since=date(2021, 9, 1))
    await town.employ("t2", place, version=2, title="高级教师")
    assert await still(town, before) == set()


async def test_nothing_foreseen_holds_under_another_law_for_another_period_or_on_another_day(town: Town) -> None:
    process, _other = await both_submitted(town)
    before = await foreseen_of(town, process)
    async with town.service.databases.read(town.district) as conn:
        law = await law_of(town, conn)
    stricter = InForce(pack=law.pack, credit=law.credit, settings={**law.settings, "made_up": {"value": "1"}})
    assert await still(town, before, law=stricter) == set()
    assert await still(town, before, period=msgspec.structs.replace(before.period, label="2025")) == set()
    assert await still(town, before, today=before.today + timedelta(days=1)) == set()


async def test_a_step_that_judges_nobody_foresees_nothing(town: Town) -> None:
    process, _other = await both_submitted(town)
    assert await foresee(town.service, town.district, process, "submit") is None
    assert await foresee(town.service, town.district, process, "celebrate") is None
    assert await foresee(town.service, town.district, "nobody's", "recognise") is None


async def test_the_transaction_of_a_recognised_school_judges_nobody_again_and_looks_for_no_objections(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await both_submitted(town)
    monkeypatch.setattr(results, "judge_many", None)
    # It reads the ledger: only where a result is not the public one is there anything to look for.
    monkeypatch.setattr(excused, "_taken_back", None)
    job = await ended(town, await take_all(town, town.institute))
    assert (job.state, job.done, job.problems) == ("done", 2, ())
