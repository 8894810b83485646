"""Texts are found by the same rules on both stores, whichever way somebody wrote, and only rows that hold a word."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yanxiu_visits
from yanxiu_durable import open_databases
from yanxiu_durable.databases import Databases
from yanxiu_footing.persons.assess_blank import BLANK
from yanxiu_footing.persons.clear_texts import Search, changes_of, find_rows, put_changes
from yanxiu_footing.persons.clearing_tables import erasure_cleared
from yanxiu_footing.persons.count_texts import count_rows
from yanxiu_footing.persons.held import Whose
from yanxiu_footing.persons.sweep_cleared import sweeping_cleared
from yanxiu_visits.all_tables import metadata
from yanxiu_visits.personal import PERSONAL
from yanxiu_visits.personal_texts import TEXTS
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import ErasureWords

from tests.stores import KINDS, Kind, Stores

MIGRATIONS = Path(str(yanxiu_visits.__file__)).parent / "migrations"
WORDS = ErasureWords(
    names=("王明", "Li Ming", "Ёлкина"), numbers=("200000",), shared=("安全",), shared_numbers=("GH-7001",)
)
LETTER = metadata.tables["dead_letter"]
FACT = metadata.tables["studio_fact"]
ENDING = metadata.tables["award_ending"]
# By id: what was written, and what is left; None where nothing of it is his.
WRITTEN: dict[str, tuple[str, str | None]] = {
    "escaped": ('["\\u738b\\u660e"]', f'["{BLANK}"]'),
    "capitals": ("由LI mING代签", f"由{BLANK}代签"),
    "wide": ("由ＬＩ　ＭＩＮＧ代签", f"由{BLANK}代签"),
    "cyrillic": ("ёлКИНА", BLANK),
    "apart": ("王-明", BLANK),
    "turned": ("明天姓王的来", None),
    "longer": ("Li Mingzhu", None),
    "amount": ('{"amount":"200000"}', None),
    "hers": ("安全教育 GH-7001", None),
}


def _letter(name: str, text: str) -> dict[str, Any]:
    return {
        "district": "puer",
        "message_id": name,
        "event": "e",
        "body": text.encode(),
        "given_up_us": 1,
        "problem": text,
    }


def _studio(name: str, leader: str, text: str) -> dict[str, Any]:
    body = f'{{"leader":"{leader}","name":"{text}"}}'
    return {"district": "puer", "studio": name, "version": 1, "body": body}


def _ending(reason: str) -> dict[str, Any]:
    texts = {"nomination": "n1", "what": "withdrawn", "reason": reason, "ended_by": "s", "role": "r"}
    return {"district": "puer", "freed": False, "recorded_us": 1, **texts}


async def swept(opened: Databases) -> None:
    """Return when no erasure of the district waits for its sweep; nothing tells of it but the row."""
    async with asyncio.timeout(30):
        while True:
            async with opened.read("puer") as conn:
                if (await conn.execute(sa.select(erasure_cleared.c.swept_us))).scalars().all() not in ([None], []):
                    return
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_found_holds_a_word_and_is_the_same_on_both_stores(kind: Kind, stores: Stores) -> None:
    search = Search.of(metadata, TEXTS, PERSONAL, Whose("puer", "t1"), WORDS)
    with stores.lent(kind, ("visits", MIGRATIONS)) as store:
        opened = open_databases("visits", store.settings, metadata, MIGRATIONS)
        try:
            await opened.open_all()
            await opened.ensure("puer")
            async with opened.write("puer", Deadline.after(10)) as conn:
                await conn.execute(sa.insert(LETTER), [_letter(name, text) for name, (text, _) in WRITTEN.items()])
                studios = [_studio("his", "t1", "安全GH-7001"), _studio("other", "t2", "安全GH-7001")]
                await conn.execute(sa.insert(FACT), studios)
                await conn.execute(sa.insert(ENDING).values(_ending("应王明本人之请")))
            async with opened.read("puer") as conn:
                found = await find_rows(conn, search)
                counted = await count_rows(conn, search, Deadline.after(10))
            async with opened.write("puer", Deadline.after(10)) as conn:
                await put_changes(conn, search.whose, "e1", await changes_of(conn, search, found), 1)
            # As after a kill between the clearing and the sweep: the next start does it.
            async with sweeping_cleared(opened):
                await swept(opened)
            async with opened.read("puer") as conn:
                rows = (await conn.execute(sa.select(LETTER.c.message_id, LETTER.c.problem, LETTER.c.body))).all()
                endings = (await conn.execute(sa.select(ENDING.c.reason))).scalars().all()
                bodies = {row.studio: row.body for row in await conn.execute(sa.select(FACT))}
        finally:
            await opened.close()
    assert endings == [f"应{BLANK}本人之请"], "of a table that nothing else changes"
    named = {name for name, (_, left) in WRITTEN.items() if left is not None}
    assert {key for (key,) in found["dead_letter"]} == named, "whoever only has the same signs is not read again"
    (number,) = [one for one in counted if one.word == "200000"]
    assert (number.table, number.his, number.others, number.kept) == ("dead_letter", 0, 0, 1), "what stays is told"
    left = {name: (text, text.encode()) for name, (before, after) in WRITTEN.items() for text in (after or before,)}
    assert {name: (problem, bytes(body)) for name, problem, body in rows} == left
    assert found["studio_fact"] == [("his",)], "what others are called too, or nobody decided on, goes from his rows"
    assert (bodies["his"].count(BLANK), bodies["other"].count(BLANK)) == (2, 0)
