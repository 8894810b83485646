"""The table of districts' assessment sheets: append-only, a row for each version."""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_visits.tables import metadata

assessment_sheet = sa.Table(
    "assessment_sheet",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
