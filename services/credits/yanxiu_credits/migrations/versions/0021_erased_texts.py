"""Texts that name an erased person may be taken out, and what hashes rested on then is kept, signed."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, clearable, no_longer_append_only, no_longer_clearable

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TEXTS = {
    "record": ("facts", "attributes", "reasons"),
    "decision": ("body",),
    "reversal": ("reason",),
    "integrity_entry": ("reason", "proof"),
    "lock_event": ("reason",),
    "signature": ("body", "statements", "evidence", "reason"),
    "attendance_settlement": ("reason",),
    "transfer": ("document",),
    "transfer_item": ("facts", "doubts", "body"),
    "transfer_decision": ("reason",),
    "fact_history": ("body",),
    "ratio_announcement": ("body",),
}


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "erasing", _text("district"), _text("erasure"), sa.PrimaryKeyConstraint("district", name="pk_erasing")
    )
    op.create_table(
        "erasure_cleared",
        *(_text(name) for name in ("district", "erasure", "counts")),
        sa.Column("cleared_us", sa.BigInteger(), nullable=False),
        sa.Column("swept_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("district", "erasure", name=op.f("pk_erasure_cleared")),
    )
    op.create_table(
        "redaction",
        *(_text(name) for name in ("district", "id", "what", "key", "before", "after", "erasure", "redacted_by")),
        sa.Column("redacted_us", sa.BigInteger(), nullable=False),
        _text("token"),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_redaction")),
    )
    append_only(op, "redaction", ("id",))
    for table, columns in _TEXTS.items():
        clearable(op, table, *columns)


def downgrade() -> None:
    for table in _TEXTS:
        no_longer_clearable(op, table)
    no_longer_append_only(op, "redaction")
    for table in ("redaction", "erasure_cleared", "erasing"):
        op.drop_table(table)
