"""The trail of who saw and did what: lines in a chain, where each id occurs in them, and what expired."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, refuse

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_record",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("home", sa.Text(), nullable=False),
        sa.Column("role_grant", sa.Text(), nullable=True),
        sa.Column("app", sa.Text(), nullable=True),
        sa.Column("operation", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("policies", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("fault_id", sa.Text(), nullable=True),
        sa.Column("trace", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("objects", sa.Text(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "seq", name=op.f("pk_audit_record")),
    )
    op.create_index(op.f("ix_audit_record_district_at_us"), "audit_record", ["district", "at_us"])
    op.create_index(op.f("ix_audit_record_district_subject_seq"), "audit_record", ["district", "subject", "seq"])
    op.create_table(
        "audit_object",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "seq", "object", name=op.f("pk_audit_object")),
    )
    op.create_index(op.f("ix_audit_object_district_object_seq"), "audit_object", ["district", "object", "seq"])
    op.create_table(
        "audit_gap",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("expired_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "first_seq", name=op.f("pk_audit_gap")),
    )
    # Reads may go when six months have passed by the database's own clock; commands never.
    now = {
        "sqlite": "CAST(strftime('%s', 'now') AS INTEGER)",
        "postgresql": "CAST(extract(epoch FROM clock_timestamp()) AS bigint)",
    }[op.get_bind().dialect.name]
    young = f"OLD.kind = 'command' OR OLD.at_us > ({now} - 184 * 86400) * 1000000"
    append_only(op, "audit_record", ("seq",), undeletable=young)
    append_only(op, "audit_gap", ("first_seq",))
    refuse(op, "audit_object", "UPDATE", says="audit_object is never changed")


def downgrade() -> None:
    for table in ("audit_gap", "audit_object", "audit_record"):
        op.drop_table(table)
