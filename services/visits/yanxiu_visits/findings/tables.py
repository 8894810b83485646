"""The table of findings: what the notes of each make, for lists of what is open and what is overdue."""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_visits.tables import metadata

# `due_on` is the last day there is while the finding itself has not come.
finding = sa.Table(
    "finding",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("finder", sa.Text, nullable=False),
    sa.Column("owner", sa.Text),
    sa.Column("school", sa.Text),
    sa.Column("source_id", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("found_on", sa.Date),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index(None, "district", "due_on", "id"),
    sa.Index(None, "district", "finder", "found_on"),
    sa.Index(None, "district", "owner"),
    sa.Index(None, "district", "school"),
    sa.Index(None, "district", "source_id"),
)
