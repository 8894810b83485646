"""Whether a message over the WebSocket has the shape that graphql-transport-ws gives it."""

from __future__ import annotations

from typing import Any

import msgspec

MOST_ID = 200


class _Asked(msgspec.Struct, rename="camel"):
    """What a subscription asks: the text of its document, or the id that its app registered."""

    query: str | None = None
    document_id: str | None = None
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None


class _Subscribe(msgspec.Struct):
    id: str
    payload: _Asked


class _Complete(msgspec.Struct):
    id: str


class _Typed(msgspec.Struct):
    type: str


_SHAPES: dict[str, type[msgspec.Struct]] = {"subscribe": _Subscribe, "complete": _Complete}


def misshapen(message: object) -> str | None:
    """What is wrong with a message that was read, at most 123 bytes as a close frame takes them; None for nothing."""
    try:
        typed = msgspec.convert(message, _Typed)
        shape = _SHAPES.get(typed.type)
        found = msgspec.convert(message, shape) if shape is not None else None
    except (msgspec.ValidationError, RecursionError):
        return "Message is not of the protocol's shape"
    if isinstance(found, _Subscribe):
        if found.payload.query is None and found.payload.document_id is None:
            return "A subscription needs query or documentId"
        if not 0 < len(found.id) <= MOST_ID:
            return f"An id has 1 to {MOST_ID} characters"
    return None
