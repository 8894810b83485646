"""What base schools reached in their batches."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, no_longer_append_only

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLE = "programme_entry"


def upgrade() -> None:
    op.create_table(
        TABLE,
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("district", "id")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("school", "kind")),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", "version", name=op.f("pk_programme_entry")),
    )
    for columns in (("batch", "school"), ("recorded_us", "id")):
        op.create_index(op.f(f"ix_{TABLE}_district_{'_'.join(columns)}"), TABLE, ["district", *columns])
    append_only(op, TABLE, ("id", "version"))


def downgrade() -> None:
    no_longer_append_only(op, TABLE)
    op.drop_table(TABLE)
