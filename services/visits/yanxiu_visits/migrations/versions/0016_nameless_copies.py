"""Copies of teachers' announcements lose their names, the undelivered ones among them."""

from alembic import op
from yanxiu_footing.nameless_copies import clear_names

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    clear_names(op, "teacher_fact", "teacher", of=("", ""))
    clear_names(op, "dead_letter", "message_id", of=("event", "teacher-changed"))


def downgrade() -> None:
    """Leave them out: the registry has the names."""
