"""The copy of the registry's studios."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "studio_fact",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("district", "studio")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "studio", name=op.f("pk_studio_fact")),
    )


def downgrade() -> None:
    op.drop_table("studio_fact")
