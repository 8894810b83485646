"""How the gateway is, as `$SRV.STATS` tells it: what is held open, and how the circuits to the services stand."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version

from yanxiu_wire.vitals import Vitals

from yanxiu_gateway.circuits import Circuits
from yanxiu_gateway.live_limits import Held


def vitals_of(held: Held, circuits: Circuits) -> Vitals:
    """The present state."""
    return Vitals(
        build=version("yanxiu"),
        measured_at=datetime.now(UTC),
        circuits=circuits.states(),
        figures={"sockets": held.sockets, "subscriptions": sum(held.subscriptions.values())},
    )
