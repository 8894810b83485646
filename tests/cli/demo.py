"""The demonstration that tests share: started once in a run of the tests, on its own folder and port."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.platform import Platform

_running: list[Platform] = []


@pytest.fixture(scope="session")
def demo() -> Iterator[Platform]:
    """A running `yanxiu up --demo`; whoever asks first waits for its data to be entered."""
    if not _running:
        with tempfile.TemporaryDirectory(prefix="yanxiu-demo-") as folder:
            platform = Platform(Path(folder) / "示例", "--demo")
            _running.append(platform)
            yield platform
            _running.clear()
            platform.stop()
    else:
        yield _running[0]
