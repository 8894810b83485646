"""A year that is over and locked is sealed by a job, read from its file, and never believed against the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from yanxiu_credits.books.keys import Signer
from yanxiu_credits.sealing import kept_lines
from yanxiu_credits.sealing.kept_lines import lines_of
from yanxiu_credits.sealing.sealed_year import SEALED_YEAR
from yanxiu_credits.standings import many
from yanxiu_rulekit.columns import load_segment, save_segment
from yanxiu_wire.books import LIST_LOCKS, LOCK_PERIOD, UNLOCK_PERIOD, ListLocks, LockPeriod, PeriodLock, UnlockPeriod
from yanxiu_wire.jobs import START_JOB, StartJob
from yanxiu_wire.message import Page
from yanxiu_wire.signed import content_of
from yanxiu_wire.standings import LIST_SHORTFALLS, ListShortfalls

from tests.services.credits.jobs.conftest import Jobs
from tests.stores import Store, Stores

YEAR = (date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture(scope="module")
def database(stores: Stores) -> Store:
    """Files beside the store: the store's own part is two statements that other tests run on both."""
    from yanxiu_credits.__main__ import MIGRATIONS

    return stores.new("sqlite", ("credits", MIGRATIONS))


class Sealed:
    """A district with a year of records, locked for all; `reads` are the stretches that the ledger was read for."""

    def __init__(self, house: Any, reads: list[int]) -> None:
        self.house = house
        self.reads = reads
        self.officer = house.caller("district-officer")

    @property
    def folder(self) -> Path:
        return self.house.service.sealed / self.house.district

    async def told(self) -> Mapping[str, list[Any]]:
        """Each teacher's lines of the year, as they are read now."""
        self.reads.clear()
        async with self.house.service.databases.read(self.house.district) as conn:
            columns = await lines_of(conn, self.house.service, self.house.district, [YEAR])
        return {
            teacher: [(one.on, one.hours, one.credits) for one in columns.lines_of(place)]
            for place, teacher in enumerate(columns.teachers)
        }

    async def seal(self) -> Any:
        command = StartJob(caller=self.house.officer, key=self.house.key(), kind="seal")
        started = await self.house.call(START_JOB, command)
        return await Jobs(self.house).ended(started.id)

    async def shortfalls(self) -> list[Any]:
        query = ListShortfalls(caller=self.house.officer, kind="year", on=YEAR[1], page=Page(first=10))
        return list((await self.house.call(LIST_SHORTFALLS, query)).items)


@pytest.fixture
async def sealed(house: Any, monkeypatch: pytest.MonkeyPatch) -> Sealed:
    for teacher, on, hours in (
        ("t1", date(2024, 5, 20), "10"), ("t1", date(2024, 3, 1), "8"), ("t2", date(2024, 12, 31), "40"),
        ("t1", date(2023, 5, 20), "80"),
    ):  # fmt: skip
        await house.course(teacher, on=on, facts={"hours": hours, "score": "85"})
    reads: list[int] = []
    original = kept_lines.read_lines_in

    async def counted(conn: Any, district: str, stretches: Any, *rest: Any, **more: Any) -> Any:
        reads.extend(start.year for start, _ in stretches)
        return await original(conn, district, stretches, *rest, **more)

    monkeypatch.setattr(kept_lines, "read_lines_in", counted)
    made = Sealed(house, reads)
    lock = LockPeriod(caller=made.officer, key=house.key(), kind="year", on=YEAR[1], reason="年度结束")
    assert isinstance(await house.call(LOCK_PERIOD, lock), PeriodLock)
    return made


async def test_a_locked_year_is_sealed_and_read_from_its_file_and_one_that_is_open_is_not(sealed: Sealed) -> None:
    before = await sealed.told()
    assert sealed.reads == [2024]
    assert [len(before[one]) for one in ("t1", "t2")] == [2, 1]
    ended = await sealed.seal()
    assert (ended.state, ended.result) == ("done", {"years": 1})
    assert sorted(path.suffix for path in sealed.folder.iterdir()) == [".jws", ".npz"]
    assert await sealed.told() == before
    assert sealed.reads == [], "2024 is locked for the whole district; 2023 is not, and has no file"


