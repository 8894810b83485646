"""Who is shown each command in its own transaction: what he writes of it is committed with its effect, or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

Witness = Callable[[AsyncConnection, Any, bool], Awaitable[None]]
"""`async (connection, answer, replayed)`: the answer is about to be committed, or was given before and is repeated."""

WITNESS: ContextVar[Witness | None] = ContextVar("yanxiu_witness", default=None)
"""Set by whoever answers a request; `once` calls it. Taken when a command comes, for others may do it in their task."""
