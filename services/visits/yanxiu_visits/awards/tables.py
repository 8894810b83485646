"""The tables of awards; the quota is a constraint of `award_place`, whatever the use cases do."""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_visits.tables import metadata

# `seed` is the secret of the lot, in hexadecimal digits; `body` holds it only once it is revealed.
award_year = sa.Table(
    "award_year",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seed", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

award_nomination = sa.Table(
    "award_nomination",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("school", sa.Text, nullable=False),
    sa.Column("number", sa.Integer),
    sa.Column("rank", sa.Integer),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("public", sa.Boolean, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.UniqueConstraint("district", "year", "category", "recipient"),
    sa.UniqueConstraint("district", "year", "category", "number"),
    sa.Index(None, "district", "year", "id"),
)

award_reviewer = sa.Table(
    "award_reviewer",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("reviewer", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

# Append-only: marks given anew stand beside the earlier ones, and the last `turn` counts.
award_score = sa.Table(
    "award_score",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("nomination", sa.Text, primary_key=True),
    sa.Column("reviewer", sa.Text, primary_key=True),
    sa.Column("turn", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("marks", sa.Text, nullable=False),
    sa.Column("scored_us", sa.BigInteger, nullable=False),
    sa.Index(None, "district", "year"),
)

# One row an award: a place is given once, and none lies beyond the quota.
award_place = sa.Table(
    "award_place",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("category", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("quota", sa.Integer, nullable=False),
    sa.Column("nomination", sa.Text, nullable=False),
    sa.UniqueConstraint("district", "nomination"),
    sa.CheckConstraint("place BETWEEN 1 AND quota", name="within_quota"),
)

award_objection = sa.Table(
    "award_objection",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("nomination", sa.Text, nullable=False),
    sa.Column("settled", sa.Boolean, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index(None, "district", "nomination", "settled"),
)
