"""Calendar years: days of rest beside the weekly ones, and weekend days on which people work; append-only."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_year",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holidays", sa.Text(), nullable=False),
        sa.Column("workdays", sa.Text(), nullable=False),
        sa.Column("notice", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("district", "year", "version", name=op.f("pk_calendar_year")),
    )
    append_only(op, "calendar_year", ("year", "version"))


def downgrade() -> None:
    op.drop_table("calendar_year")
