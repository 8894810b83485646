"""What is stated of a research group's leader: a backbone teacher or not, on what grounds chosen, by whom appointed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("research_group_fact", sa.Column("leader_backbone", sa.Boolean(), nullable=True))
    op.add_column("research_group_fact", sa.Column("leader_grounds", sa.String(length=200), nullable=True))
    op.add_column("research_group_fact", sa.Column("appointed_by", sa.String(length=200), nullable=True))


def downgrade() -> None:
    for column in ("appointed_by", "leader_grounds", "leader_backbone"):
        op.drop_column("research_group_fact", column)
