"""`yanxiu supervision` and `yanxiu awards` over a real bus: tables for people, and a draw that a file alone repeats."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from yanxiu_cli.__main__ import run
from yanxiu_cli.draw_check import PublishedDraw, checks
from yanxiu_visits.supervising.lots import digest_of_seed, draw_lots
from yanxiu_wire import awards as wire
from yanxiu_wire import registry, supervision

from tests.services.visits.awards.test_award_endings import AFTER, publish, revoke
from tests.services.visits.awards.test_awards import CASE, YEAR, confirm, done, ranked, set_day
from tests.services.visits.supervising import test_supervision as at

__all__ = ["set_day"]
Said = Callable[..., Awaitable[str]]


@pytest.fixture
async def said(ouhai: Any, quick_nats: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> AsyncIterator[Said]:
    """Run a command about the district, with a registry beside it that knows the names of schools."""

    async def schools(_district: str, query: registry.GetSchools, _deadline: Any) -> registry.Schools:
        opened = date(2000, 9, 1)
        return registry.Schools(
            items=tuple(
                registry.School(
                    id=one, code=one, name=f"合成小学{one}", stage="primary", location="town", opened_on=opened
                )
                for one in query.ids
            )
        )

    async def command(*words: str, code: int = 0) -> str:
        assert await asyncio.to_thread(run, [*words, "--district", ouhai.district]) == code
        printed = capsys.readouterr()
        return printed.out + printed.err

    monkeypatch.setenv("YANXIU_NATS_URL", quick_nats.url)
    serving = await ouhai.bus.serve("registry", "1.0.0", {registry.GET_SCHOOLS: schools})
    yield command
    await serving.drain()


async def test_who_is_inspected_and_a_draw_that_is_kept_and_repeated_offline(
    ouhai: Any, said: Said, tmp_path: Path, capsys: Any
) -> None:
    team = (await at.appoint(ouhai)).id
    await at.report(ouhai, await at.schedule(ouhai, team, "s1"))
    await at.schedule(ouhai, team, "s2")
    listed = await said("supervision", "list", "--school-year", at.YEAR)
    for word in ("合成小学s1", "已报告", "r1", "2024-10-16", "2 of 2", "尚缺定期督导", "合成小学s3", "OUHAI-6-9b"):
        assert word in listed, word
    assert "1 of 1" in await said("supervision", "list", "--school-year", at.YEAR, "--state", "reported")
    assert "没有“x”这种状态" in await said("supervision", "list", "--school-year", at.YEAR, "--state", "x", code=1)
    draw = await done(ouhai, supervision.COMMIT_DRAW, supervision.CommitDraw, school_year=at.YEAR, count=1)
    before = tmp_path / "before.json"
    await said("supervision", "keep", "--draw", draw.id, "--output", str(before))
    assert run(["supervision", "verify", str(before)]) == 3, "a commitment alone is not a verified draw"
    assert "抽签未经核对" in capsys.readouterr().out
    assert "名单 roster only" in await said("supervision", "draws")
    reveal = {"draw": draw.id, "witness": "双色球 24120"}
    hand = ouhai.caller("district-officer")
    shown = await done(ouhai, supervision.REVEAL_DRAW, supervision.RevealDraw, hand, **reveal)
    table = await said("supervision", "draws")
    assert all(word in table for word in ("已揭晓", f"合成小学{shown.drawn[0]}", "通过 ok"))
    file = tmp_path / "draw.json"
    await said("supervision", "keep", "--draw", draw.id, "--output", str(file))
    assert "没有编号" in await said("supervision", "keep", "--draw", "none", "--output", str(file), code=1)
    assert run(["supervision", "verify", str(file)]) == 0
    assert capsys.readouterr().out.count("通过 ok") == 3
    a_file_is_held_against_itself_and_the_one_kept_before(file, before, capsys)


def a_file_is_held_against_itself_and_the_one_kept_before(file: Path, before: Path, capsys: Any) -> None:
    """Its own digests show what was changed in it; whoever changes all of it is told by what was kept before."""
    forged = file.with_name("forged.json")
    kept = ["--kept-before", str(before)]
    assert run(["supervision", "verify", str(file), *kept]) == 0
    assert capsys.readouterr().out.count("通过 ok") == 6
    assert run(["supervision", "verify", str(before), "--kept-before", str(file)]) == 1, "that one is of after"
    capsys.readouterr()
    whole = json.loads(file.read_text())
    for change, code, told in (
        ({"drawn": ["s9"]}, 1, "不符 FAIL  重算所得"),
        ({"drawn": ["s9"], "witness": None}, 1, "不符 FAIL  种子、见证词"),
        ({"seed": None}, 1, "不符 FAIL  种子、见证词"),
        ({"algorithm": "dice"}, 2, ""),
    ):
        forged.write_text(json.dumps(whole | change))
        assert run(["supervision", "verify", str(forged)]) == code, change
        assert told in capsys.readouterr().out
    # Another seed with its own digest agrees with itself, and not with what was kept before.
    seed = bytes(32)
    other = {"seed": seed.hex(), "seed_sha256": digest_of_seed(seed)}
    drawn = draw_lots(seed, whole["witness"], whole["roster"], whole["count"])
    forged.write_text(json.dumps(whole | other | {"drawn": drawn}))
    assert run(["supervision", "verify", str(forged)]) == 0
    assert run(["supervision", "verify", str(forged), *kept]) == 1
    assert "不符 FAIL  承诺与先前保存的" in capsys.readouterr().out


def test_the_documented_vector_is_repeated_by_the_command_line_too() -> None:
    roster = tuple(f"school-{number}" for number in range(1, 6))
    draw = PublishedDraw(
        id="vector", algorithm="yanxiu-draw-1", roster=roster, count=5,
        roster_sha256="27bac8a95b87ee1d6fca6153dfbffe70e9ad4a290b85e2397a8f6b6848be1461",
        seed_sha256="630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd",
        seed=bytes(range(32)).hex(), witness="2024101",
        drawn=("school-3", "school-1", "school-2", "school-5", "school-4"),
    )  # fmt: skip
    assert [one.holds for one in checks(draw)] == [True, True, True]
    other = msgspec.structs.replace(draw, roster=(*roster, "school-6"), seed="00" * 32)
    assert [one.holds for one in checks(other)] == [False, False, False]


async def test_a_years_quotas_places_and_objections(ouhai: Any, said: Said, set_day: Callable[[date], None]) -> None:
    assert "尚未启动2024年的评优" in await said("awards", "show", "--year", "2024", code=1)
    everyone = await ranked(ouhai, 3)
    await publish(ouhai)
    objection = {"nomination": everyone[2].id, "text": "材料与他人雷同"}
    await done(ouhai, wire.RAISE_AWARD_OBJECTION, wire.RaiseAwardObjection, ouhai.school("s2"), **objection)
    set_day(AFTER)
    for one in everyone[:2]:
        await confirm(ouhai, one)
    await revoke(ouhai, everyone[1], free_place=False)
    shown = await said("awards", "show", "--year", str(YEAR))
    (line,) = [line for line in shown.splitlines() if CASE in line]
    # quota, nominated, published, confirmed, places used, left; struck, withdrawn, revoked; the clause
    assert line.split()[1:] == ["50", "3", "3", "1", "2", "48", "0", "0", "1", "OUHAI-6-10E"]
    assert "已排名 ranked" in shown
    assert "1 objections open" in shown
    listed = await said("awards", "objections", "--year", str(YEAR), "--open-only")
    assert all(word in listed for word in (CASE, "合成小学s1", "材料与他人雷同", "未答复 open", "1 of 1"))
