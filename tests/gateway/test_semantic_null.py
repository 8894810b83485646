"""@semanticNonNull keeps its word: drawn documents over services that fail at random show no null without its error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_leaf_type,
)
from graphql import build_schema as read_schema
from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_gateway.execution.plans import Plans
from yanxiu_gateway.schema.snapshot import SNAPSHOT

from tests.gateway.conftest import Client
from tests.gateway.execution.both_ways import by_core, by_plan, read
from tests.gateway.execution.documents import Drawn
from tests.gateway.execution.test_every_document import DOCUMENTS, SCHEMA, context
from tests.gateway.world import World
from tests.slices.probe import anything, required

SHOWN = read_schema(SNAPSHOT.read_text(encoding="utf-8"))
PLANS = Plans(SCHEMA)
Path = tuple[str | int, ...]


def marked(kind: GraphQLObjectType, name: str) -> bool:
    """Whether the schema says of a field that its null is a hole."""
    node = kind.fields[name].ast_node
    return node is not None and any(one.name.value == "semanticNonNull" for one in node.directives or ())


class Reading:
    """Finds the nulls of an answer at marked fields, and notes which of these it met at all."""

    def __init__(self, document: DocumentNode) -> None:
        self.met: set[str] = set()
        self._named = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}

    def nulls(self, kind: Any, chosen: SelectionSetNode | None, data: Any, path: Path) -> Iterator[Path]:
        if isinstance(data, list):
            for number, one in enumerate(data):
                yield from self.nulls(kind, chosen, one, (*path, number))
            return
        if chosen is None or not isinstance(data, dict):
            return
        if is_abstract_type(kind):
            kind = SHOWN.type_map[data["__typename"]]
        for node in chosen.selections:
            if isinstance(node, FieldNode):
                yield from self._field(kind, node, data, path)
            elif self._fits(kind, fragment := self._fragment(node)):
                yield from self.nulls(kind, fragment.selection_set, data, path)

    def _field(self, kind: Any, node: FieldNode, data: Any, path: Path) -> Iterator[Path]:
        name = node.name.value
        key = node.alias.value if node.alias else name
        if name.startswith("__") or key not in data:
            return
        if marked(kind, name):
            self.met.add(f"{kind.name}.{name}")
            if data[key] is None:
                yield (*path, key)
        yield from self.nulls(get_named_type(kind.fields[name].type), node.selection_set, data[key], (*path, key))

    def _fragment(self, node: Any) -> InlineFragmentNode | FragmentDefinitionNode:
        return self._named[node.name.value] if isinstance(node, FragmentSpreadNode) else node

    def _fits(self, kind: Any, fragment: InlineFragmentNode | FragmentDefinitionNode) -> bool:
        on = fragment.type_condition
        return on is None or on.name.value == kind.name or is_abstract_type(SHOWN.type_map[on.name.value])


async def keeps_its_word(drawn: Drawn, seed: int, faults: int, root: Any) -> set[str]:
    """Answer a document, hold every null at a marked field against the errors, and return the marked ones it met."""
    document = read(SCHEMA, drawn.query)
    given = context(seed, faults)(document)
    found = await by_plan(SCHEMA, PLANS, document, drawn.variables, given)
    data, errors = found or await by_core(SCHEMA, document, drawn.variables, given)
    failed = [tuple(error.path or ()) for error in errors]
    (operation,) = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    reading = Reading(document)
    for null in reading.nulls(root, operation.selection_set, data, ()):
        # What a required field below it failed with made it null: its error lies below.
        assert any(path[: len(null)] == null for path in failed), (null, drawn.query, failed)
    return reading.met


@settings(max_examples=40)
@given(DOCUMENTS.queries(), st.integers(0, 10**6), st.sampled_from((0, 25, 60)))
async def test_a_null_at_a_marked_field_of_a_query_has_its_error(drawn: Drawn, seed: int, faults: int) -> None:
    await keeps_its_word(drawn, seed, faults, SHOWN.query_type)


@settings(max_examples=20)
@given(DOCUMENTS.queries("mutation"), st.integers(0, 10**6), st.sampled_from((0, 25, 60)))
async def test_a_null_at_a_marked_field_of_a_command_has_its_error(drawn: Drawn, seed: int, faults: int) -> None:
    await keeps_its_word(drawn, seed, faults, SHOWN.mutation_type)


async def test_every_marked_field_is_met_and_none_is_null_without_its_error() -> None:
    met: set[str] = set()
    for word, root in (("query", SHOWN.query_type), ("mutation", SHOWN.mutation_type)):
        assert root is not None
        for name, field in root.fields.items():
            document = Drawn(f"{word} {{ {name}{said(field)}{whole(field, 3)} }}")
            for seed in range(2):
                met |= await keeps_its_word(document, seed, 0, root)
    assert {
        f"{kind.name}.{name}"
        for kind in SHOWN.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name in kind.fields
        if marked(kind, name)
        # The cells of the map of coverage lie deeper than what is made up.
    } == met | {"CoverageCell.assigned"}


def said(field: GraphQLField) -> str:
    """The arguments that a field cannot do without."""
    needed = {name: one for name, one in field.args.items() if required(one)}
    given = [f"{name}: {literal(anything(one.type, name), one.type)}" for name, one in needed.items()]
    return f"({', '.join(given)})" if given else ""


def literal(value: Any, kind: Any) -> str:
    """A value of a type as it stands in a document."""
    named = get_named_type(kind)
    if isinstance(value, list):
        return f"[{', '.join(literal(one, named) for one in value)}]"
    if isinstance(named, GraphQLInputObjectType):
        return f"{{{', '.join(f'{name}: {literal(one, named.fields[name].type)}' for name, one in value.items())}}}"
    return str(value) if is_enum_type(named) else json.dumps(value, ensure_ascii=False)


def whole(field: GraphQLField, depth: int) -> str:
    """Every field below, to a depth."""
    kind = get_named_type(field.type)
    if not isinstance(kind, GraphQLObjectType):
        return "" if is_leaf_type(kind) else " { __typename }"
    parts = [
        f"{name}{said(one)}{whole(one, depth - 1)}"
        for name, one in kind.fields.items()
        if depth > 1 or is_leaf_type(get_named_type(one.type))
    ]
    return f" {{ __typename {' '.join(parts)} }}"


def test_what_is_described_as_null_where_there_is_none_is_not_marked() -> None:
    meant = re.compile(r"(?:时|者|师|动)为空(?!列表|表)|(?<!un)null (?:when|where|without|for)")
    told = {
        f"{kind.name}.{name}"
        for kind in SHOWN.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
        if marked(kind, name) and meant.search(field.description or "")
    }
    assert told == set()


def test_lists_pages_and_what_commands_answer_are_marked_where_nothing_else_is_said() -> None:
    def those(kind: str) -> set[str]:
        shown = SHOWN.type_map[kind]
        assert isinstance(shown, GraphQLObjectType)
        return {name for name in shown.fields if marked(shown, name)}

    assert {"records", "schools", "ledger", "forms", "nodes", "tasks"} <= those("Query")
    assert those("Query").isdisjoint({"node", "school", "teacher", "standing", "awardYear", "transfer"})
    assert {"records", "standings"} == those("Teacher")
    assert "registerTraining" not in those("RegisterTrainingPayload")
    assert those("Subscription") == set()


async def test_the_page_of_a_service_that_is_down_is_null_with_its_error(client: Client, world: World) -> None:
    world.down.add("credits")
    answer = await client.ask("{ teachers(first: 1) { edges { node { records { totalCount } subject } } } }")
    (edge,) = answer["data"]["teachers"]["edges"]
    assert edge["node"]["records"] is None
    (error,) = answer["errors"]
    assert (error["path"][-1], error["extensions"]["service"]) == ("records", "credits")
