"""A packed column gives every value exactly, on both databases, and an empty list of no rows."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from yanxiu_durable import Databases
from yanxiu_durable.packed import packed

from .conftest import LEDGER
from .writing import soon

_TEXTS = ("", '"quoted"', "后\n\t\\行", "\U0001f600", '{"$decimal":"0.1"}')


async def test_texts_and_whole_numbers_arrive_as_they_were_written(databases: Databases) -> None:
    rows = [{"district": "puer", "seq": 2**31 - 9 + place, "what": text} for place, text in enumerate(_TEXTS)]
    async with databases.write("puer", soon()) as connection:
        await connection.execute(sa.insert(LEDGER), rows)
    wanted = sa.select(packed(LEDGER.c.seq), packed(LEDGER.c.what))
    async with databases.read("puer") as connection:
        seqs, texts = map(msgspec.json.decode, (await connection.execute(wanted)).one())
        nothing = (await connection.execute(wanted.where(LEDGER.c.seq < 0))).one()
    assert dict(zip(seqs, texts, strict=True)) == {row["seq"]: row["what"] for row in rows}
    assert tuple(nothing) == ("[]", "[]")
