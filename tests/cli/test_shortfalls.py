"""`yanxiu shortfalls` over a real bus: a table for the eye, a file for the office, and no formula in it."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path
from typing import Any

import msgspec
import pytest
from yanxiu_cli.__main__ import run
from yanxiu_wire import registry, standings
from yanxiu_wire import teacher as wire_teacher

from tests.gateway.shortfall_world import ShortfallWorld


@pytest.fixture
async def world(own_nats: Any, own_bus: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Both services of the synthetic world, on a server of this test's own."""
    found = ShortfallWorld()
    monkeypatch.setenv("YANXIU_NATS_URL", own_nats.url)
    answered = (standings.LIST_SHORTFALLS, standings.SUMMARISE_SHORTFALLS)
    names = (wire_teacher.GET_TEACHERS, registry.GET_SCHOOLS)
    credit = await own_bus.serve("credits", "1.0.0", {one: found.handle(one) for one in answered})
    register = await own_bus.serve("registry", "1.0.0", {one: found.handle(one) for one in names})
    yield found
    await credit.drain()
    await register.drain()


async def shortfalls(*more: str) -> int:
    return await asyncio.to_thread(run, ["shortfalls", "--district", "puer", "--kind", "year", *more])


async def test_the_table_names_schools_and_requirements(world: ShortfallWorld, capsys: Any) -> None:
    assert await shortfalls("--on", "2024-06-01") == 0
    said = capsys.readouterr().out
    assert "2024年度" in said
    assert "PUER-10-3S" in said
    assert "3.5" in said
    assert next(iter(world.lands["puer"].schools.values())).name in said


async def test_the_file_has_a_line_for_each_requirement_and_runs_nothing(
    world: ShortfallWorld, tmp_path: Path, capsys: Any
) -> None:
    people = world.lands["puer"].teachers
    first = sorted(people)[0]
    people[first] = msgspec.structs.replace(people[first], name="=1+1")
    file = tmp_path / "short.csv"
    assert await shortfalls("--csv", str(file)) == 0
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert len(rows) == len(people) + 1
    assert rows[0][0] == "学校代码 school code"
    assert {row[5] for row in rows[1:]} == {"PUER-10-3S"}
    assert rows[1][3] == "'=1+1"
    assert str(len(people)) in capsys.readouterr().out


async def test_a_school_alone_is_asked_for_by_its_id(world: ShortfallWorld) -> None:
    assert await shortfalls("--school", "s-7") == 0
    assert {query.school for name, _district, query in world.calls if name.startswith("credits.")} == {"s-7"}
