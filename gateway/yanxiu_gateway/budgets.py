"""How much may be asked for in a minute: by one caller, and by all of one district together.

The processes of one `yanxiu up` count together (shared_budgets.py); else each counts by itself, and behind a balancer
of n processes a caller has at most n times his budget.

The rule is GCRA, of a budget nothing is kept but when it will be whole again. throttled-py has it too, and a test holds
ours to it; but it takes ten microseconds for each of the two budgets of each request, and this takes half of one.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from yanxiu_wire.caller import Caller

from yanxiu_gateway.problems import BadRequest

REMEMBERED_CALLERS = 50_000
REMEMBERED_DISTRICTS = 5_000
MINUTE = 60.0


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


def verdict(most: int, whole_at: float, now: float, cost: int) -> tuple[int, float, float]:
    """Of a budget that will be whole at a moment: what the cost leaves, below 0 where it is not there; how many seconds
    to wait for it; and when the budget is whole once it was taken.
    """
    one = MINUTE / most
    whole_at = max(now, whole_at)
    left = most - cost + math.floor((now - whole_at) / one)
    if left < 0:
        return left, abs(now - whole_at + (most - cost) * one), whole_at
    return left, 0.0, whole_at + cost * one


class Takes(Protocol):
    """Budgets of one size by their keys."""

    def take(self, key: Hashable, cost: int) -> tuple[int, float]:
        """Take the cost: what is left, and 0. Where it is not there, nothing is taken: a number below 0, and how many
        seconds to wait.
        """
        ...


class Meter:
    """Budgets of one size by their keys: they refill evenly, and a minute's worth may be spent at once.

    Who was not seen for longest is forgotten first, beyond `remembered` of them.
    """

    def __init__(self, most: int, remembered: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._remembered = remembered
        self._now = now
        self._whole_at: OrderedDict[Hashable, float] = OrderedDict()

    def take(self, key: Hashable, cost: int) -> tuple[int, float]:
        """Take the cost, as `Takes` says."""
        now = self._now()
        left, wait, whole_at = verdict(self._most, self._whole_at.get(key, now), now, cost)
        if left < 0:
            return left, wait
        self._whole_at[key] = whole_at
        self._whole_at.move_to_end(key)
        if len(self._whole_at) > self._remembered:
            self._whole_at.popitem(last=False)
        return left, 0.0


class Budgets:
    """The budgets of callers and districts: of this process, unless they are given."""

    def __init__(self, allowed: Allowed, *, callers: Takes | None = None, districts: Takes | None = None) -> None:
        self.allowed = allowed
        self._callers = callers or Meter(allowed.caller, REMEMBERED_CALLERS)
        self._districts = districts or Meter(allowed.district, REMEMBERED_DISTRICTS)

    def spend(self, caller: Caller, cost: int) -> Left:
        """Take the cost from both budgets; raises `BadRequest` (429) with the time to wait when one is used up.

        A caller who is over his own budget takes nothing from his district's.
        """
        mine, wait = self._callers.take((caller.district, caller.subject), cost)
        if mine < 0:
            raise _used_up("caller", cost, self.allowed.caller, wait)
        ours, wait = self._districts.take(caller.district, cost)
        if ours < 0:
            raise _used_up("district", cost, self.allowed.district, wait)
        return Left(mine, ours)


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
