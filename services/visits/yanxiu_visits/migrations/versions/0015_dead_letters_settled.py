"""Dead letters say who was to have them, how often they were tried and why in vain, and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_TABLE = "dead_letter"


def upgrade() -> None:
    # Each has a value for the rows that are there, so that the version before goes on writing beside this one.
    for column in (
        sa.Column("consumer", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("problem", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("announced_us", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("resolution", sa.Text()),
        sa.Column("resolved_us", sa.BigInteger()),
        sa.Column("resolved_by", sa.Text()),
        sa.Column("reason", sa.Text()),
    ):
        op.add_column(_TABLE, column)


def downgrade() -> None:
    for name in ("reason", "resolved_by", "resolved_us", "resolution", "announced_us", "problem", "tries", "consumer"):
        op.drop_column(_TABLE, name)
