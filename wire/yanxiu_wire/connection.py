"""The client of nats-server as we need it where credentials come and go.

nats-py 2.16 closes for good when the server ends a connection for its credential, and signs for ever with the key that
it was given first. A key that was renewed would need every process to be started again at the right moment. So here the
end of a credential is the end of one connection, and each try for another one reads the key file.
"""

from __future__ import annotations

from asyncio import StreamWriter

from nats.aio.client import Srv
from nats.errors import AuthorizationError
from nats.protocol.parser import AUTHORIZATION_VIOLATION

from yanxiu_wire.access import OPEN, Access
from yanxiu_wire.straight import Straight


class Connection(Straight):
    """A client that tries again after a refusal, with the key as it is then."""

    def __init__(self) -> None:
        super().__init__()
        self.access: Access = OPEN

    async def _process_err(self, err_msg: str) -> None:
        if AUTHORIZATION_VIOLATION in err_msg and self.is_connected:
            await self._error_cb(AuthorizationError())
            await self._process_op_err(AuthorizationError())
            return
        await super()._process_err(err_msg)

    def _connect_command(self) -> bytes:
        if self.access.named:
            self._nkeys_seed_str = self.access.seed()
            self._setup_nkeys_seed_connect()
        return super()._connect_command()

    async def _connect_to_server(self, s: Srv) -> None:
        self.abandon()
        await super()._connect_to_server(s)

    def abandon(self) -> None:
        """Close what a try that failed left open: the client forgets it, until the collector finds it."""
        for name in ("_io_writer", "_bare_io_writer"):
            writer: StreamWriter | None = getattr(self._transport, name, None)
            if writer is not None and not writer.is_closing():
                writer.close()
