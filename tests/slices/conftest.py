"""The platform that the slices share; a test that kills a part starts its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.slices.platform import Platform, guarded


@pytest.fixture(scope="package")
async def platform(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    """All parts running on a server of their own: the streams of other tests hold other districts."""
    folder = tmp_path_factory.mktemp("platform")
    nats = guarded(folder)
    made = Platform(nats, folder)
    try:
        await made.start()
        yield made
    finally:
        codes = await made.stop()
        nats.stop()
    assert set(codes.values()) == {0}, codes
