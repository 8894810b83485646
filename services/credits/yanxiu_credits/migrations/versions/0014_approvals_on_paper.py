"""The paper that an approval outside a process rests on."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Null for what was approved in a process, under a law that names no approver, or before this was asked.
    op.add_column("project", sa.Column("approval_document", sa.Text()))


def downgrade() -> None:
    op.drop_column("project", "approval_document")
