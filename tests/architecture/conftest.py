"""Fixtures of the architecture tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.architecture.tree import let_go


@pytest.fixture(scope="module", autouse=True)
def trees() -> Iterator[None]:
    """The trees of all modules, for a file's tests alone."""
    yield
    let_go()