async def test_who_falls_short_is_the_same_from_a_sealed_year(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await sealed.shortfalls()
    assert {one.teacher for one in before} == {"t1", "t2"}
    await sealed.seal()
    monkeypatch.setattr(many, "LEAST", 1)
    rebuilt = StartJob(caller=sealed.house.officer, key=sealed.house.key(), kind="rebuild-standings")
    sealed.reads.clear()
    await Jobs(sealed.house).ended((await sealed.house.call(START_JOB, rebuilt)).id)
    assert await sealed.shortfalls() == before
    assert 2024 not in sealed.reads
    assert 2023 in sealed.reads


async def test_an_entry_of_its_days_undoes_a_sealed_year_until_it_is_sealed_again(sealed: Sealed) -> None:
    await sealed.seal()
    house = sealed.house
    # An entry of another year does not touch it, and sealing again says so: no later look begins before it.
    await house.course("t2", on=date(2023, 6, 1), facts={"hours": "30", "score": "85"})
    before = await sealed.told()
    assert sealed.reads == []
    files = {path.name for path in sealed.folder.glob("*.npz")}
    await sealed.seal()
    assert {path.name for path in sealed.folder.glob("*.npz")} == files
    (lock,) = (await house.call(LIST_LOCKS, ListLocks(caller=sealed.officer))).items
    other = msgspec.structs.replace(sealed.officer, subject="another")
    given = {"lock": lock.id, "reason": "更正", "until": None}
    opened = await house.call(UNLOCK_PERIOD, UnlockPeriod(caller=other, key=house.key(), **given))
    assert isinstance(opened, PeriodLock), opened
    await house.course("t2", on=date(2024, 6, 1), facts={"hours": "30", "score": "85"})
    after = await sealed.told()
    assert sealed.reads == [2024], "stale: the ledger is read"
    assert len(after["t2"]) == len(before["t2"]) + 1
    again = LockPeriod(caller=sealed.officer, key=house.key(), kind="year", on=YEAR[1], reason="更正完毕")
    await house.call(LOCK_PERIOD, again)
    await sealed.seal()
    assert await sealed.told() == after
    assert sealed.reads == []
    assert {path.name for path in sealed.folder.glob("*.npz")} != files


@pytest.mark.parametrize(
    "how", ["bytes", "another file", "another key", "nothing signed", "another year", "older lines"]
)
async def test_a_file_that_was_not_signed_so_is_never_believed(sealed: Sealed, tmp_path: Path, how: str) -> None:
    before = await sealed.told()
    await sealed.seal()
    (lines,), (token,) = sealed.folder.glob("*.npz"), sealed.folder.glob("*.jws")
    if how == "bytes":
        raw = bytearray(lines.read_bytes())
        raw[len(raw) // 2] ^= 1
        lines.write_bytes(bytes(raw))
    elif how in ("another file", "another key"):
        # The forger knows the form: the columns are well made, with a digest of their own, at an entry that exists.
        columns, seal = load_segment(lines)
        richer = tuple(replace(part, micro_credits=part.micro_credits * 2) for part in columns.parts)
        save_segment(lines, replace(columns, parts=richer), seal)
    if how == "another key":
        own = content_of(token.read_text(), sealed.house.service.signer.keys, SEALED_YEAR)
        stated = {**json.loads(own), "digest": hashlib.sha256(lines.read_bytes()).hexdigest()}
        lines.rename(lines.with_name(f"{YEAR[0]}_{YEAR[1]}_{stated['digest'][:16]}.npz"))
        token.write_text(Signer.open(tmp_path / "forger").sign(json.dumps(stated).encode(), SEALED_YEAR))
    if how == "older lines":
        # What two writers of one folder could leave: a newer statement over lines that were read before.
        signer = sealed.house.service.signer
        own = json.loads(content_of(token.read_text(), signer.keys, SEALED_YEAR))
        token.write_text(signer.sign(json.dumps({**own, "read_at": own["read_at"] + 1}).encode(), SEALED_YEAR))
    if how == "nothing signed":
        token.unlink()
    if how == "another year":
        token.rename(token.with_name("2023-01-01_2023-12-31.jws"))
    assert await sealed.told() == before
    assert sealed.reads == [2024]
