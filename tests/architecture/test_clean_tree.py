"""What the repository must not hold: addresses of registries, places on a machine, secrets, generated files."""

from __future__ import annotations

import re

import pytest

from tests.architecture.tree import ROOT, relative, tracked

# Written in pieces, so that this file does not find itself.
FORBIDDEN = {
    "the address of a package registry": r"https?://[^\s\"')]*(py"
    + r"pi|pythonhosted|npm"
    + r"js|npmmirror|index-url|/sim"
    + r"ple/?\b)",
    "a place on somebody's machine": r"(?<![\w.])/(work|root|home|Users)" + r"/[a-z]",
    "a folder outside the project": r"\.\./sha" + r"red\b",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE" + r" KEY-----",
}
GENERATED = re.compile(
    r"(^|/)(__pycache__|\.venv|dist|var|node_modules|\.pytest_cache|\.ruff_cache)(/|$)|\.(pyc|db|db-wal|log)$|uv\.lock$"
)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a spreadsheet
        found += [f"{relative(path)}: {match.group(0)}" for match in pattern.finditer(text)]
    assert not found, f"{what}: {found[:10]}"


def test_nothing_generated_is_tracked() -> None:
    assert not [relative(path) for path in tracked() if GENERATED.search(relative(path))]


def test_every_dependency_is_pinned_by_hash() -> None:
    entries = re.findall(
        r"^([a-z0-9][\w.-]*)==(?:.*\\\n)(    --hash=sha256:[0-9a-f]{64})",
        (ROOT / "requirements.lock").read_text(),
        re.M,
    )
    names = re.findall(r"^([a-z0-9][\w.-]*)==", (ROOT / "requirements.lock").read_text(), re.M)
    assert len(entries) == len(names) > 30
