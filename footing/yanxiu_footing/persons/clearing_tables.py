"""The tables by which a service clears a person: the row that lets it, and what was cleared and swept.

`erasing` has a row of a district only inside the transaction that clears: by it append-only tables let their texts be
changed (`clearable`). `erasure_cleared` keeps for each erasure how many rows of which table it changed, and when the
freed pages were written over.
"""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_durable.tables import new_metadata


def clearing_tables(metadata: sa.MetaData) -> None:
    """Put the tables among a service's own."""
    sa.Table(
        "erasing",
        metadata,
        sa.Column("district", sa.Text, primary_key=True),
        sa.Column("erasure", sa.Text, nullable=False),
    )
    sa.Table(
        "erasure_cleared",
        metadata,
        sa.Column("district", sa.Text, primary_key=True),
        sa.Column("erasure", sa.Text, primary_key=True),
        # Rows changed by table, as JSON.
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("cleared_us", sa.BigInteger, nullable=False),
        sa.Column("swept_us", sa.BigInteger),
    )


_OWN = new_metadata()
clearing_tables(_OWN)
erasing = _OWN.tables["erasing"]
erasure_cleared = _OWN.tables["erasure_cleared"]
