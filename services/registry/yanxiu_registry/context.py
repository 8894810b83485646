"""What every use case receives: databases, the vault, the packs this deployment has, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from yanxiu_durable import Databases
from yanxiu_footing.audit.trail import Trail
from yanxiu_wire.caller import Caller

from yanxiu_registry.packs import Packs
from yanxiu_registry.store.dated import Stamp
from yanxiu_registry.vault import Vault

# Every district lies in China, whose one official time has no summer time; no time-zone data is needed for it.
LOCAL = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Registry:
    """The service's means, made once in `__main__`; `clock` gives aware UTC moments.

    `packs` are the rule packs that a district may be put under.
    """

    dbs: Databases
    vault: Vault
    packs: Packs
    clock: Callable[[], datetime]
    trail: Trail

    @property
    def databases(self) -> Databases:
        """Return the databases, under the name that what all services stand on has for them."""
        return self.dbs

    def today(self) -> date:
        """The local calendar day."""
        return self.clock().astimezone(LOCAL).date()

    def stamp(self, caller: Caller) -> Stamp:
        """Who writes, and when."""
        return Stamp(caller.subject, self.clock())
