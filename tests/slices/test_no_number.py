"""Id numbers, sent along every way into the platform, stand nowhere but sealed in the registry's column."""

from __future__ import annotations

import io
import logging
import sqlite3
import sys
from pathlib import Path

import pytest
import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import generate_latest
from yanxiu_wire import log
from yanxiu_wire.spans import recording_to

from tests.conftest import NatsServer
from tests.slices.numbers import Sender, backed_up, numbers, places, report
from tests.slices.stage import Stage

COUNT = 120


async def test_no_number_is_found_anywhere_but_sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole count is sent by `python -m tests.slices.numbers`, to a platform of processes."""
    given, spans, lines = numbers(COUNT), InMemorySpanExporter(), io.StringIO()
    nats = NatsServer(tmp_path, fsync=False)
    handlers, level = logging.getLogger().handlers, logging.getLogger().level
    monkeypatch.setattr(sys, "stderr", lines)
    log.configure("numbers")
    try:
        stage = Stage(nats, tmp_path, "2024-09-02")
        sender = Sender(stage)
        with recording_to(spans, "numbers", 1.0, place="edge"):
            async with stage.playing():
                await sender.settle()
                await sender.send(given)
        await backed_up(stage, tmp_path)
    finally:
        nats.stop()
        structlog.reset_defaults()
        logging.getLogger().handlers, logging.getLogger().level = handlers, level
    with sqlite3.connect(tmp_path / "data/registry/numbers.db") as kept:
        (sealed,) = kept.execute("SELECT count(*) FROM teacher WHERE national_id IS NOT NULL").fetchone()
    assert sealed >= COUNT
    left = [
        *places(stage, sender, tmp_path),
        ("log", lines.getvalue().encode()),
        ("traces", "\n".join(one.to_json() for one in spans.get_finished_spans()).encode()),
        ("metrics", generate_latest()),
    ]
    assert {f"backup/{service}/numbers.db" for service in ("registry", "credits", "visits")} <= set(dict(left))
    assert b"graphql" in dict(left)["log"]
    assert b"POST /graphql" in dict(left)["traces"]
    tokens = [token for token, _ in stage._tokens.values()]
    for name in ("log", "traces", "metrics"):
        told = dict(left)[name].decode()
        # Nor names, nor what anybody signs in with, nor what a query says.
        assert not [word for word in ("虚构教师", "虚构小学", "teachers(", "Bearer", *tokens) if word in told]
    found, looked, _ = report(given, iter(left))
    assert found == {}, {name: len(hits) for name, hits in found.items()}
    assert looked > COUNT


def test_a_number_that_is_left_somewhere_is_found() -> None:
    given = numbers(3)
    left = [("a", f"x{given[1].lower()}9".encode()), ("b", b"7" * 40), ("c", f"1{given[2]}".encode())]
    found, looked, _ = report(given, iter(left))
    assert found == {"a": {given[1].encode()}, "c": {given[2].encode()}}
    assert looked == 3
