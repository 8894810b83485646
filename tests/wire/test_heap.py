"""What a process made while it started is not looked through again."""

from __future__ import annotations

import gc

from yanxiu_wire import heap


def test_what_was_made_at_the_start_is_out_of_the_collectors_way() -> None:
    made = [[]]
    before = gc.get_threshold()
    heap.settle()
    try:
        assert gc.get_freeze_count() > 0
        assert not any(one is made for one in gc.get_objects())
        assert gc.get_threshold()[0] > 20_000, "more than the requests in hand hold"
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
