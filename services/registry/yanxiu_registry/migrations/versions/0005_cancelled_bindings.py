"""Who took back a binding to a rule pack before its day, when and why."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "binding_cancellation",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("district", "since", "version", name=op.f("pk_binding_cancellation")),
    )
    append_only(op, "binding_cancellation", ("since", "version"))


def downgrade() -> None:
    op.drop_table("binding_cancellation")
