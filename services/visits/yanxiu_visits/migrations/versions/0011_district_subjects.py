"""Districts' subjects: research days and minor subjects, in versions."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, no_longer_append_only

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLE = "district_subjects"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "version", name=op.f("pk_district_subjects")),
    )
    append_only(op, TABLE, ("version",))


def downgrade() -> None:
    no_longer_append_only(op, TABLE)
    op.drop_table(TABLE)
