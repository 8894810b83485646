"""Metrics: declared once, counted where they are, and carried from a process that nobody reads to one that is read."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from prometheus_client import REGISTRY
from yanxiu_wire import metrics
from yanxiu_wire.metrics import Count, Counted, Spread

MADE = Count("made_up_things_total", "虚构", "made up", ("what",))
TOOK = Spread("made_up_seconds", "虚构", "made up", ("what",), buckets=(1, 2))


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a district's own process."""
    monkeypatch.setattr(metrics._Kept, "values", {})
    yield
    metrics._Kept.values = None


def test_what_is_kept_counts_nowhere_until_another_process_adds_it(keeping: None) -> None:
    MADE.add("kept")
    MADE.add("kept", by=2)
    TOOK.saw(0.5, "kept")
    TOOK.saw(1.5, "kept")
    assert value("made_up_things_total", what="kept") == 0
    carried = msgspec.msgpack.decode(msgspec.msgpack.encode(metrics.taken()), type=tuple[Counted, ...])
    assert metrics.taken() == ()
    metrics._Kept.values = None
    metrics.add((*carried, Counted("of_another_version_total", (), (1.0,))))
    assert value("made_up_things_total", what="kept") == 3
    assert value("made_up_seconds_sum", what="kept") == 2
    assert value("made_up_seconds_bucket", what="kept", le="1.0") == 1


def test_what_nobody_takes_is_bounded(keeping: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "MOST_KEPT", 3)
    for _ in range(10):
        TOOK.saw(1, "many")
        MADE.add("many")
    assert {one.metric: one.values for one in metrics.taken()} == {
        "made_up_seconds": (1, 1, 1),
        "made_up_things_total": (10,),
    }


def test_a_metric_is_declared_once_and_a_counter_by_its_full_name() -> None:
    with pytest.raises(ValueError, match="ends in _total"):
        Count("made_up_other", "虚构", "made up")
    with pytest.raises(ValueError, match=r"Duplicated|twice"):
        Count("made_up_things_total", "虚构", "made up")
