"""What the main process answers for all districts is short whatever each teacher's history holds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from yanxiu_credits.endpoints import HERE
from yanxiu_wire.caller import Caller
from yanxiu_wire.credits import GET_TOTALS, LIST_RECORDS, GetTotals, ListRecords
from yanxiu_wire.message import Page
from yanxiu_wire.record_parts import CURSORS, TOTALS

DAY = date(2025, 1, 1)
CALLER = Caller(subject="synthetic", role="district-officer", district="puer")
# The largest history that is reckoned with, in rows of one teacher, and the rows that may be read in one go.
HISTORY, MOST_ROWS = 300, 6_000


def here(endpoint: Any, query: Any) -> bool:
    return HERE[endpoint](query)


def teachers(many: int) -> tuple[str, ...]:
    return tuple(f"t{number}" for number in range(many))


@pytest.mark.parametrize(("many", "short"), [(1, True), (20, True), (21, False), (50, False), (200, False)])
@pytest.mark.parametrize("asked", [{"since": DAY}, {"until": DAY}, {"as_known_at": datetime(2025, 1, 1, tzinfo=UTC)}])
def test_sums_of_a_time_are_answered_here_while_the_rows_that_they_read_are_few(
    many: int, asked: dict[str, Any], *, short: bool
) -> None:
    assert here(GET_TOTALS, GetTotals(caller=CALLER, teachers=teachers(many), **asked)) is short
    assert (many * HISTORY <= MOST_ROWS) is short


@pytest.mark.parametrize(("many", "short"), [(1, True), (50, True), (100, True), (101, False)])
def test_whole_sums_are_kept_and_answered_here_for_a_page_of_teachers(many: int, *, short: bool) -> None:
    assert here(GET_TOTALS, GetTotals(caller=CALLER, teachers=teachers(many))) is short


@pytest.mark.parametrize(
    ("many", "first", "fields", "short"),
    [
        (20, 10, ("on", "hours", CURSORS), True),
        (20, 26, ("on",), False),
        (21, 1, ("on",), False),
        (500, 1, ("on",), False),
        (1, 1, ("on", TOTALS), False),
    ],
)
def test_a_table_is_answered_here_while_few_rows_are_looked_at(
    many: int, first: int, fields: tuple[str, ...], *, short: bool
) -> None:
    query = ListRecords(caller=CALLER, teachers=teachers(many), page=Page(first=first), fields=fields)
    assert here(LIST_RECORDS, query) is short
