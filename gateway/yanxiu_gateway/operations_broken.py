"""Whose operations a schema would break: each registered document of each app, held against the schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, parse, validate


@dataclass(frozen=True, slots=True, order=True)
class Broken:
    """An operation of an app that the schema refuses, with the first reason."""

    app: str
    operation: str
    document: str
    reason: str

    def line(self) -> str:
        """As the check prints it."""
        return f"应用 app {self.app}: {self.operation} ({self.document[:15]}…): {self.reason}"


def broken_operations(schema: GraphQLSchema, apps: Mapping[str, Mapping[str, str]]) -> list[Broken]:
    """Return every registered operation that could not run under the schema, by app and name."""
    return sorted(
        Broken(app, name, document, reason)
        for app, texts in apps.items()
        for document, text in texts.items()
        for name, reason in _broken(schema, text)
    )


def _broken(schema: GraphQLSchema, text: str) -> Iterator[tuple[str, str]]:
    try:
        document = parse(text)
    except GraphQLError as error:
        yield "?", error.message
        return
    errors = validate(schema, document)
    if errors:
        named = [
            node.name.value if node.name else "?"
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode)
        ]
        yield ", ".join(named) or "?", errors[0].message
