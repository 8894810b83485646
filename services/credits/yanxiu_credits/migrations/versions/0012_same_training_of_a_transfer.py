"""Which training a transferred record is, wherever it came through: a correction at the origin is no second record."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Null for what was received before: such an item is known by its source alone.
    op.add_column("transfer_item", sa.Column("training", sa.Text()))


def downgrade() -> None:
    op.drop_column("transfer_item", "training")
