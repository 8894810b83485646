"""Relay's ground: opaque ids, the Node interface, keyset connections, and rows that remember their day."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from binascii import b2a_base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec
import strawberry
from yanxiu_wire.message import Page

from yanxiu_gateway.edges import EdgeRow, PageInColumns
from yanxiu_gateway.errors import first_out_of_range
from yanxiu_gateway.execution.batch import Rows, in_batch
from yanxiu_gateway.schema.context import Info

T = TypeVar("T")

MOST_FIRST = 200


# ---- ids -------------------------------------------------------------------------------------------------------


def global_id(kind: str, plain: str) -> strawberry.ID:
    """The id that clients see: the type and the register's own id, opaque."""
    return strawberry.ID(b64encode(f"{kind}:{plain}".encode()).decode())


def split_id(text: str) -> tuple[str | None, str]:
    """The type and plain id of a client's id; a text that is no such id has no type and stays as it is."""
    try:
        kind, colon, plain = b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None, text
    return (kind, plain) if colon and kind.isalpha() and plain else (None, text)


def plain_id(kind: str, text: str) -> str:
    """The register's id for an argument of that type; an id of another type stands for nothing and stays as it is."""
    found, plain = split_id(text)
    return plain if found == kind else text


def plain_term(text: str | None) -> str | None:
    """The register's id of a term that an argument may name."""
    return None if text is None else plain_id("Term", text)


def ids_in_column(values: Sequence[str], kind: str | None) -> list[str]:
    """The global ids of rows of a type by their own ids."""
    return [b2a_base64(f"{kind}:{one}".encode(), newline=False).decode() for one in values]


@in_batch(reads=("id",), column=ids_in_column)
def resolve_id(rows: Rows[Any], info: Info) -> Any:
    """The global ids of rows, under the type they are shown as."""
    return ids_in_column([row.id for row in rows], info.path.typename)


def id_of(kind: str, attribute: str) -> Any:
    """The resolver of the global id of what a row names by the register's own id; null where it names nothing."""

    @in_batch(reads=(attribute,))
    def named_id(rows: Rows[Any], info: Info) -> Any:  # noqa: ARG001 - what `in_batch` calls is given both
        named = [getattr(row, attribute) for row in rows]
        return [global_id(kind, one) if one else None for one in named]

    return named_id


@strawberry.interface(
    name="Node",
    description="凡有全局编号、可用 node 再取的对象。Anything with a global id that `node` can fetch again.",
)
class Node:
    """Relay's interface."""

    id: strawberry.ID = strawberry.field(
        resolver=resolve_id, description="全局编号，不透明，不要解析。Global id; opaque, do not take it apart."
    )


# ---- dated rows ------------------------------------------------------------------------------------------------


class Dated(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """A row of a service with the day it was asked for, which the rows reached from it keep to."""

    view: T
    as_of: date | None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.view, name)


def dated(view: T | None, as_of: date | None) -> Dated[T] | None:
    """The row with its day, None for no row."""
    return None if view is None else Dated(view, as_of)


# ---- connections -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageRows:
    """A page as the connection types read it."""

    edges: Sequence[EdgeRow]
    has_next_page: bool
    has_previous_page: bool
    total_count: int

    @property
    def page_info(self) -> PageRows:
        """Connection and PageInfo are two views of one page."""
        return self

    @property
    def start_cursor(self) -> str | None:
        """Cursor of the first row."""
        return self.edges[0].cursor if self.edges else None

    @property
    def end_cursor(self) -> str | None:
        """Cursor of the last row."""
        return self.edges[-1].cursor if self.edges else None


_UNSET_DAY = object()


def page_rows(page: Any, after: str | None, as_of: Any = _UNSET_DAY) -> PageRows:
    """A service's page as a connection; with `as_of` its rows remember that day."""
    if isinstance(page, PageInColumns):
        return PageRows(page.edges, page.has_next, after is not None, page.total)
    rows = page.items if as_of is _UNSET_DAY else [Dated(item, as_of) for item in page.items]
    edges = list(map(EdgeRow, rows, page.cursors))
    if len(edges) != len(page.items):
        raise ValueError(f"{len(page.items)} rows came with {len(page.cursors)} cursors")
    return PageRows(edges, page.has_next, after is not None, page.total)


def pages_rows(pages: Sequence[Any], after: str | None, days: Sequence[Any] | None = None) -> list[Any]:
    """Each parent's page as a connection, an exception as it is; `days` are those that the parents' rows remember."""
    if days is None:
        return [page if isinstance(page, Exception) else page_rows(page, after) for page in pages]
    return [
        page if isinstance(page, Exception) else page_rows(page, after, day)
        for page, day in zip(pages, days, strict=True)
    ]


def asked_page(first: int, after: str | None) -> Page:
    """The page that the arguments ask for; raises `RequestRefused` unless 1 <= first <= 200."""
    if not 1 <= first <= MOST_FIRST:
        raise first_out_of_range(first, MOST_FIRST)
    return Page(first=first, after=after)


First = Annotated[int, strawberry.argument(description="取多少条，1 到 200。How many rows, between 1 and 200.")]
After = Annotated[str | None, strawberry.argument(description="从这个游标之后取。Rows after this cursor.")]
AsOf = Annotated[
    date | None,
    strawberry.argument(description="以哪一天为准，默认今天。As of which day; today by default."),
]


AsKnownAt = Annotated[
    datetime | None,
    strawberry.argument(
        description="按这一时刻已知的情况回答：其后登记的、更正的都不计；默认现在。"
        "As it was known at this instant: nothing that was recorded or corrected later is seen; now by default."
    ),
]


@strawberry.type(name="PageInfo", description="分页信息。Where a page stands in its list.")
class PageInfo:
    """Relay's PageInfo."""

    has_next_page: bool = strawberry.field(description="后面还有没有。Whether more rows follow.")
    has_previous_page: bool = strawberry.field(
        description="是否从某个游标之后取的。Whether the page was asked for after a cursor."
    )
    start_cursor: str | None = strawberry.field(description="本页第一条的游标。Cursor of the first row.")
    end_cursor: str | None = strawberry.field(description="本页最后一条的游标。Cursor of the last row.")


@strawberry.type(description="列表中的一条及其游标。A row of a list with its cursor.")
class Edge(Generic[T]):
    """Relay's edge."""

    node: T = strawberry.field(description="这一条。The row.")
    cursor: str = strawberry.field(description="这一条的游标。The row's cursor.")


@strawberry.type(description="按游标分页的列表。A list in pages, by cursor.")
class Connection(Generic[T]):
    """Relay's connection, forward only."""

    edges: list[Edge[T]] = strawberry.field(description="本页各条。The rows of this page.")
    page_info: PageInfo = strawberry.field(description="分页信息。Where this page stands.")
    total_count: int = strawberry.field(description="符合条件的总条数。How many rows match in all.")
