"""Who falls short: the rows equal a recompute at every point, in scope, by school, clause, verdict and gap."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_credits.books.reverse import reverse
from yanxiu_credits.standings import batch, batch_state, many
from yanxiu_credits.standings.rows import judged_rows
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.credits import GET_STANDINGS, GetStandings, TrainingRegistered
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded
from yanxiu_wire.message import Page
from yanxiu_wire.standings import (
    LIST_SHORTFALLS,
    SUMMARISE_SHORTFALLS,
    ListShortfalls,
    ShortfallPage,
    ShortfallSummary,
    SummariseShortfalls,
)

from tests.examples import with_service

DAY = date(2024, 6, 1)


async def everybody(house: Any, **asked: Any) -> list[Any]:
    """Every row that a question gets, page by page, two at a time."""
    found: list[Any] = []
    after = None
    while True:
        query = ListShortfalls(
            caller=asked.get("caller", house.officer),
            kind="year",
            on=asked.get("on", DAY),
            page=Page(first=2, after=after),
            **{name: value for name, value in asked.items() if name not in ("caller", "on")},
        )
        page = await house.call(LIST_SHORTFALLS, query)
        assert isinstance(page, ShortfallPage), page
        found += page.items
        if not page.has_next:
            assert len(found) == page.total
            return found
        after = page.cursors[-1]


async def recomputed(house: Any, on: date = DAY) -> dict[str, Any]:
    """The standing of everyone at work in the period, as it is answered one by one."""
    day = min(date(on.year, 12, 31), house.service.clock.today())
    people = await house.rows("teacher_place")
    at_work = {
        row["teacher"]: row["school"]
        for row in people
        if row["since"] <= day and (row["until"] is None or day <= row["until"])
    }
    names = tuple(sorted(at_work))
    answer = await house.call(GET_STANDINGS, GetStandings(caller=house.officer, teachers=names, kind="year", on=on))
    return {one.teacher: (at_work[one.teacher], one) for one in answer.items if one is not None}


async def agree(house: Any, on: date = DAY) -> None:
    """Rows and summary say what a recompute says, exactly."""
    wanted = await recomputed(house, on)
    rows = {
        row.teacher: row
        for verdict in ("PASS", "FAIL", "EXEMPT")
        for row in await everybody(house, verdict=verdict, on=on)
    }
    assert rows.keys() == wanted.keys()
    for teacher, (school, standing) in wanted.items():
        row = rows[teacher]
        assert (row.school, row.verdict) == (school, standing.verdict)
        assert (row.hours, row.credits, row.recognised_hours, row.recognised_credits) == (
            standing.hours,
            standing.credits,
            standing.recognised_hours,
            standing.recognised_credits,
        )
        unmet = [(f.clause, f.threshold, f.earned, f.shortfall) for f in standing.findings if not f.met]
        assert [(f.clause, f.threshold, f.earned, f.shortfall) for f in row.short] == unmet
    summary = await house.call(SUMMARISE_SHORTFALLS, SummariseShortfalls(caller=house.officer, kind="year", on=on))
    assert isinstance(summary, ShortfallSummary), summary
    assert summary.as_of_seq == len(await house.rows("ledger"))
    assert summary.total.teachers == len(wanted)
    assert summary.total.failed == sum(one.verdict == "FAIL" for _school, one in wanted.values())
    assert {one.school: one.teachers for one in summary.schools} == {
        school: sum(at == school for at, _ in wanted.values()) for school, _ in wanted.values()
    }


class Actor:
    """Does to a district what a command of the property test says."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.versions: dict[str, int] = {}
        self.entries: list[str] = []

    async def register(self, teacher: int, amount: int) -> None:
        answer = await self.house.register(f"s{teacher}", facts={"hours": f"{amount}.5", "coefficient": "1.3"})
        if isinstance(answer, TrainingRegistered):
            self.entries.append(await self._entry_of(answer.record.id))

    async def _entry_of(self, record: str) -> str:
        return next(row["entry_id"] for row in await self.house.rows("ledger") if row["record"] == record)

    async def take_back(self, which: int, _amount: int) -> None:
        if self.entries:
            entry = self.entries.pop(which % len(self.entries))
            async with self.house.service.databases.write(self.house.district, Deadline.after(10)) as conn:
                await reverse(
                    conn, self.house.service, self.house.district, entry,
                    reason="登记有误", by=self.house.officer, why="correction",
                )  # fmt: skip

    async def employ(self, teacher: int, school: int) -> None:
        name = f"s{teacher}"
        version = self.versions[name] = self.versions.get(name, 0) + 1
        work = [wire_teacher.Employment(school=f"school-{school % 3}", since=date(2021, 9, 1))]
        if school % 2:
            first = wire_teacher.Employment(
                school=f"school-{school % 3}", since=date(2021, 9, 1), until=date(2024, 8, 31)
            )
            work = [first, wire_teacher.Employment(school="school-9", since=date(2024, 9, 1))]
        if school % 5 == 4:
            work = [wire_teacher.Employment(school="school-0", since=date(2021, 9, 1), until=date(2024, 8, 31))]
        await self.house.employ(name, *work, version=version)


