"""How long a district rests after its pack failed."""

from __future__ import annotations

from yanxiu_footing.fence.pause import FORGIVEN_SECONDS, Pause


def test_each_failure_soon_after_another_costs_twice_as_long_up_to_the_longest() -> None:
    pause = Pause(5)
    assert [pause.fail(float(now), "puer", {}) for now in (0, 2, 6, 12)] == [1, 2, 4, 5]
    assert pause.holds(16.9)
    assert not pause.holds(17)


def test_after_a_long_time_without_one_a_failure_is_the_first_again() -> None:
    pause = Pause(60)
    assert [pause.fail(0, "puer", {}), pause.fail(10, "puer", {})] == [1, 2]
    assert pause.fail(11 + FORGIVEN_SECONDS, "puer", {}) == 1


def test_another_version_of_the_pack_ends_the_rest_and_the_same_one_does_not() -> None:
    pause = Pause(60)
    for now in range(6):
        pause.fail(now, "puer", {"puer": "1.0"})
    assert not pause.look({"puer": "1.0", "putuo": "2.0"})
    assert not pause.look({})
    assert pause.holds(10)
    assert pause.look({"puer": "1.1"})
    assert not pause.holds(10)
    assert pause.fail(11, "puer", {"puer": "1.1"}) == 1
