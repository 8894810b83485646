"""Erasures are begun and may be withdrawn; texts that name an erased person may be taken out of append-only tables."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, clearable, no_longer_append_only, no_longer_clearable

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TEXTS = {
    "binding_cancellation": ("reason",),
    "calendar_year": ("notice",),
    "erasure_withdrawn": ("withdrawn_why",),
    "reveal_reason": ("reason",),
    "role_grant": ("decision",),
    "role_grant_revocation": ("why",),
}


def _of_an_erasure(table: str, *more: sa.Column[str]) -> None:
    name = table.removeprefix("erasure_")
    op.create_table(
        table,
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("erasure", sa.String(length=36), nullable=False),
        *more,
        sa.Column(f"{name}_by", sa.String(length=200), nullable=False),
        sa.Column(f"{name}_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "erasure"],
            ["erasure.district", "erasure.id"],
            name=op.f(f"fk_{table}_district_erasure_erasure"),
        ),
        sa.PrimaryKeyConstraint("district", "erasure", name=op.f(f"pk_{table}")),
    )
    append_only(op, table, ("erasure",))


def upgrade() -> None:
    _of_an_erasure("erasure_begun")
    _of_an_erasure("erasure_withdrawn", sa.Column("withdrawn_why", sa.String(length=500), nullable=False))
    op.create_table(
        "erasing",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("erasure", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_erasing")),
    )
    op.create_table(
        "erasure_cleared",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("district", "erasure", "counts")),
        sa.Column("cleared_us", sa.BigInteger(), nullable=False),
        sa.Column("swept_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("district", "erasure", name=op.f("pk_erasure_cleared")),
    )
    for table, columns in _TEXTS.items():
        clearable(op, table, *columns)


def downgrade() -> None:
    for table in _TEXTS:
        no_longer_clearable(op, table)
    for table in ("erasure_begun", "erasure_withdrawn"):
        no_longer_append_only(op, table)
    for table in ("erasure_cleared", "erasing", "erasure_withdrawn", "erasure_begun"):
        op.drop_table(table)
