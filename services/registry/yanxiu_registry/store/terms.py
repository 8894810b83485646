"""The district's terms."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.term import Term

from yanxiu_registry.store.dated import Stamp
from yanxiu_registry.tables import term


async def all_terms(conn: AsyncConnection, district: str) -> tuple[Term, ...]:
    """Every term, oldest first."""
    rows = await conn.execute(sa.select(term).where(term.c.district == district).order_by(term.c.starts_on))
    return tuple(
        Term(
            id=f"{row.school_year}-{row.number}",
            school_year=row.school_year,
            number=row.number,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            version=row.version,
        )
        for row in rows
    )


async def save_term(conn: AsyncConnection, district: str, new: Term, stamp: Stamp) -> None:
    """Enter a term (version 1), or bring it to its next version."""
    own = {"starts_on": new.starts_on, "ends_on": new.ends_on, "version": new.version, **stamp.columns()}
    key = {"district": district, "school_year": new.school_year, "number": new.number}
    if new.version == 1:
        await conn.execute(sa.insert(term).values(**key, **own))
    else:
        same = [term.c[name] == value for name, value in key.items()]
        await conn.execute(sa.update(term).where(*same).values(**own))
