"""Many rows as columns: what few different values fill is told once, and for each row which of them it is.

A column is the values themselves, one for each row; or few values and a code for each row; or texts of one length laid
end to end. Each says the same, and the sender takes the shortest that he finds without looking at a row twice.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from typing import Any

import msgspec

from yanxiu_wire.codec import encode
from yanxiu_wire.faults import MessageMalformed

# So many different values have codes of one byte, and so many of two.
_ONE_BYTE, _TWO_BYTES = 1 << 8, 1 << 16


class Column(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The values of one field of all rows as they travel: a list of them, or with a `width` one text.

    With codes, the number of its value for each row: of `size` bytes, the lowest first.
    """

    values: msgspec.Raw
    codes: bytes = b""
    size: int = 0
    width: int = 0


class Values(msgspec.Struct, frozen=True, gc=False):
    """A column that was read: of each row its value, or with codes the number of its value among `some`."""

    some: Sequence[Any]
    codes: Sequence[int] | None = None

    def all(self) -> Sequence[Any]:
        """The value of each row."""
        return self.some if self.codes is None else list(map(self.some.__getitem__, self.codes))

    def __len__(self) -> int:
        return len(self.some if self.codes is None else self.codes)


def in_column(values: Sequence[Any]) -> Column:
    """The column of these values."""
    known = {value: number for number, value in enumerate(dict.fromkeys(values))}
    if len(known) * 2 > len(values) or len(known) > _TWO_BYTES:
        return _each(values)
    codes = map(known.__getitem__, values)
    some = msgspec.Raw(encode(list(known)))
    if len(known) <= _ONE_BYTE:
        return Column(some, bytes(codes), 1)
    two = array("H", codes)
    if sys.byteorder == "big":
        two.byteswap()
    return Column(some, two.tobytes(), 2)


def _each(values: Sequence[Any]) -> Column:
    if values and set(map(type, values)) == {str}:
        width = len(values[0])
        if width and set(map(len, values)) == {width}:
            return Column(msgspec.Raw(encode("".join(values))), width=width)
    return Column(msgspec.Raw(encode(list(values))))


def read_column(column: Column, rows: int, decoder: msgspec.json.Decoder[Any]) -> Values:
    """The column of so many rows, its values read by the decoder of a list; raises `MessageMalformed`."""
    try:
        found = _read(column, decoder)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as problem:
        raise MessageMalformed("columns", "not the values of a column") from problem
    if len(found) != rows or (found.codes and max(found.codes) >= len(found.some)):
        raise MessageMalformed("columns", "not as many values as rows")
    return found


def _read(column: Column, decoder: msgspec.json.Decoder[Any]) -> Values:
    if column.width > 0:
        text, width = msgspec.json.decode(column.values, type=str), column.width
        cut = [text[at : at + width] for at in range(0, len(text), width)]
        return Values(cut if decoder.type == list[str] else msgspec.convert(cut, decoder.type))
    some = decoder.decode(column.values)
    if not column.size:
        return Values(some)
    if column.size == 1:
        return Values(some, column.codes)
    two = array("H", column.codes)
    if sys.byteorder == "big":
        two.byteswap()
    return Values(some, two)
