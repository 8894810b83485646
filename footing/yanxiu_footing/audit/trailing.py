"""What the use cases of the trail need of a running service."""

from __future__ import annotations

from typing import Protocol

from yanxiu_durable.databases import Databases

from yanxiu_footing.audit.trail import Trail


class Trailing(Protocol):
    """A service that keeps a trail."""

    @property
    def databases(self) -> Databases:
        """Return where the districts are."""
        ...

    @property
    def trail(self) -> Trail:
        """Return this process's way into the trail."""
        ...
