"""What stands announced of an erasure keeps the check code of its words: other words are shown before they go."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("erasure_salt", sa.Column("shown", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("erasure_salt", "shown")
