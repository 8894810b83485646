"""Looking finds what SQLAlchemy finds, in one state of the district, on both stores."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from yanxiu_durable import Databases, DistrictUnknown
from yanxiu_durable.asked_each import AskedEach
from yanxiu_durable.looking import Look

from .conftest import LEDGER
from .writing import append

_ROWS = (
    sa.select(LEDGER.c.seq, LEDGER.c.what, sa.literal("2025-03-14").cast(sa.Text).label("day"))
    .where(
        LEDGER.c.district == sa.bindparam("of"),
        LEDGER.c.what.in_(sa.bindparam("whats", expanding=True)),
        LEDGER.c.what.in_(["a", "b", "c"]),
    )
    .order_by(LEDGER.c.seq)
)


def _first(what: sa.ColumnElement[str]) -> Any:
    its = sa.select(LEDGER.c.what.label("named"), LEDGER.c.seq).where(
        LEDGER.c.district == sa.bindparam("of"), LEDGER.c.what == what
    )
    return its.order_by(LEDGER.c.seq).limit(sa.bindparam("most"))


_FIRST = AskedEach(_first, (LEDGER.c.seq,))


@pytest.mark.parametrize("few_rows", [True, False])
async def test_rows_come_by_their_names_with_lists_given_and_lists_of_the_statement(
    databases: Databases, few_rows: bool
) -> None:
    for what in ("a", "b", "a", "d"):
        await append(databases, what)
    given = {"of": "puer", "whats": ["a", "d", "it's"]}
    found = await databases.look("puer", lambda look: look(_ROWS, given), few_rows=few_rows)
    assert [(row.seq, row.what, row.day) for row in found] == [(1, "a", "2025-03-14"), (3, "a", "2025-03-14")]
    assert await databases.look("puer", lambda look: look(_ROWS, {**given, "whats": []}), few_rows=few_rows) == []


async def test_what_is_committed_is_seen_at_once_and_nothing_can_be_written(databases: Databases) -> None:
    def whats(look: Look) -> list[Any]:
        return [row.what for row in look(_ROWS, {"of": "puer", "whats": ["a", "b"]})]

    assert await databases.look("puer", whats) == []
    await append(databases, "a")
    assert await databases.look("puer", whats) == ["a"]
    await append(databases, "b")
    assert await databases.look("puer", whats) == ["a", "b"]
    with pytest.raises(Exception, match=r"read-?only"):
        await databases.look("puer", lambda look: look(sa.delete(LEDGER), {}))
    assert await databases.look("puer", whats) == ["a", "b"]


async def test_what_looking_raises_comes_out_and_the_next_look_is_well(databases: Databases) -> None:
    def broken(look: Look) -> None:
        look(_ROWS, {"of": "puer", "whats": []})
        raise KeyError("of the test")

    with pytest.raises(KeyError):
        await databases.look("puer", broken)
    assert await databases.look("puer", lambda look: len(look(_ROWS, {"of": "puer", "whats": []}))) == 0
    with pytest.raises(DistrictUnknown):
        await databases.look("putuo", broken)


async def test_the_rows_of_each_value_come_in_their_order_and_no_more_than_wanted(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    for what in ("a", "b", "a", "it's", "a"):
        await append(databases, what)

    def first(look: Look) -> dict[str, list[Any]]:
        found = look.each(_FIRST, ["it's", "a", "none"], {"of": "puer", "most": 2})
        return {one: [tuple(row) for row in rows] for one, rows in found.items() if rows}

    expected = {"it's": [("it's", 4)], "a": [("a", 1), ("a", 3)]}
    assert await databases.look("puer", first) == expected
    # Where the driver cannot read at once, SQLAlchemy does.
    monkeypatch.setattr(type(databases), "look", Databases.look)
    assert await databases.look("puer", first) == expected
