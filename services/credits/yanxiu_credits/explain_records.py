"""Records with the explanations that were stored with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.credits import Record

from yanxiu_credits.explain import explanation, read_decision
from yanxiu_credits.laws import Laws
from yanxiu_credits.store.records import read_decisions


async def explained(conn: AsyncConnection, laws: Laws, district: str, records: Iterable[Record]) -> list[Record]:
    """Return the records with their explanations; one statement for all of them."""
    plain = list(records)
    stored = await read_decisions(conn, district, [one.id for one in plain])
    return [with_explanation(laws, one, stored[one.id]) for one in plain]


def with_explanation(laws: Laws, record: Record, decided: Mapping[str, Any]) -> Record:
    """Return the record with the explanation that its stored decision holds."""
    told = explanation(
        laws.pack_of(decided["jurisdiction"], decided["version"]),
        name=decided["pack"],
        version=decided["version"],
        on=decided["on"],
        steps=read_decision(decided["body"]).steps,
    )
    return msgspec.structs.replace(record, explanation=told)
