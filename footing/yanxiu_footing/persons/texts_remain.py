"""Texts about a person that hashes rest on: whoever is to be erased must have none, and is told where they stand."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.refusal import Refused

from yanxiu_footing.persons.held import Held, Personal, Whose
from yanxiu_footing.refusals import refuse

_SHOWN = 20


async def texts_remain(
    conn: AsyncConnection, whose: Whose, personal: Personal, texts: Mapping[str, tuple[str, ...]]
) -> Refused | None:
    """Return TEXTS_REMAIN with the rows named, where a text column of a row about the person is not empty."""
    rows: list[str] = []
    for name, columns in texts.items():
        rows += [f"{name} {key}" for key in await _written(conn, whose, personal[name], columns)]
    if not rows:
        return None
    shown = "；".join(rows[:_SHOWN])
    return refuse(
        "TEXTS_REMAIN",
        field="teacher",
        value=shown,
        zh=f"有 {len(rows)} 处关于该教师的文字受台账签名保护，不能删去：{shown}。",
        en=f"{len(rows)} texts about the teacher are under the ledger's signatures and cannot be taken out: {shown}.",
        remedy=(
            "请先核对这些文字；其中没有姓名等可识别信息的，另行报平台处理。",
            "Look at these texts first; erasing them is not offered yet.",
        ),
    )


async def _written(conn: AsyncConnection, whose: Whose, held: Held, columns: tuple[str, ...]) -> list[str]:
    table = held.table
    keys = [column for column in table.primary_key if column.name != "district"]
    some = sa.or_(*(sa.func.coalesce(table.c[name], "") != "" for name in columns))
    query = sa.select(*keys).where(held.where(whose), some).order_by(*keys)
    return [":".join(map(str, row)) for row in (await conn.execute(query)).all()]
