"""Sign the head of a district's ledger: on demand, and for every district once a day."""

from __future__ import annotations

from collections.abc import Callable

from yanxiu_wire.books import SignedHead, SignHead
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books.anchors import gather_new
from yanxiu_credits.books.heads import needs_none, prepare, sign
from yanxiu_credits.books.tree import keep_nodes, next_nodes
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger import read_head


async def sign_head(service: Service, district: str, _command: SignHead, deadline: Deadline) -> SignedHead | Refused:
    """Sign the ledger as it stands and announce it; the same day and size give the same head, whatever the key.

    Refuses with LEDGER_EMPTY or LEDGER_BROKEN.
    """
    return await sign_now(service, district, deadline)


async def sign_now(
    service: Service, district: str, deadline: Deadline, check: Callable[[], None] | None = None
) -> SignedHead | Refused:
    """Work everything out while others write, let the tree catch up part by part, then sign in a short transaction.

    That one sees whether another process signed, the day ended or the ledger ran ahead meanwhile; then it begins anew.
    `check` (the deadline's without one) is called before each part, and ends the work by what it raises.
    """
    check = check or deadline.check
    while True:
        check()
        async with service.databases.read(district) as conn:
            found = await needs_none(conn, service, district)
            if found is not None:
                return found
            prepared = await prepare(conn, service, district)
            beside = await gather_new(conn, district, prepared.at, check)
        await _let_the_tree_catch_up(service, district, deadline, check)
        async with service.databases.write(district, deadline) as conn:
            signed = await sign(conn, service, district, prepared, beside)
        if signed is not None:
            return signed


async def _let_the_tree_catch_up(
    service: Service, district: str, deadline: Deadline, check: Callable[[], None]
) -> None:
    """Hash outside the write lock and only store under it: whoever waits for the lock comes in between two parts."""
    while True:
        check()
        async with service.databases.read(district) as conn:
            size, _ = await read_head(conn, district)
            nodes = await next_nodes(conn, district, size)
        if not nodes:
            return
        async with service.databases.write(district, deadline) as conn:
            await keep_nodes(conn, district, nodes)
