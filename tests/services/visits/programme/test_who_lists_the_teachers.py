"""Who takes part in a contest is not settled by who writes the list: YUEQING-3-2b speaks of all a school's teachers."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.services.visits.programme.base_schools import contest, correct, entrant, programme, record, withdraw, yueqing

ErrorOf = Callable[[Any, str], Any]
_numbers = itertools.count(1)


@pytest.fixture
async def base(quick_visits: Any) -> Any:
    return await yueqing(quick_visits, f"listed-{next(_numbers)}")


async def test_a_teacher_whom_the_list_leaves_out_is_told_by_the_register(base: Any) -> None:
    own = base.school("s1", "school-training-officer")

    async def unlisted() -> dict[str, tuple[str, ...]]:
        return {one.school: one.unlisted for one in (await programme(base)).schools}

    assert await unlisted() == {"s1": (), "s2": ()}, "no contest, no list"
    made = await record(base, contest(entrant("t1", award="一等奖")), "s1", own)
    assert await unlisted() == {"s1": ("t2",), "s2": ()}
    await correct(base, made, contest(entrant("t1"), entrant("t2", took_part=False)), own)
    found = await programme(base)
    assert {one.school: one.unlisted for one in found.schools} == {"s1": (), "s2": ()}
    (target,) = [one for one in found.targets if one.clause == "YUEQING-3-2b"]
    assert (target.reached, target.of, target.met) == (1, 2, False)


async def test_a_school_neither_withdraws_nor_corrects_what_others_recorded_of_it(base: Any, error_of: ErrorOf) -> None:
    own = base.school("s1", "school-training-officer")
    for number, other in enumerate((base.officer, base.researcher("r1"))):
        listed = contest(entrant("t2", took_part=False), name=f"优质课评比{number}")
        made = await record(base, listed, "s1", other)
        told = contest(entrant("t2"), name=f"优质课评比{number}")
        error_of(await correct(base, made, told, own), "ENTRY_NOT_YOURS")
        error_of(await withdraw(base, made, own), "ENTRY_NOT_YOURS")
        assert (await withdraw(base, made)).withdrawn
    mine = await record(base, contest(entrant("t1")), "s1", own)
    put_right = await correct(base, mine, contest(entrant("t1"), entrant("t2", took_part=False)))
    assert put_right.recorded_role == "institute-officer"
    error_of(await withdraw(base, put_right, own), "ENTRY_NOT_YOURS")
