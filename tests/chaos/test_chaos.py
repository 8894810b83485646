"""The short forms of the campaigns, and that each known bug still has its place in the sources."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.chaos.bugs import Bug, hunt, known, patched
from tests.chaos.campaign import Settings, schedule
from tests.chaos.faults import FAULTS
from tests.chaos.sources import ROOT

# Every kind of fault that needs no root comes once.
COMMANDS, FAULT_COUNT = 160, 11


def played(folder: Path, *words: str) -> Mapping[str, Any]:
    """Run a campaign in processes of its own; returns its outcome."""
    told = folder / "outcome.json"
    command = [sys.executable, "-m", "tests.chaos", *words, "--to", str(told)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert told.exists(), done.stdout[-3000:] + done.stderr[-3000:]
    return msgspec.json.decode(told.read_bytes())


@pytest.mark.timeout(300)
def test_nothing_acknowledged_is_lost_doubled_late_or_unannounced_whatever_is_killed(tmp_path: Path) -> None:
    words = ("--commands", str(COMMANDS), "--faults", str(FAULT_COUNT), "--teachers", "20", "--no-rooted")
    outcome = played(tmp_path, *words)
    assert outcome["violations"] == []
    assert outcome["acknowledged"] >= COMMANDS
    assert sum(outcome["faults"].values()) == len(outcome["faults"]) == FAULT_COUNT
    # They were felt: clients had to send again.
    assert outcome["sent_again"] > 0
    assert outcome["told"]["TEACHER_UNKNOWN"] > 0


@pytest.mark.timeout(300)
def test_an_upgrade_with_a_schema_change_fails_no_request(tmp_path: Path) -> None:
    outcome = played(tmp_path, "rollout", "--no-servers", "--rate", "10", "--services", "credits")
    assert outcome["failed"] == []
    assert outcome["registered"] == outcome["entries"] > 0
    assert {"migrate credits", "credits -> next", "gateway -> next", "credits -> n"} <= set(outcome["steps"])


@pytest.mark.parametrize("bug", known(), ids=lambda bug: bug.id)
def test_a_known_bug_can_be_put_into_the_sources(bug: Bug) -> None:
    assert set(bug.kinds) <= {fault.name for fault in FAULTS}
    for file, text in patched(bug).items():
        assert text != (ROOT / file).read_text(encoding="utf-8")
        ast.parse(text)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ["no-natural-key", "chain-not-chained"])
def test_a_known_bug_is_caught_by_the_promise_that_it_breaks(name: str, tmp_path: Path) -> None:
    """The two that take least, of other promises each; `make chaos ARGS=bugs` hunts for all."""
    (bug,) = (one for one in known() if one.id == name)
    found = hunt(bug, tmp_path, 20240520)
    assert found.caught, found


def test_there_are_twenty_known_bugs_and_more() -> None:
    assert len({bug.id for bug in known()}) >= 20


def test_the_same_seed_makes_the_same_faults() -> None:
    kinds = tuple(fault.name for fault in FAULTS)
    settings = Settings(commands=100, faults=40, teachers=10, seed=7, kinds=kinds, rooted=True)
    assert [one.name for one in schedule(settings)] == [one.name for one in schedule(settings)]
    assert {one.name for one in schedule(settings)} == set(kinds)
    other = msgspec.structs.replace(settings, seed=8)
    assert [one.name for one in schedule(other)] != [one.name for one in schedule(settings)]
