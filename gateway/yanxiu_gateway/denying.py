"""The protocol of WebSockets: uvicorn's own, for which a socket that was refused by an answer is no error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent


class Denying(WebSocketsSansIOProtocol):
    """What uvicorn takes as `ws`.

    uvicorn 0.54 logs an error for each refused socket (its pull request 3138): whoever opens more than there is room
    for, signed in or not, would fill the log.
    """

    async def send(self, message: ASGISendEvent) -> None:
        """As uvicorn; after the whole of a refusal the handshake is over."""
        await super().send(message)
        if self.initial_response is not None and self.close_sent:
            self.handshake_complete = True
