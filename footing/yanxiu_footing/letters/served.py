"""What the use cases of dead letters are given: the service, its copy, and how announcements are remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from yanxiu_durable.databases import Databases
from yanxiu_wire.endpoint import Event

from yanxiu_footing.arrivals import Arrivals
from yanxiu_footing.clock import Clock
from yanxiu_footing.copying import Copy
from yanxiu_footing.follow_registry import Remember


class Serves(Protocol):
    """What they need of a running service."""

    @property
    def databases(self) -> Databases:
        """Return where the letters are."""
        ...

    @property
    def clock(self) -> Clock:
        """Return the service's clock."""
        ...

    @property
    def arrivals(self) -> Arrivals:
        """Return who waits for a fact."""
        ...


@dataclass(frozen=True, slots=True)
class Applied:
    """How a service applies an announcement."""

    copy: Copy
    remember: Remember

    def event(self, name: str) -> Event[object] | None:
        """Return the event of that name, None for one that is followed no more."""
        return next((one for one in self.copy.events if one.name == name), None)
