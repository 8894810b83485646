"""Sign the head of a district's ledger: on demand, and for every district once a day."""

from __future__ import annotations

from yanxiu_wire.books import SignedHead, SignHead
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books.heads import sign
from yanxiu_credits.books.tree import grow
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger import read_head

# Nodes of one transaction while the tree catches up: 256 entries each, hashed while others wait for the lock.
_AT_A_TIME = 32


async def sign_head(service: Service, district: str, _command: SignHead, deadline: Deadline) -> SignedHead | Refused:
    """Sign the ledger as it stands and announce it; the same day and size give the same head, whatever the key.

    Refuses with LEDGER_EMPTY or LEDGER_BROKEN.
    """
    return await sign_now(service, district, deadline)


async def sign_now(service: Service, district: str, deadline: Deadline) -> SignedHead | Refused:
    """Let the tree catch up in short transactions, then sign in one."""
    grown = False
    while not grown:
        async with service.databases.write(district, deadline) as conn:
            size, _ = await read_head(conn, district)
            grown = await grow(conn, district, size, most=_AT_A_TIME)
    async with service.databases.write(district, deadline) as conn:
        return await sign(conn, service, district)
