"""What `yanxiu backup` and `yanxiu restore` need of this service: its copies, and the erasures that outlive them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from yanxiu_durable.backup import Copies, settle
from yanxiu_footing.persons.carry_texts import Done, Lacking
from yanxiu_wire import registry as wire
from yanxiu_wire.erasure import Erasure

from yanxiu_registry.all_tables import METADATA
from yanxiu_registry.erasing.carry_erasures import cleared_by, erased_again, erasures_in, lacking_in
from yanxiu_registry.migrating import MIGRATIONS

__all__ = ["copies", "erased", "erasures", "had_cleared", "lacking", "settle"]

copies = Copies(wire.SERVICE, METADATA, MIGRATIONS)


async def erasures(data: Path | None, district: str) -> tuple[Erasure, ...] | None:
    """Return the erasures that the register there has; None where it is not there or cannot be read."""
    return await erasures_in(copies, data, district)


async def had_cleared(file: Path, district: str, scratch: Path) -> Done:
    """Return the erasures done in a file of the register for which the others cleared texts, with the counts."""
    return await cleared_by(copies, file, district, scratch)


async def lacking(file: Path, district: str, known: Collection[Erasure], scratch: Path) -> Lacking:
    """Return the erasures that a file of the register has not done, with what the persons are named by."""
    return await lacking_in(copies, file, district, known, scratch)


async def erased(file: Path, district: str, known: Collection[Erasure], scratch: Path) -> Path:
    """Return a file of the register in which these erasures are done too."""
    return await erased_again(copies, file, district, known, scratch)
