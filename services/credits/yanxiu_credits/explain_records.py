"""Records with the explanations that were stored with them."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit.pack import RulePack
from yanxiu_wire.credits import Record
from yanxiu_wire.explanation import Explanation

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
    pack = laws.pack_of(decided["jurisdiction"], decided["version"])
    told = _told(pack, decided["pack"], decided["version"], decided["on"], decided["body"])
    return msgspec.structs.replace(record, explanation=told)


# A class of teachers has one explanation of its training.
@functools.lru_cache(maxsize=256)
def _told(pack: RulePack | None, name: str, version: str, on: date, body: str) -> Explanation:
    return explanation(pack, name=name, version=version, on=on, steps=read_decision(body).steps)
