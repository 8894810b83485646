"""Studios of famous teachers, with dated facts."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import refuse

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "studio",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_studio")),
    )
    op.create_table(
        "studio_fact",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("studio", sa.String(length=36), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("superseded", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=60), nullable=False),
        sa.Column("leader", sa.String(length=36), nullable=False),
        sa.Column("schools", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "studio"], ["studio.district", "studio.id"], name=op.f("fk_studio_fact_district_studio_studio")
        ),
        sa.PrimaryKeyConstraint("district", "studio", "since", "version", name=op.f("pk_studio_fact")),
    )
    for table in ("studio", "studio_fact"):
        refuse(op, table, "DELETE", says=f"{table} keeps what it has")
    says = "what was superseded in studio_fact stays as it was"
    refuse(op, "studio_fact", "UPDATE", says=says, when="OLD.superseded IS NOT NULL")


def downgrade() -> None:
    op.drop_table("studio_fact")
    op.drop_table("studio")
