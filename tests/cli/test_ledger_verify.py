"""`yanxiu ledger verify` reports the ledger and the signatures, each by itself, and fails for either."""

from __future__ import annotations

import pytest
from yanxiu_cli import ledger as command
from yanxiu_wire.credits import LedgerVerified
from yanxiu_wire.workflow import SignaturesVerified

HOLDS = LedgerVerified(entries=4, head="f" * 64)
BROKEN = LedgerVerified(entries=1, head="f" * 64, first_bad=2, problem="altered: recognition r")
BESIDE = LedgerVerified(entries=4, head="f" * 64, wrong_balances=3, problem="the balances of 3 teachers")
SIGNED = SignaturesVerified(processes=1, signatures=5)
FORGED = SignaturesVerified(processes=1, signatures=5, first_bad="p-1", problem="altered: signature 2")


@pytest.mark.parametrize(
    ("ledger", "signatures", "code", "out", "err"),
    [
        (HOLDS, SIGNED, 0, ("台账完好", "签署完好"), ()),
        (HOLDS, FORGED, 1, ("台账完好",), ("p-1", "altered: signature 2")),
        (BROKEN, SIGNED, 1, ("签署完好",), ("第 2 条", "altered: recognition r")),
        (BESIDE, SIGNED, 1, ("台账完好", "签署完好"), ("3 名教师的结余", "projection rebuild --district d")),
        (BROKEN, FORGED, 1, (), ("altered: recognition r", "altered: signature 2")),
    ],
)
def test_both_are_reported_whatever_the_other_comes_to(
    ledger: LedgerVerified,
    signatures: SignaturesVerified,
    code: int,
    out: tuple[str, ...],
    err: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def found(*_asked: object) -> tuple[LedgerVerified, SignaturesVerified]:
        return ledger, signatures

    monkeypatch.setattr(command, "_verify", found)
    assert command.verify(district="d") == code
    said = capsys.readouterr()
    assert all(word in said.out for word in out)
    assert all(word in said.err for word in err)
    assert not ({"台账完好", "签署完好"} - set(out)) & {word for word in ("台账完好", "签署完好") if word in said.out}
