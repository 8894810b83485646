"""What `yanxiu backup` and `yanxiu restore` need of this service: its copies, and a check of a copied ledger."""

from __future__ import annotations

from pathlib import Path

from yanxiu_durable.backup import Copies, settle
from yanxiu_wire import credits as wire
from yanxiu_wire.signed import read_keys

from yanxiu_credits.all_tables import metadata
from yanxiu_credits.ledger import Verified
from yanxiu_credits.migrating import MIGRATIONS
from yanxiu_credits.verify_ledger import examine

__all__ = ["copies", "settle", "verify"]

copies = Copies(wire.SERVICE, metadata, MIGRATIONS)


async def verify(data: Path | None, district: str, public: str) -> Verified:
    """Check the ledger there by the rules of a running service, given the public keys of who signed its heads.

    Raises `NotSigned` where that are no keys.
    """
    keys = read_keys(public)
    async with copies.opened(data) as databases:
        await databases.ensure(district)
        return await examine(databases, keys, district)
