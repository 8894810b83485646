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
    sa.UniqueConstraint("district", "year", "category", "number"),
    # Nominated once; anew after it was withdrawn.
    sa.Index(
        "ix_award_nomination_recipient_once",
        "district",
        "year",
        "category",
        "recipient",
        unique=True,
        sqlite_where=sa.text("state <> 'withdrawn'"),
        postgresql_where=sa.text("state <> 'withdrawn'"),
    ),
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

# Append-only: under which number of his own a reviewer sees a nomination.
award_review_number = sa.Table(
    "award_review_number",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("reviewer", sa.Text, primary_key=True),
    sa.Column("nomination", sa.Text, primary_key=True),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.UniqueConstraint("district", "year", "reviewer", "category", "number"),
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

# One row an award: a place is given once, and none lies beyond the quota. A row goes only where a revoked award's place
# is freed; `award_ending` keeps which it was.
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
    sa.Column("raised_by", sa.Text, nullable=False),
    sa.Column("settled", sa.Boolean, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index(None, "district", "nomination", "settled"),
)

# Append-only: nominations that were withdrawn and awards that were revoked, each once, with the place it had.
award_ending = sa.Table(
    "award_ending",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("nomination", sa.Text, primary_key=True),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("place", sa.Integer),
    sa.Column("freed", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("ended_by", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.CheckConstraint("what IN ('withdrawn', 'revoked')", name="what_known"),
)

APPEND_ONLY = (award_score, award_ending, award_review_number)
