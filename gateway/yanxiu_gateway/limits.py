"""How large a GraphQL document may be: one pass over it, each fragment measured once, before it is validated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
)

from yanxiu_gateway.errors import limit_exceeded
from yanxiu_gateway.repeats import check_repeats

ANYBODYS_CHARACTERS = 300
ANYBODYS_TOKENS = 30


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest document that is looked at; the standard introspection query fits."""

    body_bytes: int = 65_536
    body_seconds: float = 10.0
    tokens: int = 2_000
    depth: int = 16
    fields: int = 1_000
    repeats: int = 2_000
    aliases: int = 30
    directives: int = 50
    fragments: int = 30
    roots: int = 10
    introspections: int = 1


@dataclass(slots=True)
class Size:
    """What a selection comes to when its fragments are written out."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    introspections: int = 0
    top: int = 0

    def add(self, other: Size, *, below: int = 0) -> None:
        """Take in a part that hangs `below` levels deeper."""
        self.depth = max(self.depth, other.depth + below)
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives
        self.introspections += other.introspections
        self.top += 0 if below else other.top


def check_size(document: DocumentNode, limits: Limits) -> None:
    """Raise `RequestRefused` naming the first limit that the document exceeds.

    The work is bounded by the document's own length: a fragment that is spread a thousand times is measured once.
    """
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    if len(fragments) > limits.fragments:
        raise limit_exceeded("fragments", len(fragments), limits.fragments)
    measure = _Measure(fragments, limits)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            size = measure.of(node.selection_set, 1, 1)
            size.directives += len(node.directives or ())
            _compare(size, limits)
            check_repeats(node.selection_set, fragments, limits.repeats, limits.fields)


def _compare(size: Size, limits: Limits) -> None:
    measured = {
        "depth": size.depth,
        "fields": size.fields,
        "aliases": size.aliases,
        "directives": size.directives,
        "roots": size.top,
        "introspections": size.introspections,
    }
    for name, found in measured.items():
        most = getattr(limits, name)
        if found > most:
            raise limit_exceeded(name, found, most)


class _Measure:
    def __init__(self, fragments: dict[str, FragmentDefinitionNode], limits: Limits) -> None:
        self._fragments = fragments
        self._limits = limits
        self._known: dict[str, Size] = {}

    def of(self, selections: SelectionSetNode | None, level: int, nesting: int) -> Size:
        """Measure one selection set; stops as soon as braces nest too deeply to be followed, fields or not."""
        size = Size()
        if selections is None:
            return size
        if level > self._limits.depth or nesting > 3 * self._limits.depth:
            raise limit_exceeded("depth", max(level, self._limits.depth + 1), self._limits.depth)
        for node in selections.selections:
            size.add(self._node(node, level, nesting))
            size.directives += len(node.directives or ())
        return size

    def _node(self, node: SelectionNode, level: int, nesting: int) -> Size:
        if isinstance(node, FieldNode):
            size = Size(depth=1, fields=1, aliases=1 if node.alias else 0, top=1)
            size.introspections += node.name.value in ("__schema", "__type")
            size.add(self.of(node.selection_set, level + 1, nesting + 1), below=1)
            return size
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value, level, nesting)
        return self.of(getattr(node, "selection_set", None), level, nesting + 1)

    def _fragment(self, name: str, level: int, nesting: int) -> Size:
        if name not in self._known:
            fragment = self._fragments.get(name)
            # A fragment within itself counts as empty here; validation refuses it by name.
            self._known[name] = Size()
            if fragment is not None:
                self._known[name] = self.of(fragment.selection_set, level, nesting + 1)
        return self._known[name]


def check_values(variables: Mapping[str, Any], most: int) -> None:
    """Raise `RequestRefused` where variables hold more than `most` values, those of lists and objects included."""
    found, level = 0, [*variables.values()]
    while level:
        found += len(level)
        if found > most:
            raise limit_exceeded("values", found, most)
        lists = [one for one in level if isinstance(one, list)]
        objects = [one.values() for one in level if isinstance(one, dict)]
        level = [inner for one in (*lists, *objects) for inner in one] if lists or objects else []


def for_anybody(text: str) -> bool:
    """Whether a document asks for nothing but `__typename`: the one thing that needs no token.

    It is found out with little work: a long text is not read at all.
    """
    if len(text) > ANYBODYS_CHARACTERS:
        return False
    try:
        return _only_typename(parse(text, max_tokens=ANYBODYS_TOKENS))
    except GraphQLSyntaxError:
        return False


def _only_typename(document: DocumentNode) -> bool:
    if len(document.definitions) != 1 or not isinstance(document.definitions[0], OperationDefinitionNode):
        return False
    operation = document.definitions[0]
    return operation.operation.value == "query" and all(
        isinstance(node, FieldNode) and node.name.value == "__typename" for node in operation.selection_set.selections
    )
