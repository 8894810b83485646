"""An answer whose data are long and may be several askers': sent in pieces, so that nobody holds a copy of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from yanxiu_wire import heap

from yanxiu_gateway.negotiation import Answer
from yanxiu_gateway.problems import json_headers

# Below this a copy costs less than a second write.
LONG = 65_536


class LongBody(Response):
    """A body of pieces, in their order."""

    def __init__(self, pieces: Sequence[bytes], status: int, headers: Mapping[str, str]) -> None:
        length = {"content-length": str(sum(map(len, pieces)))}
        super().__init__(None, status_code=status, headers={**headers, **length})
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI has it
        """Send the pieces as they are."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for piece in self._pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def long_response(
    content: Mapping[str, Any], data: bytes, status: int, *, answer: Answer, headers: Mapping[str, str]
) -> Response:
    """The answer with `data` in its place among errors and extensions, byte for byte as if it were encoded whole."""
    heap.answered(len(data))
    around: list[bytes] = []
    for key in ("errors", "data", "extensions"):
        if key in content:
            around += [b"," if around else b"{", msgspec.json.encode(key), b":"]
            around.append(data if key == "data" else msgspec.json.encode(content[key]))
    around.append(b"}")
    middle = next(number for number, piece in enumerate(around) if piece is data)
    pieces = [b"".join(around[:middle]), data, b"".join(around[middle + 1 :])]
    return LongBody(pieces, status, json_headers(answer, headers))
