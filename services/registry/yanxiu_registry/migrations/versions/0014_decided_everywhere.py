"""Who begins an erasure says what goes everywhere, and the others are told; the window ends with its transaction."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
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
    op.add_column("erasure_begun", sa.Column("everywhere", sa.String(length=20), nullable=True))
    op.create_table(
        "erasure_salt",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("erasure", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "erasure"],
            ["erasure.district", "erasure.id"],
            name=op.f("fk_erasure_salt_district_erasure_erasure"),
        ),
        sa.PrimaryKeyConstraint("district", "erasure", name=op.f("pk_erasure_salt")),
    )


def downgrade() -> None:
    op.drop_table("erasure_salt")
    op.drop_column("erasure_begun", "everywhere")
    _open_window()
