"""The copy of the registry's calendar years: days of rest and of work, by which windows count working days."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_fact",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "year", name=op.f("pk_calendar_fact")),
    )


def downgrade() -> None:
    op.drop_table("calendar_fact")
