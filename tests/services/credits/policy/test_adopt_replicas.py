"""An adoption shared by two processes, one of them killed with a part written and not committed: all of it, once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from yanxiu_credits.__main__ import running
from yanxiu_credits.settings import Settings
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.credits import TrainingRegistered
from yanxiu_wire.policy import Preview

from tests.services.credits.conftest import made_up_pack
from tests.services.credits.jobs.processes import ready, replica
from tests.services.credits.policy.conftest import LAW_SINCE, Policy
from tests.services.credits.policy.held_adoption import GATE, works
from tests.stores import Store

SCHOOLS = 6
# What a mark of 85 becomes under the stricter law, one of 55 under the milder: taken back, and entered anew.
DRAFTS = {"90": "registration-reversal", "50": "registration"}


async def trained(house: Any) -> None:
    """Two teachers in each school, one of them with two records: a part of the adoption is a school."""
    for number in range(2 * SCHOOLS):
        teacher = f"t{number:02}"
        work = wire_teacher.Employment(school=f"school-{number // 2}", since=LAW_SINCE)
        await house.employ(teacher, work)
        for hours, mark in (("80", "85"), ("8", "55"))[: 1 + number % 2]:
            made = await house.course(teacher, facts={"hours": hours, "score": mark})
            assert isinstance(made, TrainingRegistered), made


@pytest.mark.every_case_on_both
@pytest.mark.parametrize("mark", DRAFTS)
async def test_a_replica_killed_amid_an_adoption_leaves_every_entry_once_and_all_as_previewed(
    own_nats: Any, own_bus: Any, own_database: Store, clock: Any, house_of: Any, tmp_path: Path, mark: str
) -> None:
    fields = own_database.fields
    kept = Settings(nats_url=own_nats.url, keys=fields["data"] / "keys", job_ack_seconds=1, **fields)
    rulebook = Rulebook({"made": made_up_pack("made")}, {})
    async with running(kept, rulebook, clock=clock, works=works(tmp_path)) as service:
        house = house_of(service, own_bus, "dist")
        await house.bind(registry.PackBinding(pack="made", since=LAW_SINCE))
        await trained(house)
        policy = Policy(house)
        preview = await policy.preview(settings={"pass_mark": mark})
        await policy.bind(preview)
        before = await house.rows("ledger")
        with replica(
            kept, own_database, "tests.services.credits.policy.held_adoption", **{GATE: str(tmp_path)}
        ) as other:
            await ready(other)
            (tmp_path / "write").write_text(str(other.pid))
            started = await policy.adopt(preview.id)
            assert isinstance(started, Preview)
            assert started.adoption is not None
            await policy.jobs.there(tmp_path / "write.held")
            assert (await policy.jobs.get(started.adoption)).done == 1
            other.kill()
            other.wait()
        job = await policy.jobs.ended(started.adoption)
        assert (job.state, job.done, job.failed, job.replicas) == ("done", SCHOOLS + 1, 0, 2)
        assert await policy.standings() == await policy.stored(preview.id, "after")
        lines, records = await policy.lines(preview.id), await policy.records(preview.id)
        assert {line.matched for line in lines.values()} == {record.matched for record in records.values()} == {True}
        new = [row for row in await house.rows("ledger") if row["seq"] > len(before)]
        assert {row["kind"] for row in new} == {DRAFTS[mark]}
        decided = Counter((row["teacher"], row["activity"]) for row in new)
        assert len(decided) == len(records) == (2 * SCHOOLS if mark == "90" else SCHOOLS)
        assert set(decided.values()) == {1}
        await policy.intact()
