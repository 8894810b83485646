"""Numbers of each reviewer's own; a year that is being scored is dealt anew when its reviewers are appointed again."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, no_longer_append_only

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLE = "award_review_number"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("reviewer", "nomination", "category")),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("district", "year", "reviewer", "nomination", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint(
            "district",
            "year",
            "reviewer",
            "category",
            "number",
            name=op.f(f"uq_{_TABLE}_district_year_reviewer_category_number"),
        ),
    )
    append_only(op, _TABLE, ("year", "reviewer", "nomination"), ("year", "reviewer", "category", "number"))


def downgrade() -> None:
    no_longer_append_only(op, _TABLE)
    op.drop_table(_TABLE)
