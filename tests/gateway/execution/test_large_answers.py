"""Large answers of one message: as many as fit, one at least; who asks goes on where it ended."""

from __future__ import annotations

from collections.abc import Sequence

from yanxiu_footing.fitting import fitting
from yanxiu_gateway.execution.gathering import Gathered

# As it travels, an answer of ten letters takes twelve bytes.
TEN = "0123456789"


def test_as_many_fit_as_there_is_room_for_and_one_that_is_too_large_goes_alone() -> None:
    assert fitting([TEN] * 5, most=36) == (TEN,) * 3
    assert fitting([TEN] * 2, most=36) == (TEN,) * 2
    assert fitting([TEN * 9, TEN], most=36) == (TEN * 9,)
    assert fitting([], most=36) == ()


async def test_what_did_not_fit_is_asked_for_again_and_nothing_else() -> None:
    asked: list[tuple[str, ...]] = []

    async def ask(keys: list[str]) -> Sequence[str]:
        asked.append(tuple(keys))
        return fitting([key * 10 for key in keys], most=24)

    gathered = Gathered(ask, prefixes=True)
    assert await gathered.load_all(tuple("abcde")) == [key * 10 for key in "abcde"]
    assert asked == [tuple("abcde"), tuple("cde"), ("e",)]
