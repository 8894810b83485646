"""The tables of supervision: teams, draws with what they revealed, and inspections."""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_visits.tables import metadata

supervision_team = sa.Table(
    "supervision_team",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("made_us", sa.BigInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index(None, "district", "made_us", "id"),
)

# Append-only: what was committed to is never changed. `seed` is the secret, in hexadecimal digits; `body` holds none.
supervision_draw = sa.Table(
    "supervision_draw",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("school_year", sa.Text, nullable=False),
    sa.Column("made_us", sa.BigInteger, nullable=False),
    sa.Column("seed", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index(None, "district", "made_us", "id"),
)

# Append-only: a draw is revealed once.
supervision_draw_result = sa.Table(
    "supervision_draw_result",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("draw", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

inspection = sa.Table(
    "inspection",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("school", sa.Text, nullable=False),
    sa.Column("school_year", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("draw", sa.Text),
    sa.Column("body", sa.Text, nullable=False),
    # Of a draw once; anew after it was cancelled.
    sa.Index(
        "ix_inspection_draw_once",
        "district",
        "draw",
        "school",
        unique=True,
        sqlite_where=sa.text("state <> 'cancelled'"),
        postgresql_where=sa.text("state <> 'cancelled'"),
    ),
    sa.Index(None, "district", "due_on", "id"),
    sa.Index(None, "district", "school", "due_on"),
    sa.Index(None, "district", "school_year", "state"),
)

# Who holds which inspection: a researcher or teacher of the team sees and reports those that are his.
inspection_supervisor = sa.Table(
    "inspection_supervisor",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("inspection", sa.Text, primary_key=True),
)

APPEND_ONLY = (supervision_draw, supervision_draw_result)
