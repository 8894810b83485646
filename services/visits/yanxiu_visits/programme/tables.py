"""The table of what base schools reached: append-only, a row for each version of an entry."""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_visits.tables import metadata

# The newest version of an entry counts, unless it is withdrawn.
programme_entry = sa.Table(
    "programme_entry",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("batch", sa.Date, nullable=False),
    sa.Column("school", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index(None, "district", "batch", "school"),
    sa.Index(None, "district", "recorded_us", "id"),
)
