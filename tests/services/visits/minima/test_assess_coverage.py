"""The map of coverage: states of schools, and alerts for those visited again and again while others wait."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from yanxiu_visits.minima.assess_coverage import Came, Placing, RosterSchool, Window, assess_coverage
from yanxiu_wire.coverage import SchoolCoverage, Visitor

WINDOW = Window(terms=("a", "b"), over=frozenset({"a"}))


def roster(*ids: str, travel: dict[str, int] | None = None, not_due: str = "") -> list[RosterSchool]:
    return [
        RosterSchool(id=one, stage="primary", due=one not in not_due, travel=(travel or {}).get(one)) for one in ids
    ]


def visits(school: str, number: int, person: str = "r1", term: str = "a") -> list[Came]:
    return [Came(school, term, person, f"{person}.{school}-{term}-{n}", 1) for n in range(number)]


def by_id(rows: Sequence[SchoolCoverage]) -> dict[str, SchoolCoverage]:
    return {one.school: one for one in rows}


def test_a_school_is_visited_assigned_unvisited_or_uncovered() -> None:
    placed = [Placing("s1", "a", "r1"), Placing("s2", "b", "r1"), Placing("s3", "a", "r2")]
    rows = by_id(assess_coverage(roster("s1", "s2", "s3", "s4"), WINDOW, placed, visits("s1", 2)))
    assert {id_: one.state for id_, one in rows.items()} == {
        "s1": "visited", "s2": "assigned", "s3": "unvisited", "s4": "uncovered",
    }  # fmt: skip
    first, second = rows["s1"].cells
    assert (first.term, first.assigned, first.visits) == ("a", ("r1",), ("r1.s1-a-0", "r1.s1-a-1"))
    assert first.visitors == (Visitor(person="r1", visits=2, half_days=2),)
    assert (second.assigned, second.visitors) == ((), ())


def test_a_school_placed_again_in_a_term_that_runs_is_not_given_up() -> None:
    both = [Placing("s1", "a", "r1"), Placing("s1", "b", "r2")]
    (row,) = assess_coverage(roster("s1"), WINDOW, both, [])
    assert row.state == "assigned"


def test_a_school_visited_far_more_often_is_told_of_while_another_waits() -> None:
    came = [*visits("s1", 10), *visits("s2", 2), *visits("s3", 2)]
    waiting = by_id(assess_coverage(roster("s1", "s2", "s3", "s4"), WINDOW, [], came))
    assert {id_: one.alerts for id_, one in waiting.items() if one.alerts} == {"s1": ("repeated",)}
    nobody_waits = by_id(assess_coverage(roster("s1", "s2", "s3"), WINDOW, [], came))
    assert not any(one.alerts for one in nobody_waits.values())
    another_stage = by_id(assess_coverage(roster("s1", "s2", "s3", "s4", not_due="s4"), WINDOW, [], came))
    assert not any(one.alerts for one in another_stage.values())


def test_twice_the_average_is_not_yet_often() -> None:
    came = [*visits("s1", 4), *visits("s2", 1), *visits("s3", 1)]  # 2 on the average: 4 is twice that
    assert not any(one.alerts for one in assess_coverage(roster("s1", "s2", "s3", "s4"), WINDOW, [], came))
    more = [*visits("s1", 5), *visits("s2", 1), *visits("s3", 1)]
    assert by_id(assess_coverage(roster("s1", "s2", "s3", "s4"), WINDOW, [], more))["s1"].alerts == ("repeated",)


def test_many_visits_to_a_school_far_away_are_no_convenience() -> None:
    came = [*visits("s1", 10), *visits("s2", 2), *visits("s3", 2)]
    far = {"s1": 60, "s2": 10, "s3": 20, "s4": 50}
    assert by_id(assess_coverage(roster("s1", "s2", "s3", "s4", travel=far), WINDOW, [], came))["s1"].alerts == ()
    near = {"s1": 5, "s2": 10, "s3": 20, "s4": 50}
    row = by_id(assess_coverage(roster("s1", "s2", "s3", "s4", travel=near), WINDOW, [], came))["s1"]
    assert (row.near, row.alerts) == (True, ("repeated",))


def test_placed_in_two_terms_while_another_is_in_none() -> None:
    twice = [Placing("s1", "a", "r1"), Placing("s1", "b", "r2"), Placing("s2", "a", "r2")]
    rows = by_id(assess_coverage(roster("s1", "s2", "s3"), WINDOW, twice, []))
    assert {id_: one.alerts for id_, one in rows.items() if one.alerts} == {"s1": ("assigned-again",)}
    assert not any(one.alerts for one in assess_coverage(roster("s1", "s2"), WINDOW, twice, []))


SCHOOLS = ("s1", "s2", "s3", "s4")
VISIT = st.tuples(st.sampled_from(SCHOOLS), st.sampled_from(("a", "b")), st.sampled_from(("r1", "r2")))


@given(st.lists(VISIT, max_size=25), st.permutations(range(25)))
def test_the_map_counts_every_visit_once_in_whatever_order(made: list[tuple[str, str, str]], order: list[int]) -> None:
    came = [Came(school, term, who, f"{who}.{n}", 1) for n, (school, term, who) in enumerate(made)]
    rows = assess_coverage(roster(*SCHOOLS), WINDOW, [], came)
    shuffled = [came[n] for n in order if n < len(came)]
    assert assess_coverage(roster(*SCHOOLS), WINDOW, [], shuffled) == rows
    assert sorted(one for row in rows for cell in row.cells for one in cell.visits) == sorted(one.visit for one in came)
    assert sum(row.half_days for row in rows) == len(came)
    assert all((row.state == "uncovered") == (row.visits == 0) for row in rows)
