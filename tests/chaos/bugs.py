"""Known bugs, put into a copy of the sources one at a time: a harness that does not notice them proves nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec

from tests.chaos.sources import ROOT, Sources

KNOWN = Path(__file__).with_name("bugs.toml")
_SECONDS = 240


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
    commands: int = 600
    faults: int = 6


class Found(msgspec.Struct, frozen=True):
    """Whether the harness noticed, and by what."""

    bug: str
    caught: bool
    by: str


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


def hunt(bug: Bug | None, folder: Path, seed: int) -> Found:
    """Run the campaign that should notice the bug on a copy of the sources; without one, on them as they are."""
    sources = Sources(folder / "sources")
    for file, text in (patched(bug) if bug is not None else {}).items():
        sources.write(file, text)
    told = folder / "outcome.json"
    asked = bug or Bug("none", "", "", ("kill", "kill-both", "end", "pause-past-deadline"), "", ())
    command = [
        *(sys.executable, "-m", "tests.chaos", "--commands", str(asked.commands), "--faults", str(asked.faults)),
        *("--teachers", "40", "--seed", str(seed), "--to", str(told), "--kinds", *asked.kinds),
    ]
    environment = {**os.environ, **sources.environment}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Found(asked.id, caught=False, by=f"no outcome within {_SECONDS} s")
    if not told.exists():
        return Found(asked.id, caught=False, by=f"did not run: {(done.stderr or done.stdout)[-300:]}")
    violations = msgspec.json.decode(told.read_bytes())["violations"]
    caught = any(one.startswith(f"{asked.shows}:") for one in violations)
    return Found(asked.id, caught, "; ".join(violations))
