"""A large ledger that is backed up or restored is checked by two processes, who find what one finds."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from yanxiu_credits import backing_up, verify_ledger
from yanxiu_credits.service import Service

from tests.stores import Store

EDITS = {
    "whole": ("", None),
    "an entry altered": ("UPDATE ledger SET micro_credits = micro_credits + 1 WHERE seq = 2", 2),
    # No entry rests on it: the other process alone sees that.
    "what was worth nothing altered": (
        "UPDATE record SET facts = replace(facts, '10', '90') WHERE status = 'ZERO'",
        0,
    ),
}


@pytest.mark.parametrize("kind", EDITS)
async def test_two_processes_find_what_one_finds(
    house: Any, service: Service, database: Store, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    for hours in ("3", "4", "5"):
        await house.register(facts={"hours": hours, "score": "85"})
    assert (await house.register(facts={"hours": "7", "score": "10"})).record.status == "ZERO"
    sql, first_bad = EDITS[kind]
    if sql:
        await asyncio.to_thread(database.edit, "credits", house.district, sql, force=True)
    for name, value in database.variables.items():
        monkeypatch.setenv(name, value)
    alone = await backing_up.verify(None, house.district, service.signer.public)
    monkeypatch.setattr(backing_up, "_LARGE", 1)
    # This process has nothing to look at them with.
    monkeypatch.setattr(verify_ledger, "verify_books", None)
    assert await backing_up.verify(None, house.district, service.signer.public) == alone
    assert (alone.broken and alone.broken.seq) == first_bad
    assert alone.entries == (3 if first_bad != 2 else 1)
