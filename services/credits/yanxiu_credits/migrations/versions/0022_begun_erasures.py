"""Texts are cleared for an erasure that the registry announced, and the window for it ends with its transaction."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def _shut_window() -> None:
    """A row of `erasing` cannot be committed any more; one that was, is gone."""
    op.drop_table("erasing")
    op.create_table(
        "erasing_left",
        sa.Column("district", sa.Text(), nullable=False),
        sa.CheckConstraint("district IS NULL", name=op.f("ck_erasing_left_none")),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_erasing_left")),
    )
    op.create_table(
        "erasing",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("erasure", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district"],
            ["erasing_left.district"],
            name=op.f("fk_erasing_district_erasing_left"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_erasing")),
    )


def _open_window() -> None:
    op.drop_table("erasing")
    op.drop_table("erasing_left")
    op.create_table(
        "erasing",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("erasure", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_erasing")),
    )


def upgrade() -> None:
    _shut_window()
    op.create_table(
        "erasure_fact",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("erasure", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "erasure", name=op.f("pk_erasure_fact")),
    )


def downgrade() -> None:
    op.drop_table("erasure_fact")
    _open_window()
