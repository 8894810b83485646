"""What the use cases are given: the bus, the databases, the law, the clock, and word of newly arrived facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from yanxiu_durable.databases import Databases
from yanxiu_footing.arrivals import Arrivals
from yanxiu_footing.audit.trail import Trail
from yanxiu_footing.clock import Clock
from yanxiu_wire.rpc import Bus

from yanxiu_visits.laws import Laws
from yanxiu_visits.planning.waking import Waking


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The parts of the running service that use cases work with.

    `tolerance` is by how much a clock elsewhere may be ahead of ours; `planning` wakes this process's planner.
    """

    bus: Bus
    databases: Databases
    laws: Laws
    clock: Clock
    arrivals: Arrivals
    trail: Trail
    tolerance: timedelta = timedelta(minutes=2)
    planning: Waking = field(default_factory=Waking)
