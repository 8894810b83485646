"""The trail of who saw and did what: lines in a chain, where each id occurs in them, and what expired."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, refuse

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _records()
    op.create_table(
        "audit_object",
        *_numbered(),
        sa.Column("object", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "seq", "object", name=op.f("pk_audit_object")),
    )
    op.create_index(op.f("ix_audit_object_district_object_seq"), "audit_object", ["district", "object", "seq"])
    op.create_table(
        "audit_gap",
        *_numbered("first_seq", "last_seq", "at_us", "expired_us"),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "first_seq", name=op.f("pk_audit_gap")),
    )
    append_only(op, "audit_gap", ("first_seq",))
    refuse(op, "audit_object", "UPDATE", says="audit_object is never changed")


def _records() -> None:
    told = ("kind", "action", "subject", "role", "home", "policies", "outcome", "objects", "question", "hash")
    seldom = ("role_grant", "app", "operation", "document", "code", "fault_id", "trace", "key")
    op.create_table(
        "audit_record",
        *_numbered("seq", "at_us", "total"),
        *(sa.Column(name, sa.Text(), nullable=name in seldom) for name in (*told, *seldom)),
        sa.PrimaryKeyConstraint("district", "seq", name=op.f("pk_audit_record")),
    )
    op.create_index(op.f("ix_audit_record_district_at_us"), "audit_record", ["district", "at_us"])
    op.create_index(op.f("ix_audit_record_district_subject_seq"), "audit_record", ["district", "subject", "seq"])
    # Reads may go when six months have passed by the database's own clock; commands never.
    now = {
        "sqlite": "CAST(strftime('%s', 'now') AS INTEGER)",
        "postgresql": "CAST(extract(epoch FROM clock_timestamp()) AS bigint)",
    }[op.get_bind().dialect.name]
    young = f"OLD.kind = 'command' OR OLD.at_us > ({now} - 184 * 86400) * 1000000"
    append_only(op, "audit_record", ("seq",), undeletable=young)


def _numbered(*numbers: str) -> list[sa.Column]:
    names = numbers or ("seq",)
    return [
        sa.Column("district", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False) for name in names),
    ]


def downgrade() -> None:
    for table in ("audit_gap", "audit_object", "audit_record"):
        op.drop_table(table)
