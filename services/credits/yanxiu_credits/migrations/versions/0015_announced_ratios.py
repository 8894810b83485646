"""What was announced of the schools' ratios: each announcement beside those before it."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ratio_announcement",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("barred", sa.Boolean(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "school", "label", "version", name=op.f("pk_ratio_announcement")),
        sa.CheckConstraint("state IN ('announced', 'withdrawn')", name=op.f("ck_ratio_announcement_state_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_ratio_announcement_version_counts")),
    )
    append_only(op, "ratio_announcement", ("school", "label", "version"))


def downgrade() -> None:
    op.drop_table("ratio_announcement")
