"""Prove that a later tree begins with an earlier one, so that two signed heads can be held against each other."""

from __future__ import annotations

from yanxiu_wire import merkle
from yanxiu_wire.books import ConsistencyProof, ProveConsistency
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books import refusals as no
from yanxiu_credits.books.heads import last_head
from yanxiu_credits.books.tree import read_known, read_root
from yanxiu_credits.service import Service


async def prove_consistency(
    service: Service, district: str, query: ProveConsistency, _deadline: Deadline
) -> ConsistencyProof | Refused:
    """Return both roots and the nodes between them; sizes up to that of the newest signed head (SIZE_OUT_OF_RANGE)."""
    async with service.databases.read(district) as conn:
        last = await last_head(conn, district)
        size = last.size if last is not None else 0
        if not 1 <= query.older <= query.newer <= size:
            return no.sizes_out_of_order(query.older, query.newer, size)
        known = await read_known(conn, district, query.newer, (query.older - 1,))
        nodes = merkle.consistency(known, query.older, query.newer)
        roots = [await read_root(conn, district, asked) for asked in (query.older, query.newer)]
    return ConsistencyProof(
        older=query.older,
        newer=query.newer,
        older_root=roots[0],
        newer_root=roots[1],
        nodes=tuple(one.hex() for one in nodes),
    )
