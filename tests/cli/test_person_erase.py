"""What `yanxiu person erase` says where something went wrong on the way: how to go on, and what is told only once."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from yanxiu_cli import person_erase
from yanxiu_cli.__main__ import run
from yanxiu_wire.erasing import Done
from yanxiu_wire.erasure import Erasure
from yanxiu_wire.faults import DeadlineExceeded

THEN = datetime(2026, 1, 2, tzinfo=UTC)
DONE = Erasure(
    id="e-1",
    teacher="t-1",
    reason="本人申请（虚构）",
    document="教函〔2026〕1号",
    retained_until=date(2025, 12, 31),
    proposed_by="officer",
    proposed_at=THEN,
    confirmed_at=THEN,
)
PROPOSE = (
    *("person", "erase", "propose", "--district", "puer", "--teacher", "t-1", "--reason", "本人申请（虚构）"),
    *("--document", "教函〔2026〕1号", "--retained-until", "2025-12-31"),
)
CONFIRM = ["person", "erase", "confirm", "e-1", "--district", "puer", "--receipt"]


@pytest.mark.parametrize("there", [False, True], ids=["a new file", "a file that is there"])
def test_that_a_service_did_not_look_again_is_told_whether_or_not_the_receipt_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, there: bool
) -> None:
    done = Done(erasure=DONE, receipt="{}", looked_again=False)
    monkeypatch.setattr(person_erase, "_ask", lambda *_given, **_named: done)
    receipt = tmp_path / "receipt.json"
    if there:
        receipt.write_text("another", encoding="utf-8")
    assert run([*CONFIRM, str(receipt)]) == int(there)
    assert "未能再查一遍" in capsys.readouterr().out
    assert receipt.read_text(encoding="utf-8") == ("another" if there else "{}")


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        ((*CONFIRM, "receipt.json"), "请再次运行同一命令", "Run the same command again"),
        (PROPOSE, "请先用 yanxiu person erase list 查看", "Look first whether it was proposed"),
        (("person", "erase", "list", "--district", "puer"), "请稍后再试", "Try again"),
    ],
    ids=("confirm", "propose", "list"),
)
def test_who_got_no_answer_is_told_what_helps(
    words: tuple[str, ...], zh: str, en: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    class Silent:
        async def call(self, endpoint: Any, *_given: Any, **_named: Any) -> None:
            raise DeadlineExceeded(endpoint.service)

    @contextlib.asynccontextmanager
    async def connected(_data: Path) -> AsyncIterator[Silent]:
        yield Silent()

    monkeypatch.setattr(person_erase, "connected", connected)
    assert run(list(words)) == 1
    told = capsys.readouterr().err
    assert "未能应答（DEADLINE_EXCEEDED）" in told
    assert zh in told
    assert en in told.replace("\n", " ")
