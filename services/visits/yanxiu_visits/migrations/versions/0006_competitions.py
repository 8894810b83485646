"""Competitions of the stages that take turns."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "competition",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("district", "id")),
        sa.Column("year", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("stage", "term", "body")),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_competition")),
        sa.UniqueConstraint("district", "term", "stage", name=op.f("uq_competition_district_term_stage")),
    )


def downgrade() -> None:
    op.drop_table("competition")
