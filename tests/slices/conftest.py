"""The platform that the slices share; a test that kills a part starts its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.on_postgresql import Instead
from tests.slices.collector import Collector, collecting
from tests.slices.platform import Platform, guarded
from tests.stores import KINDS

# So small a share of the traces that one is recorded only where a test chooses its id (`tests.slices.test_traces`).
TRACED = "0.000000001"


@pytest.fixture(scope="module", params=KINDS)
def on_both(request: pytest.FixtureRequest) -> Iterator[None]:
    """A story is told once on each kind of database by the services that its file starts in this process."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "postgresql":
            Instead(lambda: request.getfixturevalue("postgres")).put(patch)
        yield


@pytest.fixture(scope="package")
def collector() -> Iterator[Collector]:
    """Where the platform's processes send their spans."""
    with collecting() as made:
        yield made


@pytest.fixture(scope="package")
async def platform(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> AsyncIterator[Platform]:
    """All parts running on a server of their own: the streams of other tests hold other districts."""
    folder = tmp_path_factory.mktemp("platform")
    nats = guarded(folder)
    also = {"YANXIU_OTLP_ENDPOINT": collector.endpoint, "YANXIU_TRACE_SHARE": TRACED}
    made = Platform(nats, folder, also=also)
    try:
        await made.start()
        yield made
    finally:
        codes = await made.stop()
        nats.stop()
    assert set(codes.values()) == {0}, codes
