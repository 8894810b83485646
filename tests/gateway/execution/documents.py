"""Documents drawn from a schema: fields, arguments, aliases, fragments, conditions and types, a few levels deep."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    print_ast,
)
from graphql.utilities import ast_from_value
from hypothesis import strategies as st

Draw = Any


@dataclass
class Drawn:
    """A document and its variables, as a client sends them."""

    query: str = ""
    variables: dict[str, Any] = field(default_factory=dict)


class Documents:
    """Draws documents of one schema; `plain` draws the text of a value for a scalar's name and an argument's name."""

    def __init__(self, schema: GraphQLSchema, plain: Any, *, depth: int = 4, roots: tuple[str, ...] = ()) -> None:
        self._schema = schema
        self._plain = plain
        self._depth = depth
        self._roots = roots

    def queries(self, operation: str = "query") -> st.SearchStrategy[Drawn]:
        """Queries, or mutations."""

        @st.composite
        def one(draw: Draw) -> Drawn:
            return _Drawing(self._schema, self._plain, self._depth, self._roots, draw).document(operation)

        return one()


class _Drawing:
    def __init__(self, schema: GraphQLSchema, plain: Any, depth: int, roots: tuple[str, ...], draw: Draw) -> None:
        self._schema = schema
        self._plain = plain
        self._depth = depth
        self._roots = roots
        self._draw = draw
        self._declared: list[str] = []
        self._variables: dict[str, Any] = {}
        self._fragments: list[str] = []
        self._keys = 0
        self._unlike = 0

    def document(self, operation: str) -> Drawn:
        kind = self._schema.query_type if operation == "query" else self._schema.mutation_type
        assert kind is not None
        names = [name for name in kind.fields if not self._roots or name in self._roots]
        chosen = self._draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        body = " ".join(self._field(name, kind.fields[name], 0) for name in chosen)
        head = f"{operation}({', '.join(self._declared)})" if self._declared else operation
        return Drawn(f"{head} {{ {body} }} {' '.join(self._fragments)}", self._variables)

    def _chance(self, of: int) -> bool:
        return self._draw(st.integers(0, of - 1)) == 0

    def _field(self, name: str, given: GraphQLField, depth: int) -> str:
        text = name
        arguments = self._arguments(given)
        # Two fields of one key must have the same arguments, and of unlike types the same type too.
        if arguments or self._unlike or self._chance(6):
            self._keys += 1
            text = f"k{self._keys}: {name}"
        return f"{text}{arguments}{self._condition()}{self._below(get_named_type(given.type), depth)}"

    def _below(self, kind: GraphQLNamedType, depth: int) -> str:
        return "" if is_leaf_type(kind) else f" {{ {self._selection(kind, depth + 1)} }}"

    def _selection(self, kind: Any, depth: int) -> str:
        leaf = ["__typename"] if self._chance(4) else []
        if is_abstract_type(kind):
            possible = list(self._schema.get_possible_types(kind))
            some = self._draw(st.lists(st.sampled_from(possible), min_size=1, max_size=2, unique=True))
            self._unlike += 1
            parts = [f"... on {one} {{ {self._selection(one, depth)} }}" for one in some]
            self._unlike -= 1
            return " ".join(["__typename", *parts])
        fields = dict(kind.fields)
        if depth >= self._depth:
            flat = [name for name, one in fields.items() if is_leaf_type(get_named_type(one.type))]
            fields = {name: fields[name] for name in flat if not _required(fields[name])}
            if not fields:
                return "__typename"
        names = self._draw(
            st.lists(st.sampled_from(list(fields)), min_size=min(2, len(fields)), max_size=6, unique=True)
        )
        parts = [self._part(kind, name, fields[name], depth) for name in names]
        return " ".join(leaf + parts)

    def _part(self, kind: Any, name: str, given: GraphQLField, depth: int) -> str:
        text = self._field(name, given, depth)
        how = self._draw(st.integers(0, 9))
        if how == 0:
            return f"... on {kind}{self._condition()} {{ {text} }}"
        if how == 1:
            named = f"F{len(self._fragments)}x{self._keys}"
            self._fragments.append(f"fragment {named} on {kind} {{ {text} }}")
            return f"...{named}{self._condition()} {text if self._chance(2) else ''}"
        return text

    def _condition(self) -> str:
        if not self._chance(12):
            return ""
        which, value = self._draw(st.sampled_from(("skip", "include"))), self._draw(st.booleans())
        if self._chance(2):
            return f" @{which}(if: {str(value).lower()})"
        return f" @{which}(if: {self._variable('Boolean!', value)})"

    def _variable(self, kind: str, value: Any) -> str:
        name = f"v{len(self._declared)}"
        self._declared.append(f"${name}: {kind}")
        self._variables[name] = value
        return f"${name}"

    def _arguments(self, given: GraphQLField) -> str:
        written = []
        for name, argument in given.args.items():
            if not is_non_null_type(argument.type) and not self._chance(3):
                continue
            value = self._value(name, argument.type)
            if self._chance(2):
                written.append(f"{name}: {self._variable(str(argument.type), value)}")
            else:
                node = None if _nested(argument.type) else ast_from_value(value, argument.type)
                text = print_ast(node) if node is not None else self._variable(str(argument.type), value)
                written.append(f"{name}: {text}")
        return f"({', '.join(written)})" if written else ""

    def _value(self, name: str, kind: Any) -> Any:
        if is_non_null_type(kind):
            return self._value(name, kind.of_type)
        if is_list_type(kind):
            return [self._value(name, kind.of_type) for _ in range(self._draw(st.integers(0, 2)))]
        if is_enum_type(kind):
            return self._draw(st.sampled_from(list(kind.values)))
        if is_input_object_type(kind):
            return {
                key: self._value(key, one.type)
                for key, one in kind.fields.items()
                if is_non_null_type(one.type) or self._chance(4)
            }
        return self._draw(self._plain(kind.name, name))


def _required(given: GraphQLField) -> bool:
    return any(is_non_null_type(argument.type) for argument in given.args.values())


def _nested(kind: Any) -> bool:
    """Whether a value is written as a variable: names of enums and inputs are not text."""
    named = get_named_type(kind)
    return is_enum_type(named) or is_input_object_type(named) or named.name not in {"Int", "String", "ID", "Boolean"}
