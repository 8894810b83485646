"""What a column holds is read as it was, however it was laid out; what is no column is refused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.columns import Column, in_column, read_column
from yanxiu_wire.faults import MessageMalformed

ANY = msgspec.json.Decoder(list[str | int | None])
VALUES = st.one_of(st.none(), st.integers(-5, 5), st.sampled_from(("学分", 'a"b', "")), st.text(max_size=3))


def sent(values: list[Any]) -> Column:
    return decode(Column, encode(in_column(values)))


@settings(max_examples=60)
@given(st.one_of(st.lists(VALUES, max_size=40), st.lists(st.text(min_size=3, max_size=3), max_size=9)))
def test_every_value_comes_as_it_was(values: list[Any]) -> None:
    read = read_column(sent(values), len(values), ANY)
    assert list(read.all()) == values
    assert len(read) == len(values)


def test_few_values_are_told_once_whatever_their_number() -> None:
    for different, size in ((3, 1), (256, 1), (257, 2)):
        column = sent([f"value {number % different}" for number in range(2_000)])
        assert (column.size, len(column.codes)) == (size, size * 2_000)
        read = read_column(column, 2_000, ANY)
        assert len(read.some) == different
        assert read.all()[different + 1] == "value 1"


def test_ids_are_laid_end_to_end() -> None:
    column = sent([f"id-{number:04}" for number in range(100)])
    assert (column.width, len(column.values)) == (7, 702)


@pytest.mark.parametrize(
    "column",
    [
        in_column(["a", "b"]),
        Column(msgspec.Raw(b'["a"]'), b"\x00\x00\x01", 1),
        Column(msgspec.Raw(b'["a"]'), b"\x00\x00\x00", 2),
        Column(msgspec.Raw(b'["a","b",[]]')),
        Column(msgspec.Raw(b'"abcd"'), width=1),
        Column(msgspec.Raw(b"[1"), b"\x00\x00\x00", 1),
    ],
)
def test_what_is_no_column_of_so_many_rows_is_refused(column: Column) -> None:
    with pytest.raises(MessageMalformed):
        read_column(column, 3, ANY)
