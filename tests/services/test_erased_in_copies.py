"""The copies of a backup agree on an erasure row by row: one of before a service's last clearing is found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
import yanxiu_visits
from yanxiu_durable.sqlite_databases import SqliteDatabases
from yanxiu_footing.clock import to_us
from yanxiu_footing.persons.clear_texts import note_cleared
from yanxiu_footing.persons.clearing_tables import erasure_cleared
from yanxiu_visits.all_tables import metadata
from yanxiu_visits.backing_up import cleared, not_cleared
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import ErasureWords

from tests.wire.test_erasing import AT, DONE

MIGRATIONS = Path(str(yanxiu_visits.__file__)).parent / "migrations"
LETTER = metadata.tables["dead_letter"]
TOLD = {"visits.dead_letter": 2, "visits.visit": 1, "credits.reversal": 9, "role_grant": 7}


async def copy_of(folder: Path, *counts: Mapping[str, int], letters: tuple[str, ...] = ()) -> Path:
    """A copy of visits in which the erasure e1 cleared so many rows, by all that was asked for it."""
    opened = SqliteDatabases("visits", folder, metadata, MIGRATIONS)
    await opened.open_all()
    await opened.ensure("puer")
    async with opened.write("puer", Deadline.after(10)) as conn:
        for one in counts:
            await note_cleared(conn, "puer", "e1", one, 1)
        for number, text in enumerate(letters):
            row: dict[str, Any] = {"district": "puer", "message_id": f"m{number}", "event": "e", "body": b"{}"}
            await conn.execute(sa.insert(LETTER).values(given_up_us=1, problem=text, **row))
    await opened.close()
    return folder / "visits" / "puer.db"


@pytest.mark.parametrize(
    ("counts", "halved"),
    [
        ((), ["e1"]),
        (({},), ["e1"]),
        (({"dead_letter": 2},), ["e1"]),
        (({"dead_letter": 1, "visit": 1},), ["e1"]),
        (({"dead_letter": 1, "visit": 1}, {"dead_letter": 1}), []),
        (({"dead_letter": 3, "visit": 1, "finding": 1},), []),
    ],
)
async def test_a_copy_that_lacks_a_row_of_what_the_register_was_told_is_found(
    tmp_path: Path, counts: tuple[Mapping[str, int], ...], halved: list[str]
) -> None:
    file = await copy_of(tmp_path / "data", *counts)
    assert await not_cleared(file, "puer", {"e1": TOLD}, tmp_path) == halved
    (tmp_path / "nothing").mkdir()
    assert await not_cleared(file, "puer", {}, tmp_path / "nothing") == []


async def test_what_was_put_back_from_before_agrees_though_it_had_fewer_rows_to_clear(tmp_path: Path) -> None:
    """What was written between that backup and the erasure is not in it: the next backup is none of a half."""
    file = await copy_of(tmp_path / "data", letters=("虚构旧名填错",))
    done = msgspec.structs.replace(DONE, counts=TOLD)
    (tmp_path / "made").mkdir()
    made = await cleared(file, "puer", [(done, ErasureWords(names=("虚构旧名",)))], tmp_path / "made")
    assert await not_cleared(made, "puer", {"e1": TOLD}, tmp_path) == []
    opened = SqliteDatabases("visits", tmp_path / "made" / "cleared", metadata, MIGRATIONS)
    await opened.open_all()
    async with opened.read("puer") as conn:
        (row,) = (await conn.execute(sa.select(erasure_cleared))).all()
        (letter,) = (await conn.execute(sa.select(LETTER.c.problem))).scalars()
    await opened.close()
    assert (msgspec.json.decode(row.counts), row.cleared_us) == ({"dead_letter": 2, "visit": 1}, to_us(AT))
    assert "虚构旧名" not in letter
