"""The tables by which a service clears a person: the row that lets it, what was begun, what was cleared and swept.

`erasing` has a row of a district only inside the transaction that clears: by it append-only tables let their texts be
changed (`clearable`). No such row can be committed: at the end of its transaction it would have to refer to a row of
`erasing_left`, which takes none. `erasure_cleared` keeps for each erasure how many rows of which table it changed, and
when the freed pages were written over. `erasure_fact` is what the registry announced of erasures that two officials
stand for.
"""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_durable.tables import new_metadata

from yanxiu_footing.copy_tables import fact_table


def clearing_tables(metadata: sa.MetaData) -> None:
    """Put the tables among a service's own."""
    sa.Table(
        "erasing_left",
        metadata,
        sa.Column("district", sa.Text, primary_key=True),
        sa.CheckConstraint("district IS NULL", name="none"),
    )
    sa.Table(
        "erasing",
        metadata,
        sa.Column("district", sa.Text, primary_key=True),
        sa.Column("erasure", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["district"], ["erasing_left.district"], deferrable=True, initially="DEFERRED"),
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


def begun_table(metadata: sa.MetaData) -> None:
    """Put the table of erasures that are begun among those of a service that follows the registry."""
    fact_table(metadata, "erasure_fact", "erasure")


_OWN = new_metadata()
clearing_tables(_OWN)
begun_table(_OWN)
erasing = _OWN.tables["erasing"]
erasure_cleared = _OWN.tables["erasure_cleared"]
erasure_fact = _OWN.tables["erasure_fact"]
