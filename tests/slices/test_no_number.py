"""Id numbers, sent along every way into the platform, stand nowhere but sealed in the registry's column."""

from __future__ import annotations

import base64
import io
import logging
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import generate_latest
from yanxiu_wire import log
from yanxiu_wire.spans import recording_to

from tests.conftest import NatsServer
from tests.postgres_server import PostgresServer
from tests.slices.number_forms import FORMS, written
from tests.slices.number_places import apart, backed_up, not_found_in, places, planted, report, sealed_in, store_of
from tests.slices.numbers import Sender, numbers
from tests.slices.stage import Stage
from tests.stores import KINDS, Kind

COUNT = 120


@pytest.fixture
def server(kind: Kind, request: pytest.FixtureRequest) -> PostgresServer | None:
    """A server that none of the other tests wrote to, where there is one."""
    return request.getfixturevalue("own_postgres") if kind == "postgresql" else None


@pytest.mark.parametrize("kind", KINDS)
async def test_no_number_is_found_anywhere_but_sealed(
    kind: Kind, server: PostgresServer | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole count is sent by `python -m tests.slices.numbers`, to a platform of processes."""
    (*given, control), spans, lines = numbers(COUNT + 1), InMemorySpanExporter(), io.StringIO()
    nats, store = NatsServer(tmp_path, fsync=False), store_of(kind, server, tmp_path)
    handlers, level = logging.getLogger().handlers, logging.getLogger().level
    monkeypatch.setattr(sys, "stderr", lines)
    log.configure("numbers")
    try:
        database = {name: value for name, value in store.fields.items() if name.startswith("database")}
        stage = Stage(nats, tmp_path, "2024-09-02", database=database)
        sender = Sender(stage)
        with recording_to(spans, "numbers", 1.0, place="edge"):
            async with stage.playing():
                await sender.settle()
                await sender.send(tuple(given))
        assert sealed_in(store) >= COUNT
        await planted(stage, store, tmp_path, control)
        await backed_up(stage, store, tmp_path)
    finally:
        nats.stop()
        structlog.reset_defaults()
        logging.getLogger().handlers, logging.getLogger().level = handlers, level
    told = {
        "log": lines.getvalue(),
        "traces": "\n".join(one.to_json() for one in spans.get_finished_spans()),
        "metrics": generate_latest().decode(),
    }
    _holds_nothing_confidential(told, stage)
    # What is kept in memory has its planted number from here.
    beside = [(name, f"{text}{control}".encode()) for name, text in told.items()]
    left = [*beside, *places([*sender.answers, control.encode()], store, tmp_path)]
    assert {f"backup/{service}/numbers.db" for service in ("registry", "credits", "visits")} <= set(dict(left))
    found, looked, _ = report((*given, control), iter(left))
    control_in, leaks = apart(found, control)
    assert leaks == {}
    assert not_found_in(control_in, store) == set()
    assert looked > COUNT


def _holds_nothing_confidential(told: Mapping[str, str], stage: Stage) -> None:
    """Nor names, nor what anybody signs in with, nor what a query says."""
    assert "graphql" in told["log"]
    assert "POST /graphql" in told["traces"]
    tokens = [token for token, _ in stage._tokens.values()]
    words = ("虚构教师", "虚构小学", "teachers(", "Bearer", *tokens)
    assert not [word for word in words if any(word in text for text in told.values())]


@pytest.mark.parametrize("form", FORMS)
def test_a_number_that_is_left_somewhere_is_found(form: str) -> None:
    given = numbers(60)
    (one,) = [number for number in given if number.isdigit()][:1]
    last = next(number for number in given if number.endswith("X"))
    left = [("a", b"99" + written(one, form) + b"9"), ("b", written(last.lower(), form)), ("c", b"9" * 40)]
    found, looked, _ = report(given, iter(left))
    # A letter has no place in a whole number.
    assert found == {"a": {(form, one)}} | ({} if form == "integer" else {"b": {(form, last)}})
    assert looked == 3


@pytest.mark.parametrize("before", range(9))
def test_a_number_in_base64_is_found_wherever_it_begins(before: int) -> None:
    given = numbers(3)
    found, _, _ = report(given, iter([("a", base64.b64encode(b"?" * before + f"{given[1]}，".encode()))]))
    assert found == {"a": {(f"base64+{before % 3}", given[1])}}
