"""What a subscription costs: its first result was charged when it was asked for, each later one when it comes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Any


async def paid_for(results: AsyncGenerator[Any, None], pay: Callable[[], object]) -> AsyncGenerator[Any, None]:
    """Give the results; raises what `pay` raises, `BadRequest` where a budget is used up.

    Who comes again later with the last cursor misses nothing.
    """
    first = True
    async for result in results:
        if not first:
            pay()
        first = False
        yield result
