"""The tables of what base schools reached and of themes: append-only, a row for each version."""

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

# Append-only: a row for each version of a school's themes of a school year; filing makes another.
school_theme = sa.Table(
    "school_theme",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("school_year", sa.Text, primary_key=True),
    sa.Column("school", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

# Append-only: a row for each version of a district's subjects.
district_subjects = sa.Table(
    "district_subjects",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
