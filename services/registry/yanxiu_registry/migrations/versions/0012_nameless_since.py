"""Where teachers were announced before this version, the stream may have their names until it is made anew."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ANNOUNCED = "yanxiu.v1.events.registry.teacher-changed."


def upgrade() -> None:
    made = op.create_table(
        "nameless_since",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_nameless_since")),
    )
    outbox = sa.table("outbox", sa.column("district", sa.Text), sa.column("subject", sa.Text))
    asked = sa.select(outbox.c.district).where(outbox.c.subject.startswith(_ANNOUNCED, autoescape=True)).distinct()
    at = datetime.now(UTC).replace(tzinfo=None)
    rows = [{"district": one, "at": at} for one in op.get_bind().execute(asked).scalars()]
    if rows:
        op.bulk_insert(made, rows)


def downgrade() -> None:
    op.drop_table("nameless_since")
