"""Known bugs, put into a copy of the sources one at a time: a harness that does not notice them proves nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from tests.chaos.sources import ROOT, Sources
from tests.chaos.world import CLIENT_SECONDS

KNOWN = Path(__file__).with_name("bugs.toml")
_SECONDS = 480.0
# What the sources as they are may take longer for each kind of fault.
_KIND_SECONDS = 60.0
# The sources as they are have time: there a client that waits in vain is a fault, not a sign of one.
_SOUND_PATIENCE = 240.0


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In this file, this text becomes that one."""

    file: str
    find: str
    put: str


class Bug(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mistake that others have made, in Chinese and English, its patch, the faults that bring it out, and what shows.

    `shows` is the promise that the oracle must then find broken: anything else may be an accident.
    """

    id: str
    zh: str
    en: str
    kinds: tuple[str, ...]
    shows: str
    change: tuple[Change, ...]
    commands: int = 120
    faults: int = 2
    # What a client waits for an answer, in seconds.
    client: float = CLIENT_SECONDS
    # For how long a client tries again before it is told that it waits in vain: what is sound recovers sooner.
    patience: float = 60.0


class Found(msgspec.Struct, frozen=True):
    """Whether the harness noticed, by what, and how long it took in seconds, the start of everything included."""

    bug: str
    caught: bool
    by: str
    seconds: float = 0.0
    # How often clients were told each code: whether the faults were felt.
    told: dict[str, int] = {}


def known() -> tuple[Bug, ...]:
    """Every bug of the list."""
    return msgspec.convert(tomllib.loads(KNOWN.read_text(encoding="utf-8"))["bug"], tuple[Bug, ...])


def patched(bug: Bug, root: Path = ROOT) -> dict[str, str]:
    """The files with the bug in them; raises ValueError where the sources no longer have what it changes."""
    texts: dict[str, str] = {}
    for change in bug.change:
        text = texts.get(change.file) or (root / change.file).read_text(encoding="utf-8")
        if (found := text.count(change.find)) != 1:
            raise ValueError(f"{bug.id}: {change.file} has {found} places to change, not one: {change.find!r}")
        texts[change.file] = text.replace(change.find, change.put)
    return texts


def hunt(bug: Bug, folder: Path, seed: int) -> Found:
    """Run the campaign that should notice the bug on a copy of the sources with it."""
    sources = Sources(folder / "sources")
    for file, text in patched(bug).items():
        sources.write(file, text)
    found = _run(bug, folder, seed, sources.environment, _SECONDS)
    caught = any(one.startswith(f"{bug.shows}:") for one in found.by.split("; "))
    return msgspec.structs.replace(found, caught=caught)


def sound(bugs: Sequence[Bug], folder: Path, seed: int) -> Found:
    """Run the sources as they are under all the faults that bring these bugs out, two of each; `by` must be empty."""
    kinds = tuple(sorted({kind for bug in bugs for kind in bug.kinds}))
    asked = Bug(
        "none", "", "", kinds, "", (), commands=60 * len(kinds), faults=2 * len(kinds), patience=_SOUND_PATIENCE
    )
    within = _SECONDS + _KIND_SECONDS * len(kinds)
    return _run(asked, folder, seed, Sources(folder / "sources").environment, within)


def _run(bug: Bug, folder: Path, seed: int, environment: Mapping[str, str], within: float) -> Found:
    told = folder / "outcome.json"
    command = [
        *(sys.executable, "-m", "tests.chaos", "--commands", str(bug.commands), "--faults", str(bug.faults)),
        *("--teachers", "20", "--seed", str(seed), "--to", str(told), "--patience", str(bug.patience)),
        *("--client", str(bug.client), "--kinds", *bug.kinds),
    ]
    began = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=within,
            check=False,
        )  # fmt: skip
        problem = f"no outcome: {(done.stderr or done.stdout)[-300:]}"
    except subprocess.TimeoutExpired:
        problem = f"no outcome within {within} s"
    seconds = round(time.monotonic() - began, 1)
    if not told.exists():
        return Found(bug.id, caught=False, by=problem, seconds=seconds)
    outcome = msgspec.json.decode(told.read_bytes())
    by = "; ".join(outcome["violations"])
    return Found(bug.id, caught=False, by=by, seconds=seconds, told=outcome["told"])
