"""`yanxiu ledger verify` asks the running service, whichever database it has, and names the row that was altered."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from yanxiu_cli.__main__ import run

from tests.services.credits.books.conftest import Books
from tests.stores import Store


async def test_a_ledger_in_either_database_is_verified_by_command_and_an_edit_found(
    house: Books,
    nats_server: Any,
    database: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("YANXIU_NATS_URL", nats_server.url)
    for hours in ("1", "2", "3"):
        await house.register(facts={"hours": hours, "score": "90"})
    signed = await house.sign()
    heads = tmp_path / "heads.txt"
    heads.write_text(f"{signed.token}\n", encoding="utf-8")
    words = ["ledger", "verify", "--district", house.district, "--heads", str(heads)]
    # Its own loop, in a thread of its own, as from a shell.
    assert await asyncio.to_thread(run, words) == 0, capsys.readouterr().err
    assert "台账完好，共 3 条" in capsys.readouterr().out
    await asyncio.to_thread(
        database.edit, "credits", house.district, "UPDATE ledger SET micro_credits = 9 WHERE seq = 2", force=True
    )
    assert await asyncio.to_thread(run, words) == 1
    assert "台账第 2 条" in capsys.readouterr().err
