"""How often fields of one name stand in one place: validation compares each two of them, so their pairs are bounded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, SelectionSetNode

from yanxiu_gateway.errors import limit_exceeded


def check_repeats(
    selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], most: int, fields: int
) -> None:
    """Raise `RequestRefused` when validating the selection would compare more than `most` pairs of fields.

    Two fields that answer under one name must fit, and so must what is selected below them; whether in one selection or
    in several that come together. A fragment counts once in a place, as it does for validation. No more than `fields`
    are looked at: only fragments that hold themselves have more, once the document's size was checked.
    """
    pairs, seen, level = 0, 0, [[selections]]
    while level:
        below: list[list[SelectionSetNode]] = []
        for together in level:
            for same in _by_name(together, fragments).values():
                seen += len(same)
                pairs += len(same) * (len(same) - 1) // 2
                inner = [node.selection_set for node in same if node.selection_set is not None]
                below += [inner] if inner else []
            if seen > fields:
                raise limit_exceeded("fields", seen, fields)
            if pairs > most:
                raise limit_exceeded("repeats", pairs, most)
        level = below


def _by_name(
    together: Iterable[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> Mapping[str, list[FieldNode]]:
    found: dict[str, list[FieldNode]] = defaultdict(list)
    written: set[str] = set()
    for selections in together:
        for node in _fields(selections, fragments, written):
            found[(node.alias or node.name).value].append(node)
    return found


def _fields(
    selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], written: set[str]
) -> Iterator[FieldNode]:
    """The fields of a selection, with the fragments that were not `written` out in this place before."""
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name in fragments and name not in written:
                written.add(name)
                yield from _fields(fragments[name].selection_set, fragments, written)
        elif (inner := getattr(node, "selection_set", None)) is not None:
            yield from _fields(inner, fragments, written)
