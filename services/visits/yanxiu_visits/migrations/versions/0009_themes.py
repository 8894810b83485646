"""Schools' research themes of a school year."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, no_longer_append_only

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLE = "school_theme"


def upgrade() -> None:
    op.create_table(
        TABLE,
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("district", "school_year", "school")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "school_year", "school", "version", name=op.f("pk_school_theme")),
    )
    append_only(op, TABLE, ("school_year", "school", "version"))


def downgrade() -> None:
    no_longer_append_only(op, TABLE)
    op.drop_table(TABLE)
