"""Whether a district's ledger is closed, for every process that writes to it: kept beside the ledger itself."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_credits.tables import ledger_state


class LedgerState(msgspec.Struct, frozen=True, kw_only=True):
    """What was found at `changed_us` (microseconds since 1970): closed, where and why; or mended since."""

    closed: bool
    first_bad: int
    reason: str
    changed_us: int


_READ = sa.select(*(ledger_state.c[name] for name in LedgerState.__struct_fields__)).where(
    ledger_state.c.district == sa.bindparam("of")
)


async def read_state(conn: AsyncConnection, district: str) -> LedgerState | None:
    """Return the state, or None where the ledger was never found broken."""
    row = (await conn.execute(_READ, {"of": district})).mappings().first()
    return LedgerState(**row) if row is not None else None


async def is_closed(conn: AsyncConnection, district: str) -> bool:
    """Say whether the district takes no entry, in the caller's transaction."""
    state = await read_state(conn, district)
    return state is not None and state.closed


async def close_ledger(conn: AsyncConnection, district: str, *, first_bad: int, reason: str, now_us: int) -> None:
    """Close the ledger; every finding is a new one, so that a check begun before it cannot open the ledger."""
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    found = {"closed": True, "first_bad": first_bad, "reason": reason, "changed_us": now_us}
    written = insert(ledger_state).values(district=district, **found)
    await conn.execute(written.on_conflict_do_update(index_elements=["district"], set_=found))


async def reopen_ledger(conn: AsyncConnection, district: str, seen: LedgerState, *, now_us: int) -> bool:
    """Open the ledger again if it is still closed by the finding that was seen; say whether it was."""
    done = await conn.execute(
        sa.update(ledger_state)
        .where(
            ledger_state.c.district == district,
            ledger_state.c.closed,
            ledger_state.c.changed_us == seen.changed_us,
        )
        .values(closed=False, changed_us=now_us)
    )
    return done.rowcount == 1
