"""What each signed head answers for beside the entries: signatures, events of locks, public lists."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, no_longer_append_only

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "anchor",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "what", "key", name=op.f("pk_anchor")),
    )
    append_only(op, "anchor", ("what", "key"))


def downgrade() -> None:
    no_longer_append_only(op, "anchor")
    op.drop_table("anchor")
