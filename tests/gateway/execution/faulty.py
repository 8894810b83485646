"""A schema whose fields fail in every way: null, raised, returned, of a wrong type, in nested lists, late, at once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from yanxiu_gateway.execution.batch import Batches, in_batch
from yanxiu_gateway.schema.scalars import scalar_map

HOWS = ("now", "late", "batch", "batch_now")


@dataclass(frozen=True)
class Row:
    """A row: what its fields come to follows from its seed alone."""

    seed: str
    kind: str
    ill: int


@dataclass
class Context:
    """A request's context."""

    ill: int
    seed: int
    batches: Batches = field(default_factory=Batches)


@strawberry.enum
class Colour(Enum):
    """Colours."""

    RED = "red"
    GREEN = "green"


def chance_of(row: Row, name: str) -> random.Random:
    """What happens to a field of a row."""
    return random.Random(f"{row.seed}/{name}")


def ill(row: Row, chance: random.Random, value: Callable[[], Any]) -> Any:
    """The value, or what went wrong in its place; an exception is returned, not raised."""
    what = chance.randrange(100)
    if what >= row.ill:
        return value()
    return (None, ValueError(f"of {row.seed}"), None, object())[what % 4]


def made(row: Row, name: str, shape: str) -> Any:
    """A value of the shape: T twig, B branch, F either, L label, N number, C colour, D decimal; [..] a list of it."""
    return _of(row, chance_of(row, name), shape, f"{row.seed}/{name}")


def _of(row: Row, chance: random.Random, shape: str, seed: str) -> Any:
    if shape.startswith("["):
        return ill(
            row, chance, lambda: [_of(row, chance, shape[1:-1], f"{seed}.{n}") for n in range(chance.randrange(4))]
        )
    leaves: dict[str, Callable[[], Any]] = {
        "L": lambda: f"{chance.randrange(9)}",
        "N": lambda: chance.randrange(9),
        "C": lambda: chance.choice(("red", Colour.GREEN)),
        "D": lambda: Decimal(chance.randrange(99)) / 10,
    }
    if shape in leaves:
        return ill(row, chance, leaves[shape])
    kind = {"T": "twig", "B": "branch", "F": chance.choice(("twig", "branch"))}[shape]
    return ill(row, chance, lambda: Row(seed, kind, row.ill))


def raised(value: Any) -> Any:
    """The value, raised where it is an exception of an even length: returned and raised ones come to the same."""
    if isinstance(value, Exception) and len(str(value)) % 2:
        raise value
    return value


def resolver(name: str, shape: str, how: str) -> Any:
    """The resolver of a field, by one of the ways."""

    def now(root: Any, times: int = 1) -> Any:
        return raised(made(root, f"{name}{times}", shape))

    async def late(root: Any, info: strawberry.Info, times: int = 1) -> Any:
        del info
        await asyncio.sleep(0)
        return raised(made(root, f"{name}{times}", shape))

    async def batch(rows: Any, info: strawberry.Info, times: int = 1) -> Any:
        del info
        await asyncio.sleep(0)
        return [made(row, f"{name}{times}", shape) for row in rows]

    def batch_now(rows: Any, info: strawberry.Info, times: int = 1) -> Any:
        del info
        return [made(row, f"{name}{times}", shape) for row in rows]

    return {"now": now, "late": late, "batch": in_batch(batch), "batch_now": in_batch(batch_now)}[how]


@strawberry.interface
class Named:
    """An interface."""

    label: str = strawberry.field(resolver=resolver("label", "L", "now"))


@strawberry.type
class Twig(Named):
    """A leaf of the tree."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """By the row's kind."""
        return obj.kind == "twig"

    seed: str
    ill: int | None
    size: int | None = strawberry.field(resolver=resolver("size", "N", "late"))
    weight: Decimal = strawberry.field(resolver=resolver("weight", "D", "batch_now"))
    missing: str | None


_B: Any = Annotated["Branch", strawberry.lazy("tests.gateway.execution.faulty")]
_F: Any = Annotated[_B | Twig, strawberry.union("Found")]
_SHAPES: dict[str, tuple[Any, str]] = {
    "label": (str, "L"),
    "labelOrNot": (str | None, "L"),
    "colours": (list[Colour], "[C]"),
    "numbers": (list[int | None] | None, "[N]"),
    "amounts": (list[list[Decimal]] | None, "[[D]]"),
    "one": (_B, "B"),
    "oneOrNot": (_B | None, "B"),
    "all": (list[_B], "[B]"),
    "some": (list[_B | None] | None, "[B]"),
    "rows": (list[list[Twig] | None], "[[T]]"),
    "found": (_F | None, "F"),
    "finds": (list[_F] | None, "[F]"),
    "named": (Named, "F"),
    "names": (list[Named | None] | None, "[F]"),
}


def _branch() -> type:
    hints: dict[str, Any] = {"seed": str, "kind": Colour}
    fields: dict[str, Any] = {}
    for name, (hint, shape) in _SHAPES.items():
        for how in HOWS:
            own = f"{name}_{how}"
            hints[own] = hint
            fields[own] = strawberry.field(resolver=resolver(name, shape, how))

    def is_type_of(_cls: Any, obj: Any, _info: Any) -> bool:
        return obj.kind == "branch"

    made_of = {**fields, "__annotations__": hints, "__module__": __name__, "is_type_of": classmethod(is_type_of)}
    return strawberry.type(type("Branch", (Named,), made_of))


Branch = _branch()


def get_tree(info: strawberry.Info) -> Any:
    """The whole tree."""
    return Row(f"{info.context.seed}", "branch", info.context.ill)


def _query() -> Any:
    fields = {name: strawberry.field(resolver=get_tree) for name in ("tree", "tree_or_not")}
    made_of = {**fields, "__annotations__": {"tree": _B, "tree_or_not": _B | None}, "__module__": __name__}
    return strawberry.type(type("Query", (), made_of))


def faulty_schema() -> strawberry.Schema:
    """The schema."""
    return strawberry.Schema(_query(), types=[Branch, Twig], config=StrawberryConfig(scalar_map=scalar_map()))
