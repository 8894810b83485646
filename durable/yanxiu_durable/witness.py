"""Who is shown each command in its own transaction: what he writes of it is committed with its effect or not at all."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection


class Witness(Protocol):
    """Called by `once`, in the transaction."""

    async def __call__(self, connection: AsyncConnection, answer: Any, *, replayed: bool) -> None:
        """The answer is about to be committed, or was given before and is repeated."""
        ...


WITNESS: ContextVar[Witness | None] = ContextVar("yanxiu_witness", default=None)
"""Set by whoever answers a request. Taken when a command comes: another task may do it together with others."""
