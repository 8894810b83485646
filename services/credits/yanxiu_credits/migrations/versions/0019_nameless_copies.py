"""Copies of teachers' announcements lose their names, those kept as they were known and the undelivered among them."""

from alembic import op
from yanxiu_durable.migrate import append_only, no_longer_append_only
from yanxiu_footing.nameless_copies import clear_names

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    clear_names(op, "teacher_fact", "teacher", of=("", ""))
    clear_names(op, "dead_letter", "message_id", of=("event", "teacher-changed"))
    no_longer_append_only(op, "fact_history")
    clear_names(op, "fact_history", "seq", of=("noun", "teacher"))
    append_only(op, "fact_history", ("seq",), ("noun", "id", "version"))


def downgrade() -> None:
    """Leave them out: the registry has the names."""
