"""The chain: pure checks of what it detects, and the file of a district edited behind the service's back."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_credits.ledger import GENESIS, Basis, Entry, Row, digest, seal, verify
from yanxiu_wire.credits import LIST_ENTRIES, VERIFY_LEDGER, LedgerVerified, ListEntries, VerifyLedger
from yanxiu_wire.message import Page

from tests.stores import Store

FIELDS = [name for name in Entry.__struct_fields__ if name != "seq"]


def chain(length: int) -> list[Row]:
    rows: list[Row] = []
    for seq in range(1, length + 1):
        entry = Entry(
            district="d", seq=seq, entry_id=f"e{seq}", teacher=f"t{seq % 3}", record=f"r{seq}", activity=f"a{seq}",
            kind="registration", generation=1, on=date(2024, 1, 1), micro_hours=seq * 10**6, micro_credits=seq * 10**6,
            hours_unit="学时", credits_unit="学分", reverses=None, pack="p", version="1", evidence=digest(str(seq)),
            recorded_us=seq, previous=rows[-1].hash if rows else GENESIS,
        )  # fmt: skip
        rows.append(row_of(entry))
    return rows


def row_of(entry: Entry) -> Row:
    """The entry as it is stored, over a record that says the same."""
    basis = Basis(**{name: getattr(entry, name) for name in Basis.__struct_fields__})
    return Row(entry=entry, hash=seal(entry), evidence=entry.evidence, basis=basis)


def check(rows: list[Row], whole: list[Row]) -> int | None:
    head = whole[-1]
    found = verify(iter(rows), head_seq=head.entry.seq, head_hash=head.hash)
    return found.broken.seq if found.broken else None


def other(value: Any) -> Any:
    """Another value of the same type."""
    if isinstance(value, date):
        return value + timedelta(days=1)
    return {int: lambda: value + 1, str: lambda: f"{value}x", type(None): lambda: "e1"}[type(value)]()


def test_an_empty_and_a_whole_chain_hold() -> None:
    assert verify([], head_seq=0, head_hash=GENESIS).broken is None
    rows = chain(50)
    found = verify(rows, head_seq=50, head_hash=rows[-1].hash)
    assert (found.broken, found.entries, found.head) == (None, 50, rows[-1].hash)


@given(st.integers(2, 12), st.data())
def test_the_first_altered_row_is_named_whichever_field_was_altered(length: int, data: st.DataObject) -> None:
    rows = chain(length)
    at = data.draw(st.integers(0, length - 1))
    field = data.draw(st.sampled_from(FIELDS))
    entry = rows[at].entry
    altered = msgspec.structs.replace(entry, **{field: other(getattr(entry, field))})
    assert altered != entry
    assert check([*rows[:at], msgspec.structs.replace(rows[at], entry=altered), *rows[at + 1 :]], rows) == at + 1
    # The forger may also compute the row's own hash anew: then the next row, or the head, no longer fits.
    forged = row_of(altered)
    assert check([*rows[:at], forged, *rows[at + 1 :]], rows) in (at + 1, min(at + 2, length))


@given(st.integers(2, 12), st.data())
def test_a_missing_a_swapped_and_a_truncated_row_are_named(length: int, data: st.DataObject) -> None:
    rows = chain(length)
    at = data.draw(st.integers(0, length - 2))
    assert check([*rows[:at], *rows[at + 1 :]], rows) == at + 1
    assert check([*rows[:at], rows[at + 1], rows[at], *rows[at + 2 :]], rows) == at + 1
    assert check(rows[: at + 1], rows) == at + 2


def test_facts_exchanged_under_a_row_are_noticed() -> None:
    rows = chain(3)
    assert check([rows[0], msgspec.structs.replace(rows[1], evidence=digest("else")), rows[2]], rows) == 2


def test_a_rewritten_history_differs_from_the_head_kept_apart() -> None:
    rows, head = chain(3), chain(4)[2]
    moved = msgspec.structs.replace(rows[2].entry, micro_credits=1)
    rewritten = [*rows[:2], row_of(moved)]
    assert check(rewritten, [*rows[:2], head]) == 3


async def verified(house: Any) -> LedgerVerified:
    return await house.call(VERIFY_LEDGER, VerifyLedger(caller=house.caller("auditor")))


async def filled(house: Any, count: int = 5) -> None:
    for hours in range(1, count + 1):
        await house.register(facts={"hours": str(hours)})


async def test_a_ledger_that_was_only_appended_to_verifies(house: Any) -> None:
    await filled(house)
    await house.register(facts={"hours": "7", "score": "10"})
    found = await verified(house)
    assert (found.entries, found.first_bad) == (5, None)
    page = await house.call(LIST_ENTRIES, ListEntries(caller=house.caller("auditor"), page=Page(first=10)))
    assert [entry.seq for entry in page.items] == [1, 2, 3, 4, 5]
    assert page.items[0].previous == GENESIS
    assert [entry.hash for entry in page.items[:-1]] == [entry.previous for entry in page.items[1:]]
    assert page.items[-1].hash == found.head
    assert sum(entry.credits for entry in page.items) == Decimal(15)


CHANGES = [
    "UPDATE ledger SET micro_credits = 1 WHERE seq = 1",
    "DELETE FROM ledger",
    "UPDATE decision SET body = '{}'",
    "DELETE FROM decision",
    "UPDATE ledger_head SET seq = 1",
    "DELETE FROM ledger_head",
    "UPDATE record SET micro_credits = 1",
    "DELETE FROM record",
]
# What replaces a row without a word of UPDATE, in each database's own way.
REPLACEMENTS = {
    "sqlite": [
        "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 1",
        "INSERT OR REPLACE INTO decision SELECT * FROM decision",
        "INSERT OR REPLACE INTO record SELECT * FROM record",
    ],
    "postgresql": [
        "INSERT INTO ledger SELECT * FROM ledger ON CONFLICT (district, seq) DO UPDATE SET micro_credits = 1",
        "INSERT INTO decision SELECT * FROM decision ON CONFLICT (district, record) DO UPDATE SET body = '{}'",
        "INSERT INTO record SELECT * FROM record ON CONFLICT (district, id) DO UPDATE SET micro_credits = 1",
        "TRUNCATE ledger",
        "TRUNCATE decision",
        "TRUNCATE record",
    ],
}


async def test_the_database_itself_refuses_to_change_what_was_entered(house: Any, database: Store) -> None:
    await filled(house, 2)
    for sql in (*CHANGES, *REPLACEMENTS[database.kind]):
        with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
            await asyncio.to_thread(database.edit, "credits", house.district, sql)
        assert (await verified(house)).first_bad is None, sql


TAMPERING = {
    "altered": ("UPDATE ledger SET micro_credits = micro_credits + 1 WHERE seq = 3", 3),
    "moved to another teacher": ("UPDATE ledger SET teacher = 't2' WHERE seq = 2", 2),
    "removed": ("DELETE FROM ledger WHERE seq = 2", 2),
    "truncated": ("DELETE FROM ledger WHERE seq >= 4", 4),
    "emptied": ("DELETE FROM ledger", 1),
    "reordered": (
        "UPDATE ledger SET seq = -seq WHERE seq IN (2, 3); UPDATE ledger SET seq = 5 + seq WHERE seq IN (-2, -3)",
        2,
    ),
    "facts altered": ('UPDATE record SET facts = replace(facts, \'"hours":"4"\', \'"hours":"9"\')', 4),
    "decision altered": ("UPDATE decision SET body = replace(body, 'COUNTED', 'ZERO')", 1),
    "record's credits altered": ("UPDATE record SET micro_credits = 99000000 WHERE entry = 2", 2),
    "record's hours altered": ("UPDATE record SET micro_hours = 99000000 WHERE entry = 5", 5),
    "record moved to another teacher": ("UPDATE record SET teacher = 't2' WHERE entry = 3", 3),
    "record moved to another day": ("UPDATE record SET \"on\" = '2023-01-01' WHERE entry = 3", 3),
    "record no longer counts": ("UPDATE record SET status = 'ZERO', entry = NULL WHERE entry = 4", 4),
    "record removed": ("DELETE FROM record WHERE entry = 4", 4),
    "what was worth nothing counts": (
        "UPDATE record SET status = 'COUNTED', micro_credits = 5000000 WHERE status = 'ZERO'",
        0,
    ),
    "facts of what was worth nothing altered": (
        "UPDATE record SET facts = replace(facts, '10', '90') WHERE status = 'ZERO'",
        0,
    ),
    "decision of what was worth nothing altered": (
        "UPDATE decision SET body = 'x' WHERE record = (SELECT id FROM record WHERE status = 'ZERO')",
        0,
    ),
    "what counts has no entry": (
        "INSERT INTO record SELECT district, 'r', teacher, school, project, 'a', kind, generation, \"on\", status, "
        "micro_hours, micro_credits, hours_unit, credits_unit, facts, attributes, reasons, 9, evidence, registered_by, "
        "recorded_us, NULL FROM record WHERE entry = 1",
        9,
    ),
    "head set back": ("UPDATE ledger_head SET seq = 4, hash = (SELECT hash FROM ledger WHERE seq = 4)", 5),
}


@pytest.mark.parametrize("kind", TAMPERING)
async def test_a_file_edited_behind_the_triggers_is_found_out_and_takes_no_more_entries(
    house: Any, database: Store, error_of: Callable[[Any, str], Any], kind: str
) -> None:
    await filled(house)
    assert (await house.register(facts={"hours": "7", "score": "10"})).record.status == "ZERO"
    sql, first_bad = TAMPERING[kind]
    await asyncio.to_thread(database.edit, "credits", house.district, sql, force=True)
    found = await verified(house)
    assert found.first_bad == first_bad, found
    assert found.problem
    assert found.problem[0] > "\u3000", "Chinese first"
    error_of(await house.register(facts={"hours": "6"}), "LEDGER_BROKEN")
