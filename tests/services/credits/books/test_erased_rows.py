"""A signature, a settled attendance and a transfer that named an erased person still answer for what was signed."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from yanxiu_credits.all_tables import metadata
from yanxiu_credits.books.anchors import first_changed_document
from yanxiu_credits.books.redacted import DOCUMENT, read_redactions
from yanxiu_credits.erasing.bound import digests_of
from yanxiu_credits.erasing.clear_person import Redacting, redact
from yanxiu_credits.personal import PERSONAL
from yanxiu_credits.personal_texts import TEXTS
from yanxiu_footing.persons.assess_blank import BLANK
from yanxiu_footing.persons.clear_texts import Search, changes_of, find_rows
from yanxiu_footing.persons.held import Whose
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import ErasureWords

from tests.services.credits.books.conftest import Books

Tamper = Callable[[str], Awaitable[None]]
NAME = "虚构被删者"
_DOCUMENT = f'{{"content":{{"facts":{{"说明":"{NAME}讲授"}}}}}}'
WRITTEN: dict[str, dict[str, Any]] = {
    "signature": {"reason": f"{NAME}缺席", "body": "{}", "statements": "[]", "evidence": "[]"},
    "attendance_settlement": {"reason": f"应{NAME}之请"},
    "transfer": {"document": _DOCUMENT, "digest": hashlib.sha256(_DOCUMENT.encode()).hexdigest()},
}


def row_of(table: sa.Table, district: str) -> dict[str, Any]:
    """A row of which only what was written matters."""
    made: dict[str, Any] = {}
    for column in table.c:
        if isinstance(column.type, sa.Boolean):
            made[column.name] = True
        elif isinstance(column.type, sa.Date):
            made[column.name] = date(2024, 6, 1)
        elif isinstance(column.type, sa.Integer):
            made[column.name] = 1
        else:
            made[column.name] = "虚构"
    return {**made, "district": district, **WRITTEN[table.name]}


async def test_rows_without_his_name_answer_for_what_was_signed_of_them(house: Books, tamper: Tamper) -> None:
    """By the digests that signatures and signed heads rest on, and for no other change of the same row."""
    databases, district = house.service.databases, house.district
    async with databases.write(district, Deadline.after(10)) as conn:
        for name in WRITTEN:
            await conn.execute(sa.insert(metadata.tables[name]).values(row_of(metadata.tables[name], district)))
    search = Search.of(metadata, TEXTS, PERSONAL, Whose(district, "t9"), ErasureWords(names=(NAME,)))
    of = Redacting("erasure-1", "officer", 1, house.service.signer.sign)
    async with databases.write(district, Deadline.after(10)) as conn:
        changes = await changes_of(conn, search, await find_rows(conn, search))
        before = await digests_of(conn, district, changes)
        await redact(conn, search.whose, changes, of)
    for name in WRITTEN:
        (row,) = await house.rows(name)
        assert any(BLANK in str(value) for value in row.values()), name
    assert {what for what, _ in before} == {"signature", "attendance-settlement", "transfer", DOCUMENT}
    async with databases.read(district) as conn:
        now = await digests_of(conn, district, changes)
        signed = await read_redactions(conn, district, house.service.signer.keys)
        assert await first_changed_document(conn, district) is None
    assert {place: signed.original(*place, its) for place, its in now.items()} == before
    # What a head answers for of a transfer is all but the document, which has its own digest.
    assert [what for (what, _), its in now.items() if its in before.values()] == ["transfer"]
    await tamper("UPDATE signature SET reason = 'x'; UPDATE attendance_settlement SET reason = 'x'")
    await tamper("UPDATE transfer SET document = 'x'")
    async with databases.read(district) as conn:
        other = await digests_of(conn, district, changes)
        assert await first_changed_document(conn, district) is not None
    assert {place: signed.original(*place, its) for place, its in other.items()} == other
