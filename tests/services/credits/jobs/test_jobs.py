"""A job is done part by part, each exactly once; what fails says why, and what was lost is sent again."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import Counter
from datetime import date
from typing import Any

import pytest
from yanxiu_credits.jobs import verify
from yanxiu_credits.jobs.enqueue import enqueue
from yanxiu_wire.books import SIGN_HEAD, SignHead
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.events import consume
from yanxiu_wire.jobs import (
    CANCEL_JOB,
    GET_JOBS,
    JOB_PROGRESSED,
    LIST_JOBS,
    START_JOB,
    CancelJob,
    GetJobs,
    JobProgressed,
    ListJobs,
    StartJob,
)
from yanxiu_wire.message import Page
from yanxiu_wire.standings import LIST_SHORTFALLS, ListShortfalls

from tests.services.credits.jobs.conftest import Jobs
from tests.services.credits.jobs.made_up_works import ENTRIES
from tests.stores import Store

PARTS = 7


def parts(count: int = PARTS, **more: Any) -> list[dict[str, Any]]:
    return [{"no": number, **more} for number in range(count)]


async def test_every_part_is_done_once_and_the_last_one_concludes(jobs: Any) -> None:
    made = await jobs.enter("post", parts(), last={}, about={"year": "2024"})
    ended = await jobs.ended(made)
    assert (ended.state, ended.total, ended.done, ended.failed) == ("done", PARTS + 1, PARTS + 1, 0)
    assert ended.result == {"entries": PARTS * ENTRIES}
    assert ended.about == {"year": "2024"}
    assert ended.seconds_left is None
    assert ended.per_minute is not None
    assert ended.started_at is not None
    assert ended.ended_at is not None
    assert ended.created_at <= ended.started_at <= ended.ended_at
    keys = await jobs.keys()
    assert len(keys) == PARTS * ENTRIES
    assert max(Counter(keys).values()) == 1


async def test_a_job_that_is_not_committed_never_was(jobs: Any) -> None:
    made: list[str] = []

    async def ask_and_fail() -> None:
        async with jobs.house.service.databases.write("dist", Deadline.after(10)) as conn:
            made.append(await enqueue(conn, jobs.house.service, "dist", "post", parts(), jobs.house.officer))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await ask_and_fail()
    found = await jobs.house.call(GET_JOBS, GetJobs(caller=jobs.house.officer, ids=(made[0],)))
    assert found.items == (None,)
    assert await jobs.keys() == []


async def test_a_poisoned_part_fails_with_its_reason_and_the_job_says_so(jobs: Any) -> None:
    made = await jobs.enter("poisoned", parts(bad=3), last={})
    ended = await jobs.ended(made)
    assert (ended.state, ended.done, ended.failed) == ("failed", PARTS - 1, 1)
    (problem,) = ended.problems
    assert (problem.part, problem.tries, problem.reason.code) == (4, 3, "PART_FAILED")
    assert "ValueError" in problem.reason.message_zh
    assert "secret" not in f"{problem.reason}"
    assert ended.result is None
    keys = await jobs.keys()
    assert len(keys) == (PARTS - 1) * ENTRIES
    assert not any(teacher == "t-3" for teacher, _ in keys)


async def test_a_refused_part_fails_at_once_and_writes_nothing(jobs: Any) -> None:
    ended = await jobs.ended(await jobs.enter("refused", parts(1)))
    assert ended.state == "failed"
    (problem,) = ended.problems
    assert (problem.tries, problem.reason.code) == (1, "TEACHER_UNKNOWN")
    assert await jobs.keys() == []


async def test_a_kind_that_nobody_knows_fails_and_says_so(jobs: Any) -> None:
    ended = await jobs.ended(await jobs.enter("unheard-of", parts(1)))
    assert (ended.state, ended.problems[0].reason.code) == ("failed", "PART_FAILED")


async def test_what_the_stream_lost_is_sent_again_from_the_table(jobs: Any, own_nats: Any, tmp_path: Any) -> None:
    (tmp_path / "gather").write_text(str(os.getpid()))
    made = await jobs.enter("post", parts(gate=str(tmp_path)), last={})
    await jobs.there(tmp_path / "gather.held")
    own_nats.kill()
    shutil.rmtree(own_nats.store)
    own_nats.start()
    (tmp_path / "gather.held").unlink()
    ended = await jobs.ended(made)
    assert (ended.state, ended.result) == ("done", {"entries": PARTS * ENTRIES})


async def test_a_cancelled_job_keeps_what_is_done_and_begins_nothing_more(jobs: Any, error_of: Any) -> None:
    officer = jobs.house.officer
    made = await jobs.enter("post", parts(400), last={})
    await jobs.until(made, lambda one: one.done > 0)
    given_up = await jobs.house.call(CANCEL_JOB, CancelJob(caller=officer, key="cancel-1", job=made))
    assert given_up.state == "cancelled"
    assert 0 < given_up.done < given_up.total
    again = await jobs.house.call(CANCEL_JOB, CancelJob(caller=officer, key="cancel-2", job=made))
    error_of(again, "JOB_ENDED")
    before = await jobs.keys()
    later = await jobs.ended(await jobs.enter("post", [{"no": 1000}]))
    assert later.state == "done"
    assert len(await jobs.keys()) == len(before) + ENTRIES
    assert (await jobs.get(made)).done * ENTRIES == len(before)


async def test_progress_is_announced_for_who_watches(jobs: Any, own_bus: Any) -> None:
    told: list[JobProgressed] = []
    seen = asyncio.Event()

    async def take(_district: str, _event: Any, body: JobProgressed, _message_id: str) -> None:
        told.append(body)
        if body.state == "done":
            seen.set()

    watching = await consume(own_bus, durable="watching", events=(JOB_PROGRESSED,), handle=take)
    made = await jobs.enter("post", parts())
    async with asyncio.timeout(30):
        await seen.wait()
    await watching.stop()
    assert [one.done for one in told if one.job == made] == list(range(1, PARTS + 1))
    assert told[-1].state == "done"


async def test_jobs_are_listed_newest_first_to_those_who_watch_them(jobs: Any, error_of: Any) -> None:
    house = jobs.house
    made = [await jobs.enter("post", [{"no": number}]) for number in range(3)]
    for one in made:
        await jobs.ended(one)
    first = await house.call(LIST_JOBS, ListJobs(caller=house.officer, page=Page(first=2)))
    assert [one.id for one in first.items] == [made[2], made[1]]
    assert (first.total, first.has_next) == (3, True)
    rest = await house.call(LIST_JOBS, ListJobs(caller=house.officer, page=Page(first=2, after=first.cursors[-1])))
    assert [one.id for one in rest.items] == [made[0]]
    running = await house.call(LIST_JOBS, ListJobs(caller=house.officer, state="running"))
    assert running.items == ()
    teacher = house.caller("teacher", teacher="t1")
    error_of(await house.call(LIST_JOBS, ListJobs(caller=teacher)), "FORBIDDEN")
    school = house.caller("school-leader", school="school-1")
    error_of(await house.call(CANCEL_JOB, CancelJob(caller=school, key="cancel-3", job=made[0])), "FORBIDDEN")
    error_of(await house.call(LIST_JOBS, ListJobs(caller=house.officer, page=Page(after="x"))), "CURSOR_MALFORMED")


async def test_only_a_job_that_needs_nothing_else_is_started_by_hand(jobs: Any, error_of: Any) -> None:
    refused = await jobs.house.call(START_JOB, StartJob(caller=jobs.house.officer, key="start-1", kind="adopt"))
    error_of(refused, "JOB_KIND_UNKNOWN")


async def test_a_ledger_is_verified_in_stretches_that_replicas_share(
    house: Any, database: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "_STRETCH", 2)
    for hours in range(1, 6):
        await house.register(facts={"hours": str(hours), "score": "85"}, project=(await house.project()).id)
    assert await verified(house) == {"entries": 5, "first_bad": None}
    altered = "UPDATE ledger SET micro_hours = 1 WHERE seq = 4"
    await asyncio.to_thread(database.edit, "credits", house.district, altered, force=True)
    assert (await verified(house))["first_bad"] == 4
    refused = await house.register(facts={"hours": "9", "score": "85"})
    assert refused.errors[0].code == "LEDGER_BROKEN"


async def test_what_was_signed_and_taken_out_is_told_by_the_job_too(house: Any, database: Store) -> None:
    """Everything fits that is left: rows, head, records. Only the signed head knows of five."""
    for hours in range(1, 6):
        await house.register(facts={"hours": str(hours), "score": "85"}, project=(await house.project()).id)
    signed = await house.call(SIGN_HEAD, SignHead(caller=house.caller("district-officer"), key=house.key()))
    assert signed.size == 5
    assert await verified(house) == {"entries": 5, "first_bad": None}
    forged = (
        "DELETE FROM decision WHERE record = (SELECT record FROM ledger WHERE seq = 5)",
        "DELETE FROM record WHERE entry = 5",
        "DELETE FROM ledger WHERE seq = 5",
        "UPDATE ledger_head SET seq = 4, hash = (SELECT hash FROM ledger WHERE seq = 4)",
    )
    await asyncio.to_thread(database.edit, "credits", house.district, "; ".join(forged), force=True)
    assert await verified(house) == {"entries": 4, "first_bad": 5}


async def verified(house: Any) -> dict[str, Any]:
    """Start the job, wait for its end, return the part of its result that names what was found."""
    jobs = Jobs(house)
    started = await house.call(START_JOB, StartJob(caller=house.officer, key=house.key(), kind="verify"))
    result = (await jobs.ended(started.id)).result
    assert result is not None
    return {name: result[name] for name in ("entries", "first_bad")}


async def test_standings_are_judged_anew_from_the_ledger_whatever_the_rows_said(house: Any, database: Store) -> None:
    for year in (2023, 2024):
        await house.course("t1", on=date(year, 5, 20), facts={"hours": "80", "score": "85"})
    listed = ListShortfalls(caller=house.officer, kind="year", on=date(2024, 6, 1), page=Page(first=10))
    before = await house.call(LIST_SHORTFALLS, listed)
    assert [one.teacher for one in before.items] == ["t2"]
    wrong = "UPDATE standing_row SET verdict = 'FAIL', short_mask = 1"
    await asyncio.to_thread(database.edit, "credits", house.district, wrong)
    assert len((await house.call(LIST_SHORTFALLS, listed)).items) == 2
    command = StartJob(caller=house.officer, key=house.key(), kind="rebuild-standings")
    ended = await Jobs(house).ended((await house.call(START_JOB, command)).id)
    assert (ended.state, ended.result) == ("done", {"periods": 2})
    assert (await house.call(LIST_SHORTFALLS, listed)).items == before.items
