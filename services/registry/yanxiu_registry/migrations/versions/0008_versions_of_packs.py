"""The version of the rule pack that a binding is to; those made before have none and follow what is installed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("binding", sa.Column("pack_version", sa.String(length=100), nullable=True))


def downgrade() -> None:
    op.drop_column("binding", "pack_version")
