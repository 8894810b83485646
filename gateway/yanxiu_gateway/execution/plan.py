"""What a plan is made of: selections of fields, each with its arguments, how it is answered and what shape it has."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLLeafType,
    GraphQLNamedType,
    GraphQLObjectType,
    OperationDefinitionNode,
)
from strawberry.types.field import StrawberryField

from yanxiu_gateway.execution.answered import Answered

if TYPE_CHECKING:
    from yanxiu_gateway.execution.laid_out import RowText

Kind = Literal["leaf", "list", "object", "abstract"]


@dataclass(slots=True)
class Shape:
    """A field's type, from the outside in: may it be null, is it a list of another shape, which selections are below.

    An object has one selection, an abstract type one for each object type that it can be.
    """

    required: bool
    kind: Kind
    named: GraphQLNamedType
    item: Shape | None = None
    selections: Mapping[str, Selection] = field(default_factory=dict)
    waits: bool = False

    @property
    def leaf(self) -> GraphQLLeafType:
        """The type of a leaf."""
        return self.named  # type: ignore[return-value]


@dataclass(slots=True)
class FieldPlan:
    """One key of an object of the answer; `constant` arguments are read when it is planned, others in each request.

    `text` is of a list whose rows can be laid out from columns.
    """

    key: str
    nodes: list[FieldNode]
    parent: GraphQLObjectType
    definition: GraphQLField
    own: StrawberryField | None
    answered: Answered
    shape: Shape
    constant: dict[str, Any] | Exception | None
    waits: bool
    text: RowText | None = None
    # What was found out of what is below it, by the question, so that no request looks through the plan again.
    known: dict[Any, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Selection:
    """The fields that are asked of an object type, in the order of the answer; `make` lays a row of values out."""

    kind: GraphQLObjectType
    fields: Sequence[FieldPlan]
    make: Callable[..., Any]
    waits: bool


@dataclass(slots=True)
class Plan:
    """An operation, planned; the root fields of a mutation stand in selections of their own, one after the other.

    `by_itself` says that a field of it leaves a record of each asking, so that no two may be answered together.
    """

    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    roots: Sequence[Selection]
    make: Callable[..., Any]
    size: int
    by_itself: bool = False


@functools.lru_cache(maxsize=2_000)
def object_of(keys: tuple[str, ...]) -> Callable[..., Any]:
    """What makes an object of the answer from its values in the order of the keys.

    A struct is made in less time than a dictionary, is smaller, and becomes JSON as fast.
    """
    names = {f"f{number}": key for number, key in enumerate(keys)}
    return msgspec.defstruct("Answer", [(name, Any) for name in names], rename=names, frozen=True, gc=False)