commands = st.lists(
    st.tuples(st.sampled_from(["register", "register", "take_back", "employ"]), st.integers(0, 4), st.integers(1, 70)),
    min_size=1,
    max_size=8,
)


@pytest.fixture(
    params=[(200, 1000, 2000), (1, 2, 2000), (0, 2, 1)], ids=["few at once", "many in parts", "many by columns"]
)
def sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Judged within the answer, in parts before it, or by columns."""
    few, part, least = request.param
    monkeypatch.setattr(batch_state, "FEW", few)
    monkeypatch.setattr(batch, "PART", part)
    monkeypatch.setattr(many, "LEAST", least)
    monkeypatch.setattr(many, "ROWS", 3)


@pytest.mark.every_case_on_both
@pytest.mark.usefixtures("sizes")
@with_service(5)
@given(sequence=commands)
async def test_rows_equal_a_recompute_after_any_sequence(house: Any, sequence: list[tuple[str, int, int]]) -> None:
    actor = Actor(house)
    known = [row["teacher"] for row in await house.rows("teacher_fact")]
    versions = {row["teacher"]: row["version"] for row in await house.rows("teacher_fact")}
    actor.versions.update({name: versions[name] for name in known})
    for name, teacher, amount in sequence:
        await getattr(actor, name)(teacher, amount)
        await agree(house)


async def test_a_school_sees_its_own_and_a_teacher_no_list(house: Any, error_of: Any) -> None:
    await house.employ("elsewhere", wire_teacher.Employment(school="school-2", since=date(2021, 9, 1)))
    await house.course("t1", facts={"hours": "80"})
    leader = house.caller("school-leader", school="school-1")
    assert [row.teacher for row in await everybody(house)] == ["t2", "elsewhere"]
    assert [row.teacher for row in await everybody(house, caller=leader)] == ["t2"]
    assert await everybody(house, caller=leader, school="school-2") == []
    assert [row.teacher for row in await everybody(house, school="school-2")] == ["elsewhere"]
    teacher = house.caller("teacher", teacher="t2")
    error_of(await house.call(LIST_SHORTFALLS, ListShortfalls(caller=teacher, kind="year")), "FORBIDDEN")
    error_of(await house.call(SUMMARISE_SHORTFALLS, SummariseShortfalls(caller=teacher, kind="year")), "FORBIDDEN")


async def test_lists_are_narrowed_by_clause_and_verdict_and_sorted_by_gap(house: Any) -> None:
    await house.employ("t3")
    await house.course("t1", facts={"hours": "30"})
    await house.course("t2", facts={"hours": "72"})
    assert [row.teacher for row in await everybody(house, sort="gap")] == ["t3", "t1"]
    assert [row.teacher for row in await everybody(house, sort="teacher", clause="MADE-4")] == ["t1", "t3"]
    assert await everybody(house, clause="MADE-1") == []
    assert [row.teacher for row in await everybody(house, verdict="PASS")] == ["t2"]
    (row,) = [one for one in await everybody(house) if one.teacher == "t1"]
    assert (row.short[0].earned, row.short[0].shortfall) == (Decimal(30), Decimal(42))


async def test_a_day_that_comes_changes_the_rows_by_itself(house: Any, clock: Any) -> None:
    today = clock.today()
    leaves = wire_teacher.Employment(school="school-1", since=date(2021, 9, 1), until=today)
    moves = wire_teacher.Employment(school="school-7", since=today + timedelta(days=1))
    await house.employ("t2", leaves, moves, version=2)
    assert {row.school for row in await everybody(house, on=today)} == {"school-1"}
    clock.days = 1
    try:
        if clock.today().year != today.year:
            today = clock.today()
        assert {row.teacher: row.school for row in await everybody(house, on=today)} == {
            "t1": "school-1",
            "t2": "school-7",
        }
        await agree(house, on=today)
    finally:
        clock.days = 0


async def test_another_law_makes_other_rows(house: Any) -> None:
    await house.course("t1", facts={"hours": "80"})
    assert [row.teacher for row in await everybody(house)] == ["t2"]
    before = len(await house.rows("standing_batch"))
    await house.bind(registry.PackBinding(pack="other", since=date(2020, 1, 1)), version=2)
    await house.until(lambda rows: rows[0]["version"] == 2, "district_fact")
    await agree(house)
    assert len(await house.rows("standing_batch")) == before + 1


async def test_questions_at_the_same_time_as_registrations_agree_with_the_entry_they_name(house: Any) -> None:
    async def ask() -> Any:
        return await house.call(SUMMARISE_SHORTFALLS, SummariseShortfalls(caller=house.officer, kind="year", on=DAY))

    project = (await house.project()).id
    work = [house.register("t1", project=project, facts={"hours": "8"}) for _ in range(12)]
    answers = await asyncio.gather(*(one for pair in zip(work, (ask() for _ in work), strict=True) for one in pair))
    credit = {row["seq"]: row["micro_credits"] for row in await house.rows("ledger")}
    for answer in answers:
        if isinstance(answer, ShortfallSummary):
            reached = sum(amount for seq, amount in credit.items() if seq <= answer.as_of_seq) >= 72_000_000
            assert answer.total.passed == int(reached), answer


async def test_who_leaves_does_not_stop_the_judging_and_many_who_ask_wait_for_one(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_state, "FEW", 0)
    began, go_on, times = asyncio.Event(), asyncio.Event(), list[int]()
    judge = judged_rows

    def slow(*given: Any) -> Any:
        times.append(1)
        loop.call_soon_threadsafe(began.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(20)
        return judge(*given)

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(batch, "judged_rows", slow)
    question = SummariseShortfalls(caller=house.officer, kind="year", on=DAY)
    impatient = asyncio.create_task(house.call(SUMMARISE_SHORTFALLS, question, 2))
    patient = asyncio.create_task(house.call(SUMMARISE_SHORTFALLS, question))
    await began.wait()
    with pytest.raises(DeadlineExceeded):
        await impatient
    go_on.set()
    answer = await patient
    assert isinstance(answer, ShortfallSummary), answer
    assert (answer.total.teachers, len(times)) == (2, 1)


async def test_what_cannot_be_asked_is_refused(house: Any, error_of: Any) -> None:
    def asked(**more: Any) -> Any:
        return ListShortfalls(caller=house.officer, **{"kind": "year", **more})

    error_of(await house.call(LIST_SHORTFALLS, asked(kind="decade")), "PERIOD_UNKNOWN")
    error_of(await house.call(LIST_SHORTFALLS, asked(on=date(2019, 1, 1))), "LAW_NOT_IN_FORCE")
    error_of(await house.call(LIST_SHORTFALLS, asked(page=Page(first=0))), "TOO_MANY")
    error_of(await house.call(LIST_SHORTFALLS, asked(page=Page(after="!"))), "CURSOR_MALFORMED")


@pytest.fixture(autouse=True)
async def undisturbed(clock: Any) -> AsyncIterator[None]:
    yield
    assert clock.days == 0
