"""Results of a subscription for as long as the grant holds that it was opened by."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from graphql import GraphQLError
from strawberry.types import ExecutionResult

from yanxiu_gateway.errors import grant_ended


async def until(results: AsyncGenerator[Any, None], ended: asyncio.Event) -> AsyncGenerator[Any, None]:
    """Give each result while `ended` is not set; then one that says why, and nothing more, whatever is on its way."""
    ends = asyncio.ensure_future(ended.wait())
    coming: asyncio.Future[Any] | None = None
    try:
        while True:
            coming = asyncio.ensure_future(anext(results))
            await asyncio.wait((coming, ends), return_when=asyncio.FIRST_COMPLETED)
            if ended.is_set():
                refused = grant_ended()
                yield ExecutionResult(data=None, errors=[GraphQLError(str(refused), original_error=refused)])
                return
            try:
                result = coming.result()
            except StopAsyncIteration:
                return
            yield result
    finally:
        waits = [one for one in (coming, ends) if one is not None]
        for one in waits:
            one.cancel()
        # Whatever was on its way is let go before the results are closed.
        await asyncio.gather(*waits, return_exceptions=True)
