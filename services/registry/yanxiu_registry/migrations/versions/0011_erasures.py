"""Erasures of persons: what was proposed and what was done, neither of which ever changes."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("teacher", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("document", sa.String(length=500), nullable=False),
        sa.Column("retained_until", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_district_teacher"), "erasure", ["district", "teacher"])
    op.create_table(
        "erasure_done",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("erasure", sa.String(length=36), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "erasure"],
            ["erasure.district", "erasure.id"],
            name=op.f("fk_erasure_done_district_erasure_erasure"),
        ),
        sa.PrimaryKeyConstraint("district", "erasure", name=op.f("pk_erasure_done")),
    )
    append_only(op, "erasure", ("id",))
    append_only(op, "erasure_done", ("erasure",))


def downgrade() -> None:
    op.drop_table("erasure_done")
    op.drop_table("erasure")
