"""The messages' snapshots: what travels is what `wire/schema/` says."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from yanxiu_wire import schema
from yanxiu_wire.codec import decode
from yanxiu_wire.contracts import AREAS, endpoints_of, events_of
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command
from yanxiu_wire.refusal import Refused

MESSAGES = [endpoint for service in AREAS for endpoint in endpoints_of(service)]


def test_the_snapshots_are_those_of_the_types() -> None:
    assert schema.differences() == [], "run `python -m yanxiu_wire.schema` and read the difference"


def test_a_changed_type_is_noticed(tmp_path: Path) -> None:
    schema.write(tmp_path)
    assert schema.differences(tmp_path) == []
    changed = (tmp_path / "credits.json").read_text(encoding="utf-8").replace('"teacher"', '"learner"', 1)
    (tmp_path / "credits.json").write_text(changed, encoding="utf-8")
    (tmp_path / "stray.json").write_text("{}", encoding="utf-8")
    found = schema.differences(tmp_path)
    assert any('"learner"' in line for line in found)
    assert found[-1] == "stray.json: belongs to no service"


@pytest.mark.parametrize("endpoint", MESSAGES, ids=repr)
def test_every_endpoint_can_refuse_and_its_answers_can_be_told_apart(endpoint: Endpoint) -> None:  # type: ignore[type-arg]
    assert isinstance(decode(endpoint.reply, b'{"type":"refused","errors":[]}'), Refused)


@pytest.mark.parametrize("endpoint", MESSAGES, ids=repr)
def test_what_writes_carries_a_key_and_what_reads_does_not(endpoint: Endpoint) -> None:  # type: ignore[type-arg]
    assert issubclass(endpoint.request, Command) == endpoint.writes


def test_subjects_are_written_once() -> None:
    subjects = [endpoint.subject("*") for endpoint in MESSAGES]
    subjects += [event.subject("*") for service in AREAS for event in events_of(service)]
    assert len(set(subjects)) == len(subjects)


def test_no_message_has_a_binary_floating_point_number() -> None:
    def kinds(info: object, seen: set[object]) -> list[str]:
        found = [type(info).__name__]
        # A message may hold its own kind, as the fields of a fact do.
        own = getattr(info, "cls", None)
        if own in seen:
            return found
        seen |= {own} - {None}
        for name in getattr(info, "__struct_fields__", ()):
            value = getattr(info, name)
            for inner in value if isinstance(value, tuple) else (value,):
                if isinstance(inner, msgspec.inspect.Field):
                    found += kinds(inner.type, seen)
                elif isinstance(inner, msgspec.inspect.Type):
                    found += kinds(inner, seen)
        return found

    for endpoint in MESSAGES:
        for kind in (endpoint.request, endpoint.reply):
            assert "FloatType" not in kinds(msgspec.inspect.type_info(kind), set()), endpoint
