"""The scalar `Facts`: the facts of a question as one object in which no number is ever a float."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NewType

import strawberry
from graphql import (
    BooleanValueNode,
    EnumValueNode,
    GraphQLError,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    print_ast,
)
from strawberry.types.scalar import ScalarDefinition

from yanxiu_gateway.schema.scalars import unfit, write_decimal

Facts = NewType("Facts", object)
"""A mapping of names to texts, integers, booleans, lists and mappings."""

# Deeper than any question asks; the service bounds what it reads more closely.
_DEEPEST = 24


def parse_facts(value: object) -> Mapping[str, Any]:
    """An object of texts, integers, booleans, lists and objects; a float is refused with the place where it stands."""
    if not isinstance(value, Mapping):
        raise unfit(
            value,
            ("Facts 应为一个对象", '如 {"hours": "59.5", "mode": "network"}'),
            ("Facts must be an object", 'such as {"hours": "59.5", "mode": "network"}'),
        )
    return {str(key): _exact(inner, str(key), 1) for key, inner in value.items()}


def _exact(value: object, path: str, level: int) -> Any:
    if isinstance(value, float):
        raise unfit(
            value,
            (f"{path} 是浮点数 {value!r}", f'请写成文本，如 "{value!r}"'),
            (f"{path} is the float {value!r}", f'write it as text, "{value!r}"'),
        )
    if level > _DEEPEST:
        raise unfit(path, ("Facts 的嵌套过深", "请减少层数"), ("Facts nest too deeply", "use fewer levels"))
    if isinstance(value, Mapping):
        return {str(key): _exact(inner, f"{path}.{key}", level + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(inner, f"{path}[{place}]", level + 1) for place, inner in enumerate(value)]
    return value


def write_facts(value: object) -> Any:
    """The object with exact texts for decimals and days."""
    if isinstance(value, Mapping):
        return {str(key): write_facts(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [write_facts(inner) for inner in value]
    if isinstance(value, Decimal):
        return write_decimal(value)
    return value.isoformat() if isinstance(value, date) else value


def _literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
    if not isinstance(node, ObjectValueNode):
        return parse_facts(print_ast(node))
    return parse_facts(_read(node, variables or {}, 1))


_LITERALS: Mapping[type[ValueNode], Callable[[Any], Any]] = {
    StringValueNode: lambda node: node.value,
    BooleanValueNode: lambda node: node.value,
    EnumValueNode: lambda node: node.value,
    IntValueNode: lambda node: int(node.value),
    NullValueNode: lambda _node: None,
}


def _read(node: ValueNode, variables: Mapping[str, Any], level: int) -> Any:
    if level > _DEEPEST:
        raise GraphQLError("Facts 的嵌套过深。Facts nest too deeply.")
    if isinstance(node, ObjectValueNode):
        return {one.name.value: _read(one.value, variables, level + 1) for one in node.fields}
    if isinstance(node, ListValueNode):
        return [_read(one, variables, level + 1) for one in node.values]
    if isinstance(node, VariableNode):
        return variables.get(node.name.value)
    read = _LITERALS.get(type(node))
    # What is left is a number with a fraction; it stands in the text as it was written, and is refused all the same.
    return read(node) if read is not None else float(print_ast(node))


def facts_scalar() -> dict[object, ScalarDefinition]:
    """The scalar under its Python type."""
    return {
        Facts: strawberry.scalar(
            name="Facts",
            description=(
                '一组事实：名称与值的对象。数值写成文本（如 "59.5"）或整数，是否写 true、false，日期写 YYYY-MM-DD，'
                "可含列表与对象；不接受浮点数。"
                'Facts as one object of names and values: numbers as text ("59.5") or integers, true and false, days '
                "as YYYY-MM-DD, lists and objects; a float is refused."
            ),
            serialize=write_facts,
            parse_value=parse_facts,
            parse_literal=_literal,
        )
    }
