"""Any edit behind the service's back is found, and the first row that it touches named: random ledgers and edits.

The guards of the tables are taken away first, as somebody with the owner's password could.
"""

# ruff: noqa: S608 - the statements are made of names and hashes that this test knows

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_credits.books.against_heads import first_against_heads
from yanxiu_credits.books.keys import Signer
from yanxiu_credits.books.witness import Witness, first_other
from yanxiu_credits.ledger import GENESIS, Broken, Entry, digest, seal
from yanxiu_wire.credits import VERIFY_LEDGER, VerifyLedger
from yanxiu_wire.deadline import Deadline

from tests.examples import with_service
from tests.services.credits.books.conftest import Books

Tamper = Callable[[str], Awaitable[None]]
_runs = itertools.count()

# What a history is made of: each step is one command, or a recognition as a workflow posts it.
steps = st.lists(st.sampled_from(["register", "register", "correct", "reverse", "void", "recognise"]), max_size=6)


async def play(house: Books, history: list[str]) -> list[dict[str, Any]]:
    """Register three trainings, take the steps, and return the ledger's rows in order."""
    run, hours = next(_runs), itertools.count(1)

    async def register() -> str:
        made = await house.register(facts={"hours": str(next(hours)), "score": "90"}, on=_day(run))
        return made.record.id

    records = [await register() for _ in range(3)]
    for step in history:
        if step == "register" or not records:
            records.append(await register())
        elif step == "correct":
            done = await house.correct(records.pop(0), {"hours": str(next(hours)), "score": "91"})
            records.append(done.record.id)
        elif step == "reverse":
            await house.reverse(records.pop(0))
        elif step == "void":
            await house.void(records.pop(0))
        else:
            await house.recognise("t1", next(hours), label=str(2000 + next(_runs) % 900))
    return sorted(await house.rows("ledger"), key=lambda row: row["seq"])


def _day(run: int) -> date:
    return date.fromordinal(date(2021, 10, 1).toordinal() + run % 1000)


def other(value: Any) -> str:
    """Another value of the same type, as SQL."""
    if isinstance(value, int):
        return str(value + 1)
    if isinstance(value, date):
        return "'2020-02-02'"
    return "'x'"


async def found(house: Books, *heads: str) -> int | None:
    return (await house.verify(*heads)).first_bad


async def cleared(house: Books, tamper: Tamper) -> None:
    """Begin a new history: everything of the books is taken out behind the service's back, which then verifies."""
    tables = (
        "ledger", "ledger_head", "ledger_state", "record", "decision", "recognition", "reversal", "integrity_entry",
        "signed_head", "tree_node",
    )  # fmt: skip
    await tamper("; ".join(f"DELETE FROM {table}" for table in tables))
    assert (await house.verify()).first_bad is None


@with_service(8)
@given(history=steps, data=st.data())
async def test_an_altered_field_names_its_row(
    house: Books, tamper: Tamper, history: list[str], data: st.DataObject
) -> None:
    await cleared(house, tamper)
    rows = await play(house, history)
    row = data.draw(st.sampled_from(rows), label="row")
    field = data.draw(st.sampled_from([*(set(Entry.__struct_fields__) - {"district", "seq"}), "hash"]), label="field")
    await tamper(f'UPDATE ledger SET "{field}" = {other(row[field])} WHERE seq = {row["seq"]}')
    assert await found(house) == row["seq"]


@with_service(8)
@given(history=steps, data=st.data())
async def test_a_removed_and_a_swapped_row_are_named(
    house: Books, tamper: Tamper, history: list[str], data: st.DataObject
) -> None:
    await cleared(house, tamper)
    rows = await play(house, history)
    at = data.draw(st.integers(1, len(rows) - 1), label="at")
    if data.draw(st.booleans(), label="swap"):
        await tamper(f"UPDATE ledger SET seq = -seq WHERE seq IN ({at}, {at + 1})")
        await tamper(f"UPDATE ledger SET seq = CASE seq WHEN -{at} THEN {at + 1} ELSE {at} END WHERE seq < 0")
    else:
        await tamper(f"DELETE FROM ledger WHERE seq = {at}")
    assert await found(house) == at


@with_service(5)
@given(history=steps, moved=st.booleans())
async def test_a_removed_last_row_is_named_and_with_its_head_it_is_what_was_signed_that_tells(
    house: Books, tamper: Tamper, history: list[str], moved: bool
) -> None:
    await cleared(house, tamper)
    rows = await play(house, history)
    await house.sign()
    last = rows[-1]
    await tamper(f"DELETE FROM ledger WHERE seq = {last['seq']}")
    if moved:
        await tamper(f"UPDATE ledger_head SET seq = {last['seq'] - 1}, hash = '{rows[-2]['hash']}'")
        # The record goes too: without it, it alone would tell.
        await tamper(f"DELETE FROM record WHERE entry = {last['seq']}")
    assert await found(house) == last["seq"]


