"""A school with a fifth of its teachers short is barred from the year's awards, and one with 19.9 % is not.

Credits and visits run side by side and hear of each other by events alone; the law is Ouhai's with Pu'er's fifth.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from yanxiu_cli.__main__ import run
from yanxiu_credits.__main__ import running as running_credits
from yanxiu_credits.settings import Settings as CreditsSettings
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import load_packs
from yanxiu_visits.__main__ import running as running_visits
from yanxiu_visits.settings import Settings as VisitsSettings
from yanxiu_wire import announced_ratios, awards, books, registry
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus
from yanxiu_wire.teacher import TEACHER_CHANGED, Employment, Teacher, TeacherChanged

from tests.conftest import NatsServer
from tests.services.visits.conftest import FixedClock, House
from tests.slices.law_of_two import NAME, law_of_two

pytestmark = pytest.mark.usefixtures("on_both")

PUER = load_packs().packs["puer"]
YEAR, AFTER = 2025, date(2026, 3, 2)
FAILING = 30


@pytest.mark.parametrize(
    ("roster", "short", "barred"),
    [(1000, 199, False), (1000, 200, True), (5, 1, True), (151, 30, False), (150, 30, True), (0, 0, False)],
)
def test_at_the_border_of_the_pack_the_exact_fraction_decides(roster: int, short: int, barred: bool) -> None:
    found = _ruled(PUER, {"FAIL": short, "PASS": roster - short})
    assert found.result["disqualified"] is barred
    if barred:
        assert "PUER-F2-5-3" in {clause for step in found.steps for clause in step.clauses}


def _ruled(pack: RulePack, verdicts: dict[str, int]) -> Any:
    return pack.school_ruled(verdicts, on=date(YEAR, 12, 31))


class District(House):
    """A district that both services follow; `credit` is the same as the credits service has it."""

    credit: House

    async def hire(self, school: str, names: Sequence[str], hired_on: date, version: int = 1, **left: Any) -> None:
        """Announce synthetic teachers of a school, all hired on one day."""
        for name in names:
            work = (Employment(school=school, since=hired_on, **left),)
            card = Teacher(
                id=name, staff_number=name, name="合成教师", school=school, employments=work, hired_on=hired_on,
                version=version,
            )  # fmt: skip
            body = TeacherChanged(
                teacher=name, version=version, history=((hired_on, card),), recorded_at=datetime(2025, 1, 1, tzinfo=UTC)
            )
            await self.tell(TEACHER_CHANGED, body)

    async def do(self, endpoint: Any, message: Any, **given: Any) -> Any:
        return await self.call(endpoint, message(caller=self.officer, key=self.key(), **given))

    async def nominates(self, school: str) -> Any:
        return await self.do(
            awards.NOMINATE, awards.Nominate, year=YEAR, category="优质学校", recipient=school, school=school,
            statement="三年来以课例研修带动全员参与",
        )  # fmt: skip

    async def announces(self, version: int) -> announced_ratios.SchoolRatiosAnnounced:
        """Announce the year's ratios, and return when the visits service has heard of this version of school s1's."""
        given = announced_ratios.AnnounceSchoolRatios
        done = await self.do(announced_ratios.ANNOUNCE_SCHOOL_RATIOS, given, on=date(YEAR, 12, 31))
        assert isinstance(done, announced_ratios.SchoolRatiosAnnounced), done
        await self.until(
            lambda rows: ("s1", version) in {(r["school"], r["version"]) for r in rows}, "school_ratio_fact"
        )
        return done


@pytest.fixture
async def district(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[District]:
    """Two schools with 30 teachers each who completed nothing; at s1 120 more in their first year, at s2 121."""
    rulebook, clock, nats = law_of_two(), FixedClock(AFTER), NatsServer(tmp_path, fsync=False)
    data, keys = tmp_path / "data", tmp_path / "keys"
    monkeypatch.setenv("YANXIU_NATS_URL", nats.url)
    bus = await Bus.connect(nats.url, name="test")
    try:
        async with (
            running_credits(CreditsSettings(nats_url=nats.url, data=data, keys=keys), rulebook, clock=clock) as credit,
            running_visits(VisitsSettings(nats_url=nats.url, data=data), rulebook, clock=clock) as visits,
        ):
            made = District(visits, bus, "barring")
            # G-P16: a district may decide that the first year in post is exempt; it stands on the roster all the same.
            exempt = {"first_year_exempt": True}
            await made.bind(
                registry.PackBinding(pack=NAME, since=date(2024, 4, 7), settings=exempt, decided_by="虚教〔2024〕1号")
            )
            await made.open("s1", "s2")
            for school, fresh in (("s1", 120), ("s2", 121)):
                await made.hire(school, [f"{school}-old{n}" for n in range(FAILING)], date(2015, 9, 1))
                await made.hire(school, [f"{school}-new{n}" for n in range(fresh)], date(YEAR, 2, 1))
            everyone = 2 * FAILING + 241
            await made.until(lambda rows: len(rows) == everyone, "teacher_fact")
            made.credit = House(credit, bus, "barring")  # type: ignore[arg-type]  # both have what it waits with
            await made.credit.until(lambda rows: len(rows) == everyone, "teacher_fact")
            yield made
    finally:
        await bus.close()
        nats.stop()


async def test_a_fifth_bars_a_school_from_the_nominations_and_19_9_percent_does_not(
    district: District, capsys: Any
) -> None:
    await district.do(awards.OPEN_AWARD_YEAR, awards.OpenAwardYear, year=YEAR)
    lock = await district.do(
        books.LOCK_PERIOD, books.LockPeriod, kind="year", on=date(YEAR, 12, 31), reason="年度结束", school=None
    )
    first = await district.announces(1)
    assert (first.announced, first.barred) == (2, ("s1",))
    page = await district.call(
        announced_ratios.LIST_ANNOUNCED_RATIOS, announced_ratios.ListAnnouncedRatios(caller=district.officer)
    )
    assert [(one.school, f"{one.share:.3f}", one.roster) for one in page.items] == [
        ("s1", "0.200", 150), ("s2", "0.199", 151),
    ]  # fmt: skip
    refused = await district.nominates("s1")
    assert isinstance(refused, Refused)
    assert (refused.errors[0].code, refused.errors[0].clauses) == ("SCHOOL_BARRED", ("PUER-F2-5-3",))
    assert isinstance(await district.nominates("s2"), awards.Nomination)
    # The year is opened: nothing stands any more, and the school may be nominated.
    unlock = {"caller": district.caller("district-officer"), "key": district.key()}
    await district.call(books.UNLOCK_PERIOD, books.UnlockPeriod(lock=lock.id, reason="补录", **unlock))
    second = await district.announces(2)
    assert (second.withdrawn, second.barred) == (0, ())
    assert isinstance(await district.nominates("s1"), awards.Nomination)
    # One of the short had left before the year ended: closed again and announced anew, it is below a fifth.
    await district.hire("s1", ["s1-old0"], date(2015, 9, 1), version=2, until=date(YEAR, 6, 30))
    await district.credit.until(
        lambda rows: ("s1-old0", 2) in {(r["teacher"], r["version"]) for r in rows}, "teacher_fact"
    )
    await district.do(
        books.LOCK_PERIOD, books.LockPeriod, kind="year", on=date(YEAR, 12, 31), reason="已更正", school=None
    )
    third = await district.announces(3)
    assert (third.announced, third.barred) == (2, ())
    await _the_same_at_the_shell(district, capsys)


async def _the_same_at_the_shell(district: District, capsys: Any) -> None:
    """Nothing is news, and every version is listed."""
    said = ["ratios", "announce", "--on", f"{YEAR}-12-31", "--district", "barring"]
    await _with_names(district, said)
    assert "0 announced, 2 unchanged, 0 withdrawn" in capsys.readouterr().out
    await _with_names(district, ["ratios", "list", "--every-version", "--district", "barring"])
    listed = capsys.readouterr().out
    assert all(word in listed for word in ("30/150 = 0.2", "受限 barred", "已撤回", "29/149", "6 of 6", "PUER-F2-5-3"))


async def _with_names(district: District, words: list[str]) -> None:
    """Run a command beside a registry that knows the names of schools."""

    async def schools(_district: str, query: registry.GetSchools, _deadline: Any) -> registry.Schools:
        return registry.Schools(items=tuple(None for _ in query.ids))

    serving = await district.bus.serve("registry", "1.0.0", {registry.GET_SCHOOLS: schools})
    try:
        assert await asyncio.to_thread(run, words) == 0
    finally:
        await serving.drain()
