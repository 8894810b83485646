"""The GraphQL contract: its snapshot, a description in two languages on everything, and what a change would break."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    is_introspection_type,
    is_specified_scalar_type,
)
from yanxiu_cli.__main__ import run
from yanxiu_gateway.schema.build import GatewaySchema, build_schema
from yanxiu_gateway.schema.snapshot import SNAPSHOT, compare_schema, schema_text
from yanxiu_gateway.trusted import document_id

CHINESE_THEN_ENGLISH = re.compile(r"[^A-Za-z]*.*[\u4e00-\u9fff].*[。）][ ]?[A-Z`].*[a-z].*", re.DOTALL)


def described(schema: GatewaySchema) -> Iterator[tuple[str, str | None]]:
    """Every type, field, argument and enum value of ours with its description."""
    for kind in schema._schema.type_map.values():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        yield kind.name, kind.description
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{kind.name}.{name}", value.description) for name, value in kind.values.items())
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for name, field in kind.fields.items():
                yield f"{kind.name}.{name}", field.description
                for argument, found in getattr(field, "args", {}).items():
                    yield f"{kind.name}.{name}({argument}:)", found.description


def test_everything_is_described_in_chinese_and_english(schema: GatewaySchema) -> None:
    found = dict(described(schema))
    assert len(found) > 300
    assert [name for name, text in found.items() if not CHINESE_THEN_ENGLISH.fullmatch(text or "")] == []


def test_the_snapshot_is_the_schema() -> None:
    difference = compare_schema(SNAPSHOT.read_text(encoding="utf-8"))
    assert not difference, "\n".join([*difference.lines(), "if that is meant: make schema"])


def test_the_schema_can_be_built_again_and_is_the_same() -> None:
    assert schema_text() == build_schema().as_str().rstrip() + "\n"


def test_a_change_that_breaks_clients_is_named() -> None:
    before = schema_text().replace("type Term implements Node {", "type Term implements Node {\n  gone: String\n")
    assert [line for line in compare_schema(before).lines() if "breaking" in line] == [
        "破坏 breaking: FIELD_REMOVED Field Term.gone was removed."
    ]


def test_no_number_of_the_law_is_a_float(schema: GatewaySchema) -> None:
    assert "Float" not in schema_text()


def test_every_mutation_has_one_input_with_a_key_and_errors_as_data(schema: GatewaySchema) -> None:
    mutation = schema._schema.mutation_type
    assert mutation is not None
    assert len(mutation.fields) >= 17
    for name, field in mutation.fields.items():
        assert list(field.args) == ["input"], name
        assert str(field.args["input"].type.of_type.fields["idempotencyKey"].type) == "ID!", name
        assert str(field.type.fields["errors"].type) == "[UserError!]!", name


def test_yanxiu_schema_checks_and_names_the_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "--check"]) == 0
    older = tmp_path / "older.graphql"
    older.write_text(
        schema_text().replace("type Term implements Node {", "type Term implements Node {\n  gone: String\n"),
        encoding="utf-8",
    )
    capsys.readouterr()
    assert run(["schema", "--check", "--against", str(older)]) == 1
    assert "Term.gone was removed" in capsys.readouterr().out
    assert run(["schema", "--check", "--against", str(tmp_path / "none")]) == 2
    capsys.readouterr()
    assert run(["schema", "--print"]) == 0
    assert capsys.readouterr().out == schema_text()


def test_each_change_names_the_apps_and_operations_that_use_what_it_is_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {
        "roster": "query Roster { schools { edges { node { id } } } teachers { edges { node { subject } } } }",
        "records": "query Mine($t: ID) { records(teacher: $t) { edges { node { status } } } }",
        "register": "mutation Register($i: RegisterTrainingInput!) { registerTraining(input: $i) { replayed } }",
        "other": "query Other { me { role } }",
    }
    apps = tmp_path / "apps"
    apps.mkdir()
    for app, text in texts.items():
        (apps / f"{app}.json").write_text(json.dumps({document_id(text): text}))
    now = schema_text()
    before = re.sub(r"(\ntype Teacher [^\0]*?\n  subject: String)\b", r"\1!", now, count=1)
    before = re.sub(r"(\nenum RecordStatus \{[^\0]*?)\n  ZERO\b", r"\1\n  NAUGHT", before, count=1)
    before = re.sub(r"(\ninput RegisterTrainingInput \{[^\0]*?\n  \w+): (\w+)!", r"\1: \2", before, count=1)
    old = tmp_path / "old.graphql"
    old.write_text(before)
    assert run(["schema", "--check", "--against", str(old), "--apps", str(apps)]) == 1
    told: dict[str, list[str]] = {}
    change = ""
    for line in capsys.readouterr().out.splitlines():
        if line.startswith("  应用"):
            told[change].append(line.split("app ")[1])
        else:
            change = line
            told[change] = []
    (kind,) = (met for change, met in told.items() if "Teacher.subject" in change)
    (value,) = (met for change, met in told.items() if "RecordStatus.ZERO" in change)
    (field,) = (met for change, met in told.items() if "RegisterTrainingInput" in change)
    assert (kind, value, field) == (["roster: Roster"], ["records: Mine"], ["register: Register"])


def test_the_app_and_the_operation_that_a_change_would_break_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = ("query Mine { me { role } }", "query Gone { me { shoeSize } }", "mutation {")
    (tmp_path / "screens.json").write_text(json.dumps({document_id(text): text for text in texts}))
    assert run(["schema", "--check", "--apps", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert "screens: Gone" in told.out
    assert "shoeSize" in told.out
    assert "Syntax Error" in told.out
    assert "Mine" not in told.out
    assert "2 registered operations" in told.err
    (tmp_path / "screens.json").write_text("[]")
    assert run(["schema", "--check", "--apps", str(tmp_path)]) == 2
