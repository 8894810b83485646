"""The trail of who saw and did what: who was shown national ids before joins it, stated reasons stand beside it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError
from yanxiu_durable.migrate import append_only, refuse

revision = "0009"
down_revision = "0008"
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
    op.create_table(
        "reveal_reason",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("district", "seq", name=op.f("pk_reveal_reason")),
    )
    append_only(op, "reveal_reason", ("seq",))
    _take_over()
    op.drop_table("id_audit")


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


def _take_over() -> None:
    """Make a line of each id that was shown, in the order in which they were."""
    shown = sa.table(
        "id_audit", *(sa.column(name) for name in ("district", "id", "teacher", "revealed_to", "role", "reason")),
        sa.column("revealed_at", sa.DateTime()),
    )  # fmt: skip
    rows = op.get_bind().execute(sa.select(shown).order_by(shown.c.district, shown.c.revealed_at, shown.c.id)).all()
    of_each = defaultdict(list)
    for row in rows:
        of_each[row.district].append(row)
    for district, its in of_each.items():
        at_us, before = 0, ""
        for seq, row in enumerate(its, 1):
            moment = row.revealed_at.replace(tzinfo=UTC)
            at_us = max(at_us + 1, int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000))
            before = _line(district, seq, at_us, before, row)


def _line(district: str, seq: int, at_us: int, before: str, row: sa.Row) -> str:
    line = {
        "district": district, "seq": seq, "at_us": at_us, "kind": "read", "action": "get-teachers",
        "subject": row.revealed_to, "role": row.role, "home": district, "role_grant": None, "app": None,
        "operation": None, "document": None, "policies": "", "outcome": "done", "code": None, "fault_id": None,
        "trace": None, "key": None, "objects": row.teacher, "total": 1, "question": '{"reveal":"true"}',
    }  # fmt: skip
    content = json.dumps(list(line.values()), ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(before.encode() + b"\n" + content.encode()).hexdigest()
    _insert("audit_record", line | {"hash": digest})
    _insert("audit_object", {"district": district, "seq": seq, "object": row.teacher})
    _insert("reveal_reason", {"district": district, "seq": seq, "reason": row.reason})
    return digest


def _insert(table: str, row: Mapping[str, object]) -> None:
    op.get_bind().execute(sa.insert(sa.table(table, *(sa.column(name) for name in row))).values(row))


def downgrade() -> None:
    # The lines stay where a newer version finds them: nobody goes back without a copy of the database.
    raise CommandError("the trail of who was shown national ids cannot be taken apart again")
