"""A partition for each district of what grows without end: records, what they were decided by, and the ledger."""

from alembic import op
from yanxiu_durable.migrate import by_district, no_longer_by_district

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_TABLES = ("record", "decision", "ledger")


def upgrade() -> None:
    by_district(op, *_TABLES)


def downgrade() -> None:
    no_longer_by_district(op, *_TABLES)
