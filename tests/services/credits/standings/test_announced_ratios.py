"""What is announced of the schools' ratios: once a period is over and closed, in versions, told to who follows."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from yanxiu_credits.__main__ import MIGRATIONS, running
from yanxiu_credits.settings import Settings
from yanxiu_credits.standings.withdraw_ratios import withdraw_announced
from yanxiu_durable.tables import OUTBOX
from yanxiu_rulekit.outcome import Period
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire import announced_ratios as wire
from yanxiu_wire import books, registry, standings
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.codec import decode
from yanxiu_wire.credits import SERVICE
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page

from tests.services.credits.standings.test_school_ratios import complete
from tests.stores import never_changed

DAY = date(2025, 6, 1)
_districts = itertools.count(1)
YEAR = Period(kind="year", label="2025年度", start=date(2025, 1, 1), end=date(2025, 12, 31))


@pytest.fixture(params=("sqlite", "postgresql"))
async def puer(
    request: pytest.FixtureRequest, nats_server: Any, bus: Any, stores: Any, clock: Any, house_of: Any, tmp_path: Path
) -> AsyncIterator[Any]:
    """A district under Pu'er's law: five teachers at school-1 and one at school-2, all in employ throughout 2025."""
    with stores.lent(request.param, (SERVICE, MIGRATIONS)) as store:
        settings = Settings(nats_url=nats_server.url, keys=tmp_path / "keys", **store.fields)
        async with running(settings, load_packs(), clock=clock) as service:
            house = house_of(service, bus, f"announced-{next(_districts)}")
            await house.bind(registry.PackBinding(pack="puer", since=date(2024, 1, 1)))
            for school in ("school-1", "school-2"):
                card = registry.School(
                    id=school, code=school, name="合成学校", stage="primary", location="town",
                    opened_on=date(2000, 9, 1),
                )  # fmt: skip
                told = registry.SchoolChanged(school=school, version=1, history=((date(2000, 9, 1), card),))
                await house.tell(registry.SCHOOL_CHANGED, told)
            for number in range(5):
                await house.employ(f"t{number}", wait=False)
            await house.employ("u0", wire_teacher.Employment(school="school-2", since=date(2021, 9, 1)))
            await house.until(lambda rows: len(rows) == 2, "school_fact")
            yield house


async def announce(house: Any, **given: Any) -> Any:
    asked = {"caller": house.officer, "key": house.key(), "on": DAY, **given}
    return await house.call(wire.ANNOUNCE_SCHOOL_RATIOS, wire.AnnounceSchoolRatios(**asked))


async def announced(house: Any, **given: Any) -> list[wire.AnnouncedRatio]:
    asked = wire.ListAnnouncedRatios(**{"caller": house.officer, **given})
    page = await house.call(wire.LIST_ANNOUNCED_RATIOS, asked)
    assert isinstance(page, wire.AnnouncedRatioPage), page
    return list(page.items)


async def lock(house: Any, school: str | None = None) -> str:
    command = books.LockPeriod(
        caller=house.officer, key=house.key(), kind="year", on=DAY, school=school, reason="年度结束"
    )
    made = await house.call(books.LOCK_PERIOD, command)
    assert isinstance(made, books.PeriodLock), made
    return made.id


async def unlock(house: Any, which: str) -> None:
    higher = house.caller("district-officer")
    command = books.UnlockPeriod(caller=higher, key=house.key(), lock=which, reason="补录")
    assert isinstance(await house.call(books.UNLOCK_PERIOD, command), books.PeriodLock)


async def told(house: Any) -> list[standings.SchoolRatioAnnounced]:
    """Every announcement that was put into the outbox, in order."""
    subject = standings.SCHOOL_RATIO_ANNOUNCED.subject(house.district)
    where = (OUTBOX.c.district == house.district, OUTBOX.c.subject == subject)
    async with house.service.databases.read(house.district) as conn:
        found = await conn.execute(sa.select(OUTBOX.c.body).where(*where).order_by(OUTBOX.c.seq))
        return [decode(standings.SchoolRatioAnnounced, bytes(body)) for body in found.scalars()]


async def test_a_bar_is_announced_superseded_and_withdrawn(puer: Any, error_of: Any) -> None:
    for name in ("t0", "t1", "t2", "t3", "u0"):
        await complete(puer, name)
    open_yet = await announce(puer)
    assert (open_yet.announced, [(one.school, one.why) for one in open_yet.left_out]) == (
        0, [("school-1", "open"), ("school-2", "open")],
    )  # fmt: skip
    its_lock = await lock(puer, "school-1")
    await lock(puer, "school-2")
    first = await announce(puer)
    assert (first.announced, first.unchanged, first.barred, first.left_out) == (2, 0, ("school-1",), ())
    again = await announce(puer)
    assert (again.announced, again.unchanged, again.barred) == (0, 2, ("school-1",)), "nothing is news"
    (one,) = await announced(puer, barred=True)
    assert (one.school, one.version, one.roster, one.not_completed, one.clauses) == (
        "school-1", 1, 5, 1, ("PUER-F2-5-3",),
    )  # fmt: skip
    # The period is opened and the fifth teacher's training entered: announced anew, the school is free.
    await unlock(puer, its_lock)
    assert [(one.version, one.state, one.barred) for one in await announced(puer, school="school-1")] == [
        (2, "withdrawn", False)
    ], "who opens the period lifts the bar, without a second act"
    while_open = await announce(puer, schools=("school-1",))
    assert (while_open.withdrawn, while_open.barred) == (0, ()), "it is withdrawn once"
    await complete(puer, "t4")
    await lock(puer, "school-1")
    assert (await announce(puer, schools=("school-1",))).announced == 1
    versions = [(one.version, one.state, one.barred, one.superseded) for one in await announced(
        puer, school="school-1", every_version=True
    )]  # fmt: skip
    assert versions == [
        (1, "announced", True, True), (2, "withdrawn", False, True), (3, "announced", False, False),
    ]  # fmt: skip
    heard = [(one.school, one.version, one.barred) for one in await told(puer)]
    assert heard == [("school-1", 1, True), ("school-2", 1, False), ("school-1", 2, False), ("school-1", 3, False)]
    error_of(await announce(puer, schools=("nowhere",)), "SCHOOL_UNKNOWN")
    with never_changed():
        async with puer.service.databases.write(puer.district, Deadline.after(10)) as conn:
            await conn.execute(sa.text("UPDATE ratio_announcement SET barred = NOT barred"))


@pytest.mark.parametrize("puer", ["sqlite"], indirect=True)
async def test_what_rested_on_a_recognition_is_withdrawn_with_it(puer: Any) -> None:
    await lock(puer)
    assert (await announce(puer)).barred == ("school-1", "school-2"), "nobody completed anything"

    async def withdraw(school: str | None) -> int:
        async with puer.service.databases.write(puer.district, Deadline.after(10)) as conn:
            return await withdraw_announced(
                conn, puer.service, puer.district, school=school, period=YEAR, by="somebody"
            )

    assert await withdraw("school-1") == 1
    assert {(one.school, one.state, one.barred) for one in await announced(puer)} == {
        ("school-1", "withdrawn", False),
        ("school-2", "announced", True),
    }
    assert (await withdraw(None), await withdraw(None)) == (1, 0)
    assert (await announce(puer)).announced == 2, "the period is closed still: it is announced anew"


@pytest.mark.parametrize("puer", ["sqlite"], indirect=True)
async def test_the_bureau_excepts_a_school_with_its_reason_until_it_ends_it(puer: Any, error_of: Any) -> None:
    await lock(puer)
    bureau = puer.caller("district-officer")
    excepted = (wire.ReasonedException(school="school-1", reason="虚教〔2026〕3号：撤并校，教师借调"),)
    assert error_of(await announce(puer, exceptions=excepted), "EXCEPTION_NOT_YOURS").clauses == ("PUER-F2-5-3",)
    too_early = error_of(await announce(puer, on=puer.service.clock.today()), "PERIOD_NOT_OVER")
    assert too_early.clauses == ("PUER-F2-5-3",)
    long = (wire.ReasonedException(school="school-1", reason="长" * 1001),)
    error_of(await announce(puer, caller=bureau, exceptions=long), "TEXT_MALFORMED")
    nowhere = (wire.ReasonedException(school="nowhere", reason="x"),)
    error_of(await announce(puer, caller=bureau, exceptions=nowhere), "SCHOOL_UNKNOWN")
    first = await announce(puer, caller=bureau, exceptions=excepted)
    assert (first.announced, first.barred) == (2, ("school-2",))
    one = (await announced(puer, school="school-1"))[0]
    assert (one.barred, one.not_completed, one.exception) == (False, 5, "虚教〔2026〕3号：撤并校，教师借调")
    assert "已另有附理由的决定" in one.explanation.steps[0].zh
    assert (await announce(puer)).unchanged == 2, "it stands, though the institute announces anew without it"
    ended = (wire.ReasonedException(school="school-1", reason=" "),)
    assert (await announce(puer, caller=bureau, exceptions=ended)).barred == ("school-1", "school-2")


@pytest.mark.parametrize("puer", ["sqlite"], indirect=True)
async def test_officers_announce_and_a_school_reads_its_own(puer: Any, error_of: Any) -> None:
    await lock(puer)
    same = puer.key()
    first = await announce(puer, key=same)
    assert (await announce(puer, key=same)) == wire.SchoolRatiosAnnounced(
        **{name: getattr(first, name) for name in first.__struct_fields__ if name != "replayed"}, replayed=True
    )
    leader = puer.caller("school-leader", school="school-2")
    assert [one.school for one in await announced(puer, caller=leader)] == ["school-2"]
    assert await announced(puer, caller=leader, school="school-1") == []
    assert await announced(puer, on=date(2024, 5, 1)) == []
    for caller in (leader, puer.caller("teacher", teacher="t1"), puer.caller("auditor"), puer.caller("supervisor")):
        error_of(await announce(puer, caller=caller), "FORBIDDEN")
    listing = wire.ListAnnouncedRatios(caller=puer.caller("teacher", teacher="t1"))
    error_of(await puer.call(wire.LIST_ANNOUNCED_RATIOS, listing), "FORBIDDEN")
    page = wire.ListAnnouncedRatios(caller=puer.officer, page=Page(first=1))
    first_page = await puer.call(wire.LIST_ANNOUNCED_RATIOS, page)
    assert ([one.school for one in first_page.items], first_page.has_next, first_page.total) == (["school-1"], True, 2)
    rest = await announced(puer, page=Page(first=1, after=first_page.cursors[-1]))
    assert [one.school for one in rest] == ["school-2"]


@pytest.mark.parametrize("puer", ["sqlite"], indirect=True)
async def test_a_barred_school_that_has_nobody_left_is_withdrawn_by_announcing_anew(puer: Any) -> None:
    await lock(puer)
    assert (await announce(puer)).barred == ("school-1", "school-2")
    # The register is put right: who was counted there had left before the year began.
    left = wire_teacher.Employment(school="school-2", since=date(2021, 9, 1), until=date(2024, 12, 31))
    await puer.employ("u0", left, version=2)
    await puer.until(lambda rows: ("u0", 2) in {(row["teacher"], row["version"]) for row in rows}, "teacher_fact")
    anew = await announce(puer, schools=("school-2",))
    assert (anew.announced, anew.withdrawn, anew.barred) == (0, 1, ())
    assert [(one.school, one.why) for one in anew.left_out] == [("school-2", "without-teachers")]
    assert {(one.school, one.state, one.barred) for one in await announced(puer)} == {
        ("school-1", "announced", True),
        ("school-2", "withdrawn", False),
    }
    assert (await announce(puer)).withdrawn == 0


@pytest.mark.parametrize("puer", ["sqlite"], indirect=True)
async def test_opening_the_districts_period_leaves_the_bar_of_a_school_that_its_own_lock_closes(puer: Any) -> None:
    whole = await lock(puer)
    await lock(puer, "school-1")
    assert (await announce(puer)).barred == ("school-1", "school-2")
    await unlock(puer, whole)
    assert {(one.school, one.state, one.barred) for one in await announced(puer)} == {
        ("school-1", "announced", True),
        ("school-2", "withdrawn", False),
    }
