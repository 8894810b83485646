"""Which training of the origin a transferred record is, so that a correction there is no second record here."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Null for what was received before: such an item is known by its source alone.
    op.add_column("transfer_item", sa.Column("origin_activity", sa.Text()))


def downgrade() -> None:
    op.drop_column("transfer_item", "origin_activity")
