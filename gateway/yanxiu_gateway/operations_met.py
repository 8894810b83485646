"""Whose operations a change of the schema meets, though they stay valid: by what each registered document uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_object_type,
    parse,
    type_from_ast,
    visit,
)

_COORDINATE = re.compile(r"(@?[A-Za-z_]\w*)\.(\w+)")
_NAME = re.compile(r"@?[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True, order=True)
class Met:
    """An operation of an app that uses what a change is about."""

    app: str
    operation: str

    def line(self) -> str:
        """As the check prints it, below the change."""
        return f"  应用 app {self.app}: {self.operation}"


class Uses:
    """What the registered operations use of the schema as it was."""

    def __init__(self, before: GraphQLSchema, apps: Mapping[str, Mapping[str, str]]) -> None:
        self._before = before
        self._used = {
            Met(app, operations): used
            for app, texts in sorted(apps.items())
            for text in texts.values()
            for operations, used in _of(before, text)
        }

    def met(self, change: str) -> list[Met]:
        """Who uses what the sentence of a change names: a field of an object, or else a type or directive as a whole.

        A value of an enum, a member of a union or a field of an input meets whoever uses the type, for he may get or
        give it.
        """
        named = _COORDINATE.search(change)
        if named is not None:
            about = {named[0] if is_object_type(self._before.get_type(named[1])) else named[1]}
        else:
            about = {one for one in _NAME.findall(change) if one.startswith("@") or self._before.get_type(one)}
        return sorted(met for met, used in self._used.items() if about & used)


def _of(schema: GraphQLSchema, text: str) -> Iterator[tuple[str, frozenset[str]]]:
    try:
        document = parse(text)
    except GraphQLError:
        return
    names = [
        node.name.value if node.name else "?"
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    ]
    yield ", ".join(names) or "?", frozenset(_used(schema, document))


def _used(schema: GraphQLSchema, document: DocumentNode) -> set[str]:
    info = TypeInfo(schema)
    reader = _Reader(schema, info)
    visit(document, TypeInfoVisitor(info, reader))
    return reader.used


class _Reader(Visitor):
    """Gathers `Type.field`, types and `@directives` while it goes through a document."""

    def __init__(self, schema: GraphQLSchema, info: TypeInfo) -> None:
        super().__init__()
        self._schema = schema
        self._info = info
        self.used: set[str] = set()

    def enter(self, node: Node, *_rest: object) -> None:
        """Note what the node uses."""
        kind = node.kind
        if kind == "field":
            self._field()
        elif kind == "argument":
            self._input(self._info.get_input_type())
        elif kind == "variable_definition":
            self._input(type_from_ast(self._schema, node.type))  # type: ignore[attr-defined]  # a node of that kind
        elif kind == "directive":
            self.used.add(f"@{node.name.value}")  # type: ignore[attr-defined]  # a node of that kind

    def _field(self) -> None:
        parent, field = self._info.get_parent_type(), self._info.get_field_def()
        if parent is None or field is None:
            return
        name = next((one for one, found in getattr(parent, "fields", {}).items() if found is field), None)
        self.used |= {parent.name, f"{parent.name}.{name}", get_named_type(field.type).name}

    def _input(self, kind: object) -> None:
        named = get_named_type(kind) if kind is not None else None  # type: ignore[arg-type]  # a type, as it was read
        if not isinstance(named, GraphQLNamedType) or named.name in self.used:
            return
        self.used.add(named.name)
        if isinstance(named, GraphQLInputObjectType):
            for field in named.fields.values():
                self._input(field.type)
