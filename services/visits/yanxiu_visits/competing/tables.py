"""The table of competitions."""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_visits.tables import metadata

competition = sa.Table(
    "competition",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("term", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.UniqueConstraint("district", "term", "stage"),
)
