"""The data of one person from the command line: exported to a file that its owner alone reads, checked offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from yanxiu_cli.__main__ import run
from yanxiu_wire.erasing import read_list
from yanxiu_wire.signed import read_keys

from tests.cli.platform import Platform

pytestmark = pytest.mark.timeout(300)
TEACHER = "{ ledger(first: 1) { edges { node { teacher { id } } } } }"


def test_what_is_exported_is_genuine_until_somebody_writes_in_it(demo: Platform, tmp_path: Path, capsys: Any) -> None:
    answer = demo.ask(demo.token("puer"), TEACHER)
    teacher = answer["data"]["ledger"]["edges"][0]["node"]["teacher"]["id"]
    out, keys = tmp_path / "export.json", tmp_path / "jwks.json"
    where = ["--district", "puer", "--data", str(demo.data)]
    assert run(["ledger", "keys", "--out", str(keys), *where]) == 0
    asked = ["person", "export", "--teacher", teacher, "--out", str(out), *where]
    assert run([*asked, "--reason", "本人申请（虚构）"]) == 0
    assert out.stat().st_mode & 0o077 == 0
    assert run([*asked, "--reason", " "]) == 1
    assert "须写明理由" in capsys.readouterr().err
    assert run([*asked, "--reason", "本人申请（虚构）"]) == 1, "what is there is not written over"
    assert run(["person", "verify", str(out), "--keys", str(keys)]) == 0
    erase = ["person", "erase"]
    proposal = [*erase, "propose", "--teacher", teacher, "--reason", "本人申请", "--document", "教函〔2024〕9号"]
    assert run([*proposal, "--retained-until", "2024-12-31", *where]) == 1
    assert "仍在本区任职" in capsys.readouterr().err
    assert run([*erase, "confirm", "no-such", "--receipt", str(tmp_path / "receipt.json"), *where]) == 1
    assert run([*erase, "withdraw", "no-such", "--reason", "文号有误", *where]) == 1
    assert capsys.readouterr().err.count("没有这项删除申请") == 2
    assert run([*erase, "list", *where]) == 0
    assert "共 0 项" in capsys.readouterr().out
    kept = tmp_path / "erasures.json"
    assert run(["person", "erasures", "--to", str(kept), *where]) == 0
    assert read_list(kept.read_text(), "puer", read_keys(keys.read_text())) == ()
    kept.write_text(kept.read_text().replace('"receipts": []', '"receipts": [{"erasure": {"id": "e-1"}}]'))
    capsys.readouterr()
    assert run(["person", "erasures", "--to", str(kept), *where]) == 1, "one that the platform forgot stays listed"
    assert "e-1" in capsys.readouterr().err
    assert "e-1" in kept.read_text()
    assert run(["person", "verify", str(out), "--keys", str(keys)]) == 0
    assert "属实" in capsys.readouterr().out
    out.write_text(out.read_text().replace('"active"', '"left"', 1))
    assert run(["person", "verify", str(out), "--keys", str(keys)]) == 1
