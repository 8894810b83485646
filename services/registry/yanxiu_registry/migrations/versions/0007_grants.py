"""Grants of roles and their revocations, neither of which ever changes."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "role_grant",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("school", sa.String(length=36), nullable=True),
        sa.Column("teacher", sa.String(length=36), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_role_grant")),
    )
    for column in ("subject", "school"):
        op.create_index(op.f(f"ix_role_grant_district_{column}"), "role_grant", ["district", column])
    op.create_table(
        "role_grant_revocation",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("role_grant", sa.String(length=36), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "role_grant"],
            ["role_grant.district", "role_grant.id"],
            name=op.f("fk_role_grant_revocation_district_role_grant_role_grant"),
        ),
        sa.PrimaryKeyConstraint("district", "role_grant", name=op.f("pk_role_grant_revocation")),
    )
    append_only(op, "role_grant", ("id",))
    append_only(op, "role_grant_revocation", ("role_grant",))


def downgrade() -> None:
    op.drop_table("role_grant_revocation")
    op.drop_table("role_grant")
