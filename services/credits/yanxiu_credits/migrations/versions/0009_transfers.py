"""Transfers between districts: what was received, how each record was judged, what officials decided."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _transfer()
    _transfer_decision()
    _transfer_item()
    append_only(op, "transfer", ("id",), ("digest",))
    append_only(op, "transfer_item", ("transfer", "number"))
    append_only(op, "transfer_decision", ("transfer", "number"))


def downgrade() -> None:
    for table in ("transfer_item", "transfer_decision", "transfer"):
        op.drop_table(table)


def _transfer() -> None:
    op.create_table(
        "transfer",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("origin_teacher", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("issued_us", sa.BigInteger(), nullable=False),
        sa.Column("within_city", sa.Boolean(), nullable=False),
        sa.Column("same_stage", sa.Boolean(), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("district", "digest", name=op.f("uq_transfer_district_digest")),
    )
    with op.batch_alter_table("transfer") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_transfer_district_origin_origin_teacher"),
            ["district", "origin", "origin_teacher"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_transfer_district_teacher"), ["district", "teacher"], unique=False)


def _transfer_decision() -> None:
    op.create_table(
        "transfer_decision",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("transfer", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recognise", sa.Boolean(), nullable=False),
        sa.Column("given_hours", sa.BigInteger(), nullable=False),
        sa.Column("given_credits", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "recognise = (record IS NOT NULL)", name=op.f("ck_transfer_decision_recognised_has_a_record")
        ),
        sa.PrimaryKeyConstraint("district", "transfer", "number", name=op.f("pk_transfer_decision")),
    )


def _transfer_item() -> None:
    op.create_table(
        "transfer_item",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("transfer", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin_entry", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("micro_hours", sa.BigInteger(), nullable=False),
        sa.Column("micro_credits", sa.BigInteger(), nullable=False),
        sa.Column("hours_unit", sa.Text(), nullable=False),
        sa.Column("credits_unit", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("given_hours", sa.BigInteger(), nullable=False),
        sa.Column("given_credits", sa.BigInteger(), nullable=False),
        sa.Column("clauses", sa.Text(), nullable=False),
        sa.Column("doubts", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'recognised') = (record IS NOT NULL)", name=op.f("ck_transfer_item_recognised_has_a_record")
        ),
        sa.CheckConstraint(
            "outcome IN ('recognised', 'not-recognised', 'review')", name=op.f("ck_transfer_item_outcome_known")
        ),
        sa.PrimaryKeyConstraint("district", "transfer", "number", name=op.f("pk_transfer_item")),
    )
