"""Messages to bytes and back: JSON in which an exact decimal is text, checked against the type when read."""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import Any

import msgspec

from yanxiu_wire.faults import MessageMalformed

_ENCODER = msgspec.json.Encoder(decimal_format="string", uuid_format="canonical")
_SORTED = msgspec.json.Encoder(decimal_format="string", uuid_format="canonical", order="sorted")


@functools.cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    # A bare number with a fraction is read as the Decimal it spells, never through binary floating point.
    return msgspec.json.Decoder(kind, float_hook=Decimal)


def encode(message: Any) -> bytes:
    """The message as JSON."""
    return _ENCODER.encode(message)


def encode_canonical(message: Any) -> bytes:
    """The message as JSON with sorted keys: equal messages give equal bytes."""
    return _SORTED.encode(message)


def decode(kind: Any, data: bytes | memoryview) -> Any:
    """The message of type `kind` (a Struct, or a union of tagged ones); unknown fields are ignored.

    Raises `MessageMalformed` with the path of the field that does not fit. The value itself is not repeated: it may be
    personal.
    """
    try:
        return _decoder(kind).decode(data)
    except msgspec.ValidationError as error:
        text, _, path = str(error).partition(" - at `")
        raise MessageMalformed(_field(text, path.rstrip("`")), _problem(text)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MessageMalformed("", "not JSON") from None


def _field(text: str, path: str) -> str:
    """`$.caller.role` is `caller.role`; a missing field stands in the text, its parent in the path."""
    inside = path.removeprefix("$").removeprefix(".")
    if "missing required field `" in text:
        missing = text.split("missing required field `")[1].split("`")[0]
        return f"{inside}.{missing}" if inside else missing
    return inside


def _problem(text: str) -> str:
    """The complaint without the value that msgspec quotes of an enumeration."""
    if text.startswith("Invalid enum value"):
        return "not one of the allowed values"
    if text.startswith("Invalid value"):
        return "unknown type of message"
    return text
