"""The tables of visits: their notes, which are append-only, and what the notes make, row by row, for lists.

A note is the command as it was sent. Everything else here follows from notes and could be made of them again.
"""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_visits.tables import metadata

note = sa.Table(
    "note",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("typist", sa.Text, nullable=False),
    sa.Column("occurred_us", sa.BigInteger, nullable=False),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.CheckConstraint("about IN ('visit', 'record', 'finding')", name="about_known"),
    sa.Index(None, "district", "about", "subject"),
)

# `first_on` is the last day there is while no day of the visit is known.
visit = sa.Table(
    "visit",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("researcher", sa.Text, nullable=False),
    sa.Column("school", sa.Text),
    sa.Column("term", sa.Text),
    sa.Column("phase", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("first_on", sa.Date, nullable=False),
    sa.Column("last_on", sa.Date),
    sa.Column("unprepared", sa.Boolean, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index(None, "district", "first_on", "id"),
    sa.Index(None, "district", "researcher", "term"),
    sa.Index(None, "district", "school", "first_on"),
)

APPEND_ONLY = (note,)
