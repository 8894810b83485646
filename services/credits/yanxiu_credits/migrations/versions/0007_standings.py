"""Standings as they are listed, and what was known when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What the copy holds already was known before anybody could ask since when.
_KNOWN = {
    "district": ("district_fact", "district"),
    "school": ("school_fact", "school"),
    "teacher": ("teacher_fact", "teacher"),
    "term": ("term_fact", "term"),
}


def upgrade() -> None:
    _history()
    _batch()
    _rows()
    for noun, (table, key) in _KNOWN.items():
        op.execute(
            "INSERT INTO fact_history (district, seq, noun, id, version, known_us, body) "  # noqa: S608 - every name stands above
            "SELECT f.district, COALESCE((SELECT MAX(h.seq) FROM fact_history h WHERE h.district = f.district), 0) + "
            f"ROW_NUMBER() OVER (PARTITION BY f.district ORDER BY f.{key}), '{noun}', f.{key}, f.version, 0, f.body "
            f"FROM {table} f"
        )
    append_only(op, "fact_history", ("seq",), ("noun", "id", "version"))


def downgrade() -> None:
    for table in ("standing_row", "standing_batch", "fact_history"):
        op.drop_table(table)


def _history() -> None:
    op.create_table(
        "fact_history",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("known_us", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "seq", name=op.f("pk_fact_history")),
        sa.UniqueConstraint("district", "noun", "id", "version", name=op.f("uq_fact_history_district_noun_id_version")),
    )


def _batch() -> None:
    op.create_table(
        "standing_batch",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("up_to_seq", sa.BigInteger(), nullable=False),
        sa.Column("facts_seq", sa.BigInteger(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "kind", "starts_on", "law", name=op.f("pk_standing_batch")),
    )


def _rows() -> None:
    op.create_table(
        "standing_row",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("changes_on", sa.Date(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("credits", sa.Text(), nullable=False),
        sa.Column("recognised_hours", sa.Text(), nullable=False),
        sa.Column("recognised_credits", sa.Text(), nullable=False),
        sa.Column("short_mask", sa.BigInteger(), nullable=False),
        sa.Column("gap_ppm", sa.BigInteger(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "kind", "starts_on", "law", "teacher", name=op.f("pk_standing_row")),
    )
    with op.batch_alter_table("standing_row", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_standing_row_district_kind_starts_on_law_school_teacher"),
            ["district", "kind", "starts_on", "law", "school", "teacher"],
            unique=False,
        )
