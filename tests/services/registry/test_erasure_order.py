"""Of two proposals the one that was made last stands, also where the clock went back between them."""

from __future__ import annotations

from datetime import timedelta

from yanxiu_registry.context import Registry
from yanxiu_wire import erasure as wire

from tests.services.registry.conftest import NOW, Client, codes
from tests.services.registry.test_erasure_refused import left, proposed


async def test_of_two_proposals_the_last_one_stands_whatever_the_clock_says(puer: Client, registry: Registry) -> None:
    person = await left(puer)
    first = await proposed(puer, person.id)
    object.__setattr__(registry, "clock", lambda: NOW - timedelta(seconds=30))
    later = await proposed(puer, person.id, document="普教发〔2026〕9号")
    second = puer.as_("institute-officer")
    superseded = await second.ask(wire.BEGIN_ERASURE, erasure=first.id)
    begun = await second.ask(wire.BEGIN_ERASURE, erasure=later.id)
    assert codes(superseded) == ["ERASURE_SUPERSEDED"]
    assert begun.id == later.id
