"""`yanxiu policy` and `yanxiu job` on a running service: progress, tables, a CSV file, and exit codes."""

from __future__ import annotations

import asyncio
import csv
import re
from pathlib import Path
from typing import Any

import pytest
from yanxiu_cli.__main__ import run

DRAFT = ("--since", "2024-01-01", "--kind", "year", "--on", "2024-06-01")


async def yanxiu(*arguments: str) -> int:
    """The exit code of the command; it has an event loop of its own, and so a thread."""
    return await asyncio.to_thread(run, list(arguments))


@pytest.fixture
def commanded(policy: Any, nats_server: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("YANXIU_NATS_URL", nats_server.url)
    return policy


async def test_a_draft_is_previewed_exported_bound_and_adopted_from_the_command_line(
    commanded: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = commanded.house
    await house.course("t1", facts={"hours": "80", "score": "85"})
    district = ("--district", house.district)
    file = tmp_path / "lines.csv"
    assert await yanxiu("policy", "preview", *district, *DRAFT, "--set", "pass_mark=90", "--csv", str(file)) == 0
    said = capsys.readouterr().out
    assert "PASS → FAIL" in said
    assert "MADE-2 pass_mark 60→90分" in said
    rows = {row["teacher"]: row for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())}
    assert (rows["t1"]["effect"], rows["t2"]["effect"]) == ("loses", "same")
    assert (rows["t1"]["before_recognised_credits"], rows["t1"]["after_recognised_credits"]) == ("80", "0")
    found = re.search(r"yanxiu policy adopt (\S+)", said)
    assert found is not None
    adopt = ("policy", "adopt", found[1], *district, "--reason", "局发〔9〕")
    assert await yanxiu(*adopt) == 1
    assert "bindRulePack" in capsys.readouterr().err
    await commanded.bind(await commanded.get(found[1]))
    assert await yanxiu(*adopt) == 0
    assert "adopt 已完成" in capsys.readouterr().out
    assert (await commanded.standings())["t1"]["verdict"] == "FAIL"


async def test_a_draft_that_is_written_wrongly_is_told_so(commanded: Any, capsys: pytest.CaptureFixture[str]) -> None:
    district = ("--district", commanded.house.district)
    assert await yanxiu("policy", "preview", *district, *DRAFT, "--set", "pass_mark") == 2
    assert await yanxiu("policy", "preview", *district, *DRAFT, "--value", "pass_mark,90") == 2
    assert await yanxiu("policy", "preview", *district, *DRAFT, "--set", "pass_mark=20") == 1
    assert "SETTING" not in capsys.readouterr().out


async def test_a_job_is_started_watched_and_listed(commanded: Any, capsys: pytest.CaptureFixture[str]) -> None:
    district = ("--district", commanded.house.district)
    assert await yanxiu("job", "start", "verify", *district) == 0
    assert "first_bad: None" in capsys.readouterr().out
    assert await yanxiu("job", "list", *district) == 0
    listed = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", capsys.readouterr().out)
    assert listed is not None
    assert await yanxiu("job", "watch", listed[0], *district) == 0
    assert await yanxiu("job", "cancel", listed[0], *district) == 1
    assert await yanxiu("job", "watch", "none", *district) == 1
    assert await yanxiu("job", "start", "adopt", *district) == 1
