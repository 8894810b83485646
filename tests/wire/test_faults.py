"""The tree of faults is whole: each class has its own code, is drawn at the module's head, and survives the wire."""

from __future__ import annotations

import pytest
from yanxiu_wire import faults
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import (
    DeadlineExceeded,
    FaultFacts,
    MessageMalformed,
    MessageTooLarge,
    Overloaded,
    RemoteFault,
    RulePackFailed,
    ServiceUnavailable,
    StorageFull,
    WireFault,
    every_fault,
    fault_from,
)

SAMPLES = [
    WireFault(),
    ServiceUnavailable("credits", again_ms=400),
    StorageFull("credits", again_ms=400),
    Overloaded("credits", 2000),
    DeadlineExceeded("credits"),
    RemoteFault("credits", "0190"),
    RulePackFailed("credits", "puer", "puer", "hangs", "0191"),
    MessageMalformed("facts.hours", "expected number"),
    MessageTooLarge(2_000_000, 1_000_000),
]


def test_every_class_has_a_code_of_its_own() -> None:
    codes = [kind.__dict__.get("code") for kind in every_fault()]
    assert None not in codes
    assert len(set(codes)) == len(codes)


def test_the_drawing_names_every_class_with_its_code_below_its_parent() -> None:
    drawn = {
        line.split()[0]: (line.split()[1], (len(line) - len(line.lstrip())) // 2)
        for line in (faults.__doc__ or "").splitlines()
        if line.split()[1:2] and line.split()[1].isupper()
    }
    assert drawn == {kind.__name__: (kind.code, len(kind.__mro__) - len(WireFault.__mro__)) for kind in every_fault()}


def test_there_is_a_sample_of_every_class() -> None:
    assert {type(sample) for sample in SAMPLES} == set(every_fault())


@pytest.mark.parametrize("fault", SAMPLES, ids=lambda fault: fault.code)
def test_a_fault_is_the_same_on_the_other_side(fault: WireFault) -> None:
    again = fault_from(decode(FaultFacts, encode(fault.facts())))
    assert type(again) is type(fault)
    assert vars(again) == vars(fault)
    assert str(again) == str(fault)


def test_a_code_of_a_newer_version_is_a_remote_fault() -> None:
    again = fault_from(FaultFacts(code="BROKEN_IN_A_NEW_WAY", service="credits"))
    assert isinstance(again, RemoteFault)
    assert (again.service, again.fault_id) == ("credits", "BROKEN_IN_A_NEW_WAY")


def test_a_deadline_passes() -> None:
    assert Deadline.after(60).remaining() == pytest.approx(60, abs=1)
    assert not Deadline.after(60).expired
    past = Deadline.after(-1)
    assert past.expired
    with pytest.raises(DeadlineExceeded):
        past.check()