@with_service(5)
@given(history=steps)
async def test_an_inserted_row_is_named(house: Books, tamper: Tamper, history: list[str]) -> None:
    await cleared(house, tamper)
    rows = await play(house, history)
    size = len(rows)
    entry = Entry(**{name: rows[-1][name] for name in Entry.__struct_fields__})
    forged = msgspec.structs.replace(
        entry, seq=size + 1, entry_id="forged", activity="forged", previous=rows[-1]["hash"], reverses=None
    )
    await insert(house, [forged])
    await tamper(f"UPDATE ledger_head SET seq = {size + 1}, hash = '{seal(forged)}'")
    assert await found(house) == size + 1


async def insert(house: Books, entries: list[Entry]) -> None:
    columns = [*Entry.__struct_fields__, "hash"]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(f":{name}" for name in columns)
    async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
        for entry in entries:
            given_ = {**{name: getattr(entry, name) for name in Entry.__struct_fields__}, "hash": seal(entry)}
            statement = sa.text(f"INSERT INTO ledger ({names}) VALUES ({values})")
            await conn.execute(statement.bindparams(sa.bindparam("on", type_=sa.Date)), given_)


async def rewrite(house: Books, tamper: Tamper, at: int) -> None:
    """Leave row `at` out of history and hash everything after it anew, so that the chain holds again."""
    rows = sorted(await house.rows("ledger"), key=lambda row: row["seq"])
    entries = [Entry(**{name: row[name] for name in Entry.__struct_fields__}) for row in rows]
    gone = entries[at - 1]
    kept = [one for one in entries if one.seq != at]
    previous, again = GENESIS, []
    for seq, one in enumerate(kept, start=1):
        moved = msgspec.structs.replace(one, seq=seq, previous=previous)
        previous = seal(moved)
        again.append(moved)
    await tamper(f"DELETE FROM ledger WHERE district = '{house.district}'")
    await tamper(f"DELETE FROM record WHERE id = '{gone.record}'")
    await tamper(f"DELETE FROM decision WHERE record = '{gone.record}'")
    await insert(house, again)
    await tamper(f"UPDATE ledger_head SET seq = {len(again)}, hash = '{previous}'")


async def test_a_history_rewritten_as_a_whole_is_told_by_what_was_signed_of_it(house: Books, tamper: Tamper) -> None:
    """The forger makes everything fit: rows, hashes, head. The records' own evidence names their rows, so the last
    training is taken out, which no other row depends on."""
    for hours in range(1, 4):
        await house.register(facts={"hours": str(hours)})
    first = await house.sign()
    for hours in range(4, 7):
        await house.register(facts={"hours": str(hours)})
    signed = await house.sign()
    await rewrite(house, tamper, 6)
    verified = await house.verify()
    assert (verified.first_bad, "signed" in (verified.problem or "")) == (6, True)
    assert await first_against_heads(house.service, house.district) == Broken(seq=6, problem=verified.problem or "")
    # Who takes the signed heads out of the database as well is told by those that are kept outside.
    await tamper("DELETE FROM signed_head")
    await tamper("DELETE FROM tree_node")
    assert await found(house) is None
    assert await found(house, first.token, signed.token) == 6
    assert await found(house, first.token) is None


async def test_rows_changed_under_a_signed_head_with_hashes_made_anew_are_told_from_the_head_before(
    house: Books, tamper: Tamper
) -> None:
    for hours in range(1, 4):
        await house.register(facts={"hours": str(hours)})
    await house.sign()
    for hours in range(4, 7):
        await house.register(facts={"hours": str(hours)})
    outside = await house.sign()
    rows = sorted(await house.rows("ledger"), key=lambda row: row["seq"])
    previous = rows[3]["previous"]
    for row in rows[3:]:
        entry = Entry(**{name: row[name] for name in Entry.__struct_fields__})
        moved = msgspec.structs.replace(entry, recorded_us=entry.recorded_us + 1, previous=previous)
        previous = seal(moved)
        await tamper(
            f"UPDATE ledger SET recorded_us = {moved.recorded_us}, previous = '{moved.previous}', hash = '{previous}' "
            f"WHERE seq = {moved.seq}"
        )
    await tamper(f"UPDATE ledger_head SET hash = '{previous}'")
    verified = await house.verify(outside.token)
    assert verified.first_bad == 4, verified
    assert "rows 4 to 6" in (verified.problem or "")


