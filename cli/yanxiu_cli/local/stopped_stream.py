"""Whether nats-server has given up a stream: after one failed write it keeps nothing more until it is started again.

It goes on answering all else, publishers wait in vain, and neither room on the disk nor a reload of its configuration
nor an update of the stream brings it back (seen with 2.15). Only its health address tells.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from urllib.parse import urlsplit

from yanxiu_cli.local.readiness import ANSWER_WITHIN, Probe

# Less would be used up at once, and each start interrupts whoever is connected.
ROOM_BYTES = 64 << 20
_SAID = b"write error"
# Of what is asked here, it is the least that counts a stream's failed writes.
_QUERY = "/healthz?js-meta-only=true"
_ANSWER_BYTES = 65_536


def stream_stopped(monitor: str, store: Path) -> Probe:
    """A probe that is true while the server at that monitoring address has given up a stream, and could go on.

    It could when the disk of its `store` has room: until then a start would bring nothing but the same again.
    """
    at = urlsplit(monitor)
    request = f"GET {_QUERY} HTTP/1.0\r\nHost: {at.netloc}\r\n\r\n".encode()

    async def probe() -> bool:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                reader, writer = await asyncio.open_connection(at.hostname, at.port)
                try:
                    writer.write(request)
                    told = await reader.read(_ANSWER_BYTES)
                    while more := await reader.read(_ANSWER_BYTES):
                        told += more
                finally:
                    writer.close()
            return _SAID in told and _room(store) >= ROOM_BYTES
        except (OSError, TimeoutError):
            return False

    return probe


def _room(folder: Path) -> int:
    """The bytes that are free for us on the folder's disk."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize
