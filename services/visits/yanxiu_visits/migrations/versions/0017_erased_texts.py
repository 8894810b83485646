"""Texts that name an erased person may be taken out of append-only tables."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import clearable, no_longer_clearable

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TEXTS = {
    **dict.fromkeys(
        (
            "note",
            "form_version",
            "supervision_draw",
            "supervision_draw_result",
            "programme_entry",
            "school_theme",
            "assessment_sheet",
        ),
        "body",
    ),
    "award_ending": "reason",
}


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "erasing", _text("district"), _text("erasure"), sa.PrimaryKeyConstraint("district", name=op.f("pk_erasing"))
    )
    op.create_table(
        "erasure_cleared",
        *(_text(name) for name in ("district", "erasure", "counts")),
        sa.Column("cleared_us", sa.BigInteger(), nullable=False),
        sa.Column("swept_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("district", "erasure", name=op.f("pk_erasure_cleared")),
    )
    for table, column in _TEXTS.items():
        clearable(op, table, column)


def downgrade() -> None:
    for table in _TEXTS:
        no_longer_clearable(op, table)
    for table in ("erasure_cleared", "erasing"):
        op.drop_table(table)
