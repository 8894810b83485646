"""How much may be asked for in a minute: by one caller, and by all of one district together.

Each gateway process counts by itself: behind a balancer of n processes a caller has at most n times his budget.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from throttled import RateLimiterType, Throttled, per_min
from throttled.store import MemoryStore
from yanxiu_wire.caller import Caller

from yanxiu_gateway.problems import BadRequest

REMEMBERED_CALLERS = 50_000
REMEMBERED_DISTRICTS = 5_000


@dataclass(frozen=True, slots=True)
class Allowed:
    """The most that may be asked for: in one operation, and in a minute by a caller and by a district."""

    operation: int = 200_000
    caller: int = 2_000_000
    district: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Left:
    """What of both budgets is left, in the unit of `cost`."""

    caller: int
    district: int


class Budgets:
    """The budgets of this process: they refill evenly, and a minute's worth may be spent at once."""

    def __init__(self, allowed: Allowed) -> None:
        self.allowed = allowed
        self._callers = _by_minute(allowed.caller, REMEMBERED_CALLERS)
        self._districts = _by_minute(allowed.district, REMEMBERED_DISTRICTS)

    def spend(self, caller: Caller, cost: int) -> Left:
        """Take the cost from both budgets; raises `BadRequest` (429) with the time to wait when one is used up.

        A caller who is over his own budget takes nothing from his district's.
        """
        mine = self._callers.limit(f"{caller.district} {caller.subject}", cost=cost)
        if mine.limited:
            raise _used_up("caller", cost, self.allowed.caller, mine.state.retry_after)
        ours = self._districts.limit(caller.district, cost=cost)
        if ours.limited:
            raise _used_up("district", cost, self.allowed.district, ours.state.retry_after)
        return Left(mine.state.remaining, ours.state.remaining)


def _by_minute(most: int, remembered: int) -> Throttled:
    return Throttled(
        using=RateLimiterType.GCRA.value,
        quota=per_min(most, burst=most),
        store=MemoryStore(options={"MAX_SIZE": remembered}),
    )


_WHOSE = {"caller": ("您", "you"), "district": ("本区", "your district")}


def _used_up(which: str, cost: int, most: int, wait: float) -> BadRequest:
    seconds = max(1, math.ceil(timedelta(seconds=wait).total_seconds()))
    zh, en = _WHOSE[which]
    return BadRequest(
        429,
        "BUDGET_EXCEEDED",
        f"{zh}一分钟内的查询量已超过上限 {most}，本次需要 {cost}；请在 {seconds} 秒后再试，或一次少取一些。",
        f"What {en} asked for within a minute is more than {most} (this costs {cost}); "
        f"try again in {seconds} seconds, or ask for less at once.",
        headers={"retry-after": str(seconds)},
        field=f"cost.{which}",
        value=cost,
        most=most,
        retryAfterSeconds=seconds,
    )
