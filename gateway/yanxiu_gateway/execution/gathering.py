"""Reads gathered: what fields of one turn ask of the same kind is asked together, and once for each key in a request.

Where Strawberry's data loader makes a future for each key, here all keys of a turn share one, and a field that asks for
all its rows (`load_all`) waits for it once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Ask = Callable[[list[K]], Awaitable[Sequence[V]]]


class _Turn(Generic[K]):
    """The keys that are asked for together, and when they have been answered."""

    def __init__(self) -> None:
        self.keys: list[K] = []
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.asked: asyncio.Task[None] | None = None


class Gathered(Generic[K, V]):
    """Reads of one kind in one request: `ask` answers a list of keys in order, at most `size` of them at a time.

    With `prefixes` it may answer the first of them alone, where answers are large; the rest is asked for again.
    """

    def __init__(self, ask: Ask[K, V], size: int | None = None, *, prefixes: bool = False) -> None:
        self._ask = ask
        self._size = size
        self._prefixes = prefixes
        self._turns: dict[K, _Turn[K]] = {}
        self._values: dict[K, V | Exception] = {}
        self._gathering: _Turn[K] | None = None

    async def load(self, key: K) -> V:
        """The value of one key; raises what asking for it raised."""
        value = (await self.load_all((key,)))[0]
        if isinstance(value, Exception):
            raise value
        return value

    async def load_all(self, keys: Sequence[K]) -> list[V | Exception]:
        """The values of the keys, an exception where asking for one failed."""
        for key in keys:
            if key not in self._turns:
                self._turns[key] = turn = self._current()
                turn.keys.append(key)
        for turn in {id(self._turns[key]): self._turns[key] for key in keys}.values():
            if not turn.answered.done():
                # Who is cancelled while he waits must not cancel the others' answer.
                await asyncio.shield(turn.answered)
        return [self._values[key] for key in keys]

    def _current(self) -> _Turn[K]:
        if self._gathering is None:
            self._gathering = _Turn()
            asyncio.get_running_loop().call_soon(self._begin, self._gathering)
        return self._gathering

    def _begin(self, turn: _Turn[K]) -> None:
        # One more round of the loop: fields that were started together come to ask in it.
        turn.asked = asyncio.get_running_loop().create_task(self._answer(turn))

    async def _answer(self, turn: _Turn[K]) -> None:
        self._gathering = None
        size = self._size or len(turn.keys)
        parts = [turn.keys[start : start + size] for start in range(0, len(turn.keys), size)]
        if len(parts) == 1:
            await self._part(parts[0])
        else:
            await asyncio.gather(*map(self._part, parts))
        turn.answered.set_result(None)

    async def _part(self, keys: list[K]) -> None:
        try:
            values: Sequence[Any] = await self._ask(keys)
            while self._prefixes and 0 < len(values) < len(keys):
                values = [*values, *await self._ask(keys[len(values) :])]
            if len(values) != len(keys):
                raise RuntimeError(f"{len(keys)} were asked for, {len(values)} came")
        except Exception as problem:  # noqa: BLE001 - it is the answer for each of them
            values = [problem] * len(keys)
        self._values.update(zip(keys, values, strict=True))