@pytest.mark.every_case_on_both
@pytest.mark.parametrize(
    ("sql", "first_bad"),
    [
        ("UPDATE record SET micro_credits = 1 WHERE entry = 2", 2),
        ("UPDATE decision SET body = 'x' WHERE record = (SELECT id FROM record WHERE entry = 1)", 1),
        ("UPDATE reversal SET reason = 'x' WHERE why = 'correction'", 3),
        ("UPDATE reversal SET why = 'return' WHERE why = 'correction'", 3),
        ("DELETE FROM reversal WHERE why = 'correction'", 3),
        ("UPDATE integrity_entry SET serious = NOT serious", 5),
        ("UPDATE integrity_entry SET teacher = 't2'", 5),
        ("DELETE FROM integrity_entry", 5),
        ("UPDATE recognition SET micro_credits = 1", 6),
        ("UPDATE recognition SET standing = 'x'", 6),
        ("DELETE FROM recognition", 6),
        ("UPDATE record SET replaces = NULL", 4),
        ("UPDATE signed_head SET size = 5", 5),
        ("UPDATE signed_head SET token = 'x'", 6),
        ("UPDATE signed_head SET root = 'x'", 6),
    ],
)
async def test_what_an_entry_rests_on_names_its_row_when_it_is_altered(
    house: Books, tamper: Tamper, sql: str, first_bad: int
) -> None:
    """Rows: 1 and 2 register, 3 and 4 correct row 1, 5 voids row 2, 6 recognises; then the head is signed."""
    one, two = [await house.register(facts={"hours": hours}) for hours in ("1", "2")]
    await house.correct(one.record.id, {"hours": "3"})
    await house.void(two.record.id)
    await house.recognise("t1", 4)
    await house.sign()
    assert await found(house) is None
    await tamper(sql)
    verified = await house.verify()
    assert verified.first_bad == first_bad, verified
    assert verified.problem


@pytest.mark.every_case_on_both
@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO recognition SELECT district, 'r', teacher, school, period_kind, 'x', generation, starts_on, "
        "ends_on, process, standing, pack, version, micro_hours, micro_credits, hours_unit, credits_unit, 99, "
        "evidence, decided_by, recorded_us FROM recognition",
        "INSERT INTO reversal SELECT district, 'e', 'x', 'y', why, reason, NULL, reversed_by, role, recorded_us "
        "FROM reversal WHERE why = 'correction'",
        "INSERT INTO integrity_entry SELECT district, 'i', 'y', teacher, school, actor, registered_by, \"on\", "
        "serious, reason, proof, consequences, clauses, pack, version, found_by, role, recorded_us "
        "FROM integrity_entry",
    ],
)
async def test_a_row_put_beside_the_ledger_is_found(house: Books, tamper: Tamper, sql: str) -> None:
    one, two = [await house.register(facts={"hours": hours}) for hours in ("1", "2")]
    await house.correct(one.record.id, {"hours": "3"})
    await house.void(two.record.id)
    await house.recognise("t1", 4)
    await tamper(sql)
    verified = await house.verify()
    assert (verified.first_bad, "beside the ledger" in (verified.problem or "")) == (0, True)


@pytest.mark.parametrize(
    ("changed", "first_bad"), [({}, None), ({(8, 1): "x"}, 257), ({(8, 0): None}, 1), ({(8, 2): None}, None)]
)
def test_an_altered_or_missing_node_of_the_stored_tree_is_named_by_its_first_row(
    changed: dict[tuple[int, int], str | None], first_bad: int | None
) -> None:
    """Of 800 rows 600 were signed: the nodes over them must be there, the third is not due yet."""
    witness = Witness([], levels=(8,))
    assert witness.take(digest(str(one)) for one in range(800)) is None
    computed = witness.take_nodes()
    stored = {**computed, **changed}
    bad = first_other(computed, {place: value for place, value in stored.items() if value is not None}, 600)
    assert (bad.seq if bad else None) == first_bad
    assert sorted(computed) == [(8, 0), (8, 1), (8, 2)]


async def test_a_head_from_outside_that_is_none_of_ours_is_refused_and_closes_nothing(
    house: Books, tmp_path: Any, error_of: Any
) -> None:
    await house.register(facts={"hours": "1"})
    stranger = Signer.open(tmp_path)
    for token in ("x", stranger.sign(b"{}")):
        query = VerifyLedger(caller=house.caller("auditor"), heads=(token,))
        error_of(await house.call(VERIFY_LEDGER, query), "HEAD_NOT_SIGNED")
    assert (await house.register(facts={"hours": "2"})).record.credits == 2
