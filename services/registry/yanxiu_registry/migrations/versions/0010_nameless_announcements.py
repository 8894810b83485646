"""What was announced of teachers before announcements were nameless loses its names; the stream is renewed by hand."""

from alembic import op
from yanxiu_footing.nameless_copies import clear_names

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    clear_names(op, "outbox", "seq", of=("subject", "yanxiu.v1.events.registry.teacher-changed."))


def downgrade() -> None:
    """Leave them out: the names stand in the register, and are not announced by any version before either."""
