"""The tables of planning: plans with what they were made from and what came of them, and residencies."""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_visits.tables import metadata

# `body` is the plan as it travels, `contents` what it holds; `problem` is what the planner was given, kept for ever
# so that a plan can be held against it again.
rotation_plan = sa.Table(
    "rotation_plan",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("first_on", sa.Date, nullable=False),
    sa.Column("last_on", sa.Date, nullable=False),
    sa.Column("created_us", sa.BigInteger, nullable=False),
    sa.Column("seconds", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("contents", sa.Text, nullable=False),
    sa.Column("problem", sa.Text),
    sa.Index(None, "district", "created_us", "id"),
    sa.Index(None, "district", "state"),
)

residency = sa.Table(
    "residency",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("school", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("term", sa.Text),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.CheckConstraint("state IN ('live', 'withdrawn')", name="state_known"),
    sa.Index(None, "district", "starts_on", "id"),
    sa.Index(None, "district", "person", "starts_on"),
    sa.Index(None, "district", "school", "starts_on"),
)
