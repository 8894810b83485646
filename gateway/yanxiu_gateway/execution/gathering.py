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
    """The keys that are asked for together, what follows from their answers, and when they have been answered."""

    def __init__(self, then: tuple[Any, ...]) -> None:
        self.keys: list[K] = []
        self.then = then
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.asked: asyncio.Task[None] | None = None


class Gathered(Generic[K, V]):
    """Reads of one kind in one request: `ask` answers a list of keys in order, at most `size` of them at a time.

    With `prefixes` it may answer the first of them alone, where answers are large; the rest is asked for again.
    """

    def __init__(self, ask: Ask[K, V] | None, size: int | None = None, *, prefixes: bool = False) -> None:
        self._ask = ask
        self._size = size
        self._prefixes = prefixes
        self._turns: dict[K, _Turn[K]] = {}
        self._values: dict[K, V | Exception] = {}
        # By what follows: keys whose rows lead to other questions are asked for apart.
        self._gathering: dict[tuple[Any, ...], _Turn[K]] = {}
        self._asking: set[_Turn[K]] = set()
        self._ended = False

    async def load(self, key: K, then: tuple[Any, ...] = ()) -> V:
        """The value of one key; raises what asking for it raised."""
        value = (await self.load_all((key,), then))[0]
        if isinstance(value, Exception):
            raise value
        return value

    async def load_all(self, keys: Sequence[K], then: tuple[Any, ...] = ()) -> list[V | Exception]:
        """The values of the keys, an exception where asking for one failed; `then` is asked with those asked now."""
        self.begin(keys, then)
        values = self._values
        for turn in {id(turn): turn for turn in (self._turns[key] for key in keys if key not in values)}.values():
            if not turn.answered.done():
                # Who is cancelled while he waits must not cancel the others' answer.
                await asyncio.shield(turn.answered)
        return [values[key] for key in keys]

    def begin(self, keys: Sequence[K], then: tuple[Any, ...] = ()) -> None:
        """Ask for the keys that nobody has asked for, and wait for nothing."""
        turn: _Turn[K] | None = None
        for key in keys:
            if key not in self._values and key not in self._turns:
                turn = self._turns[key] = turn or self._current(then)
                turn.keys.append(key)

    def lacks(self, keys: Sequence[K]) -> bool:
        """Whether one of the keys was not asked for yet."""
        return any(key not in self._values and key not in self._turns for key in keys)

    def keep(self, keys: Sequence[K], values: Sequence[V | Exception]) -> None:
        """Values that came with another answer, so that nobody need ask for them."""
        for key, value in zip(keys, values, strict=True):
            if key not in self._turns:
                self._values.setdefault(key, value)

    def end(self) -> None:
        """Nobody waits any more: what was begun ahead and not answered yet is asked no further."""
        self._ended = True
        for turn in self._asking:
            if turn.asked is not None:
                turn.asked.cancel()

    def _current(self, then: tuple[Any, ...]) -> _Turn[K]:
        turn = self._gathering.get(then)
        if turn is None:
            turn = self._gathering[then] = _Turn(then)
            self._asking.add(turn)
            asyncio.get_running_loop().call_soon(self._begin, turn)
        return turn

    def _begin(self, turn: _Turn[K]) -> None:
        if self._ended:
            return
        # One more round of the loop: fields that were started together come to ask in it.
        turn.asked = asyncio.get_running_loop().create_task(self._answer(turn))

    async def _answer(self, turn: _Turn[K]) -> None:
        del self._gathering[turn.then]
        size = self._size or len(turn.keys)
        parts = [turn.keys[start : start + size] for start in range(0, len(turn.keys), size)]
        if len(parts) == 1:
            await self._part(parts[0], turn.then)
        else:
            await asyncio.gather(*(self._part(part, turn.then) for part in parts))
        self._asking.discard(turn)
        turn.answered.set_result(None)

    async def ask(self, keys: list[K], then: tuple[Any, ...]) -> Sequence[V]:  # noqa: ARG002 - here nothing follows
        """The values of the keys, or of the first of them, from whom they are asked of."""
        assert self._ask is not None, "whoever is given nothing to ask with asks himself"  # noqa: S101 - as it says
        return await self._ask(keys)

    async def _part(self, keys: list[K], then: tuple[Any, ...]) -> None:
        try:
            values: Sequence[Any] = await self.ask(keys, then)
            while self._prefixes and 0 < len(values) < len(keys):
                values = [*values, *await self.ask(keys[len(values) :], then)]
            if len(values) != len(keys):
                raise RuntimeError(f"{len(keys)} were asked for, {len(values)} came")
        except Exception as problem:  # noqa: BLE001 - it is the answer for each of them
            values = [problem] * len(keys)
        self._values.update(zip(keys, values, strict=True))
