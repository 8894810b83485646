"""The kit's public names and signatures: a change here is a change for every author of a pack."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import yanxiu_rulekit

SNAPSHOT = Path(__file__).with_name("public_names.txt")


def described() -> str:
    lines = []
    for name in yanxiu_rulekit.__all__:
        thing = getattr(yanxiu_rulekit, name)
        try:
            signature = str(inspect.signature(thing))
        except (TypeError, ValueError):
            signature = ""
        lines.append(f"{name}{signature}" if callable(thing) else f"{name}: {type(thing).__name__}")
    return re.sub(r" at 0x[0-9a-f]+", "", "\n".join(lines)) + "\n"


def test_every_public_name_exists_and_the_list_is_sorted() -> None:
    assert list(yanxiu_rulekit.__all__) == sorted(yanxiu_rulekit.__all__)
    assert all(hasattr(yanxiu_rulekit, name) for name in yanxiu_rulekit.__all__)


def test_the_public_names_and_signatures_are_those_promised() -> None:
    found = described()
    assert found == SNAPSHOT.read_text(encoding="utf-8"), (
        "the kit's public names changed; if that is meant, bump its version and write this into the snapshot:\n" + found
    )
