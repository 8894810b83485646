"""Lists laid out as JSON at once: from columns to text, where a selection reads nothing but values of its rows.

A plan knows for each list the text that a row would be, with a gap for each value (`text_of`). Where the rows come in
columns, each different value is completed once, as the executor completes it, and the rows are put together of that.
Whatever is not as it should be, a value that must not be null or does not fit, is left to the executor: it goes through
the rows and says what is wrong, and where.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import GraphQLLeafType, GraphQLObjectType
from yanxiu_wire.columns import Values

from yanxiu_gateway.execution.batch import column_of
from yanxiu_gateway.execution.columns import ColumnTable, InColumns
from yanxiu_gateway.execution.leaves import leaf_column
from yanxiu_gateway.execution.plan import FieldPlan, Selection, Shape

Part = tuple[bytes | list[bytes], Sequence[int] | None]
"""Text that every row has; with codes, texts of which each row has one; without, a text for each row."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A value in a row's text: the path to it, its type, and what makes of the column's values those of the field."""

    path: str
    leaf: GraphQLLeafType
    required: bool
    made: Callable[[Sequence[Any], str], Sequence[Any]] | None
    parent: str


@dataclass(frozen=True, slots=True)
class RowText:
    """The text of a row: what stands before each gap, the gaps, what stands after the last; and the types it shows.

    `objects` are the paths of the row and the objects in it, with their types.
    """

    parts: tuple[tuple[bytes, Gap], ...]
    end: bytes
    objects: tuple[tuple[str, GraphQLObjectType], ...]


# ---- what a plan knows -------------------------------------------------------------------------------------------


def text_of(shape: Shape) -> RowText | None:
    """The text of the rows of a list; None where a row is more than values that stand in columns."""
    item = shape.item
    if shape.kind != "list" or item is None or item.kind != "object":
        return None
    drawing = _Drawing()
    if not drawing.draw(next(iter(item.selections.values())), "") or not drawing.parts:
        return None
    return RowText(tuple(drawing.parts), drawing.before, tuple(drawing.objects))


class _Drawing:
    """A row's text while it is drawn: what was drawn, and what stands after the last gap so far."""

    def __init__(self) -> None:
        self.parts: list[tuple[bytes, Gap]] = []
        self.before = b""
        self.objects: list[tuple[str, GraphQLObjectType]] = []

    def draw(self, selection: Selection, path: str) -> bool:
        """Draw an object; whether that can be done."""
        self.objects.append((path, selection.kind))
        for number, field in enumerate(selection.fields):
            self.before += (b"," if number else b"{") + msgspec.json.encode(field.key) + b":"
            if not self._field(field, path):
                return False
        self.before += b"}" if selection.fields else b"{}"
        return True

    def _field(self, field: FieldPlan, path: str) -> bool:
        how, shape = field.answered, field.shape
        if how.how == "typename":
            self.before += msgspec.json.encode(field.parent.name)
            return True
        if how.how == "attribute":
            below = f"{path}.{how.attribute}" if path else how.attribute
            if shape.kind == "object":
                return self.draw(next(iter(shape.selections.values())), below)
            return shape.kind == "leaf" and self._gap(field, below, None)
        read = column_of(how.call)
        if read is None or shape.kind != "leaf" or field.constant != {}:
            return False
        attribute, made = read
        return self._gap(field, f"{path}.{attribute}" if path else attribute, made)

    def _gap(self, field: FieldPlan, path: str, made: Any) -> bool:
        gap = Gap(path, field.shape.leaf, field.shape.required, made, field.parent.name)
        self.parts.append((self.before, gap))
        self.before = b""
        return True


# ---- what a request does -----------------------------------------------------------------------------------------


def laid_out(text: RowText, lists: Sequence[Any], info: Callable[[], Any]) -> list[Any] | None:
    """The lists as JSON; None where one did not come in columns, or a value needs the executor's look."""
    if set(map(type, lists)) != {InColumns}:
        return None
    texts: dict[int, tuple[list[bytes], int]] = {}
    for table in {id(one.table): one.table for one in lists}.values():
        found = _rows(text, table, info)
        if found is None:
            return None
        texts[id(table)] = found
    return [_list(*texts[id(one.table)], one.start, one.stop) for one in lists]


def _list(pieces: list[bytes], of_row: int, start: int, stop: int) -> Any:
    # Each row has a comma in front, but the first.
    return msgspec.Raw(b"".join((b"[", b"".join(pieces[start * of_row : stop * of_row])[1:], b"]")))


def _rows(text: RowText, table: ColumnTable, info: Callable[[], Any]) -> tuple[list[bytes], int] | None:
    """The pieces of all rows, one after the other, and how many a row has."""
    if not table.rows:
        return [], 1
    if not _of_its_types(text, table, info):
        return None
    parts: list[Part] = []
    before = b","
    for literal, gap in text.parts:
        values = table.columns.get(gap.path)
        found = None if values is None else _texts(gap, values)
        if found is None:
            return None
        before = _add(parts, before + literal, found, None if values is None else values.codes)
    _close(parts, before + text.end)
    pieces: list[bytes] = [b""] * (len(parts) * table.rows)
    for place, (its, codes) in enumerate(parts):
        if isinstance(its, bytes):
            its = [its] * table.rows
        pieces[place :: len(parts)] = its if codes is None else map(its.__getitem__, codes)
    return pieces, len(parts)


def _add(parts: list[Part], before: bytes, texts: list[bytes], codes: Sequence[int] | None) -> bytes:
    """Add a gap's texts with what stands before them; return what stands before what comes next."""
    if codes is None:
        parts += [(before, None), (texts, None)]
        return b""
    if len(texts) == 1:
        return before + texts[0]
    parts.append(([before + one for one in texts], codes))
    return b""


def _close(parts: list[Part], end: bytes) -> None:
    its, codes = parts[-1] if parts else (b"", None)
    if codes is not None and isinstance(its, list):
        parts[-1] = [one + end for one in its], codes
    else:
        parts.append((end, None))


def _texts(gap: Gap, values: Values) -> list[bytes] | None:
    """The values of a column as they stand in an answer; None where one of them may not."""
    some: Any = values.some if gap.made is None else gap.made(values.some, gap.parent)
    kinds = set(map(type, some))
    found, failed = leaf_column(gap.leaf, list(some), kinds)
    if failed or (gap.required and None in found):
        return None
    return list(map(msgspec.json.encode, found))


def _of_its_types(text: RowText, table: ColumnTable, info: Callable[[], Any]) -> bool:
    """Whether the rows are of the types that the text shows them as: they are all of one class, so the first tells."""
    if not {path for path, _ in text.objects} <= table.within | {""}:
        return False
    tests = [(path, kind.is_type_of) for path, kind in text.objects if kind.is_type_of is not None]
    return all(test(_at(table.first(), path), info()) is True for path, test in tests)


def _at(row: Any, path: str) -> Any:
    for name in path.split(".") if path else ():
        row = getattr(row, name)
    return row
