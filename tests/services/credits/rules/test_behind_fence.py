"""Every endpoint about the law has a way to the process in which its packs may be loaded."""

from __future__ import annotations

from typing import cast

from yanxiu_credits.endpoints import TABLE
from yanxiu_credits.rules.behind_fence import reading_table
from yanxiu_credits.rules.offered import OF_NO_DISTRICT
from yanxiu_footing.fence.fence import Fence


def test_whatever_is_asked_of_no_district_is_answered_behind_the_fence() -> None:
    # Built when the process starts: an endpoint without a way there would keep it from starting.
    assert set(reading_table(cast("Fence", None), TABLE)) == set(OF_NO_DISTRICT)
