"""Reversals, recognitions, integrity entries, locked periods, signed heads and the nodes of the tree over the ledger.

Every table here is append-only. The head of the ledger may now move on by several entries at once: many are posted in
one statement. A record says which one it corrects.
"""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, no_longer_append_only, no_longer_refuse, refuse

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOVES_ON = "ledger_head_moves_on"
_ACTIVITY = ("teacher", "activity", "kind", "generation")


def upgrade() -> None:
    _reversals()
    _recognitions()
    _integrity()
    _locks()
    _tree()
    _signed_heads()
    append_only(op, "reversal", ("entry_id",), ("reverses",), ("record",))
    append_only(op, "recognition", ("id",), ("teacher", "period_kind", "label", "generation"))
    append_only(op, "integrity_entry", ("id",), ("record",))
    append_only(op, "lock_event", ("id",))
    append_only(op, "tree_node", ("level", "at"))
    append_only(op, "signed_head", ("day", "size"))
    _head_moves_on(says="the head moves on", unless="NEW.seq <= OLD.seq")
    op.add_column("record", sa.Column("replaces", sa.Text(), nullable=True))
    op.create_index("ix_record_district_replaces", "record", ["district", "replaces"], unique=True)
    no_longer_append_only(op, "record")
    append_only(op, "record", ("id",), _ACTIVITY, ("replaces",))


def downgrade() -> None:
    for table in ("signed_head", "tree_node", "lock_event", "integrity_entry", "recognition", "reversal"):
        op.drop_table(table)
    _head_moves_on(says="the head moves on by one", unless="NEW.seq <> OLD.seq + 1")
    no_longer_append_only(op, "record")
    append_only(op, "record", ("id",), _ACTIVITY)
    op.drop_index("ix_record_district_replaces", "record")
    op.drop_column("record", "replaces")


def _head_moves_on(*, says: str, unless: str) -> None:
    no_longer_refuse(op, "ledger_head", _MOVES_ON)
    refuse(op, "ledger_head", "UPDATE", says=says, name=_MOVES_ON, when=unless)


def _reversals() -> None:
    op.create_table(
        "reversal",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("reverses", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("integrity", sa.Text(), nullable=True),
        sa.Column("reversed_by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "why IN ('correction', 'fraud', 'objection', 'law', 'return')", name=op.f("ck_reversal_why_known")
        ),
        sa.PrimaryKeyConstraint("district", "entry_id", name=op.f("pk_reversal")),
        sa.UniqueConstraint("district", "record", name=op.f("uq_reversal_district_record")),
        sa.UniqueConstraint("district", "reverses", name=op.f("uq_reversal_district_reverses")),
    )


def _recognitions() -> None:
    op.create_table(
        "recognition",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("period_kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("process", sa.Text(), nullable=True),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("micro_hours", sa.BigInteger(), nullable=False),
        sa.Column("micro_credits", sa.BigInteger(), nullable=False),
        sa.Column("hours_unit", sa.Text(), nullable=False),
        sa.Column("credits_unit", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_recognition")),
        sa.UniqueConstraint(
            "district",
            "teacher",
            "period_kind",
            "label",
            "generation",
            name=op.f("uq_recognition_district_teacher_period_kind_label_generation"),
        ),
    )
    with op.batch_alter_table("recognition") as batch_op:
        batch_op.create_index(batch_op.f("ix_recognition_district_process"), ["district", "process"], unique=False)


def _integrity() -> None:
    op.create_table(
        "integrity_entry",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("serious", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("consequences", sa.Text(), nullable=False),
        sa.Column("clauses", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("found_by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("actor IN ('teacher', 'registrar')", name=op.f("ck_integrity_entry_actor_known")),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_integrity_entry")),
        sa.UniqueConstraint("district", "record", name=op.f("uq_integrity_entry_district_record")),
    )
    with op.batch_alter_table("integrity_entry") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_integrity_entry_district_teacher_id"), ["district", "teacher", "id"], unique=False
        )


def _locks() -> None:
    op.create_table(
        "lock_event",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("period_kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("opens", sa.Text(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("put_by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_lock_event")),
    )
    with op.batch_alter_table("lock_event") as batch_op:
        batch_op.create_index(batch_op.f("ix_lock_event_district_opens"), ["district", "opens"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_lock_event_district_school_ends_on"), ["district", "school", "ends_on"], unique=False
        )


def _tree() -> None:
    op.create_table(
        "tree_node",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "level", "at", name=op.f("pk_tree_node")),
    )


def _signed_heads() -> None:
    op.create_table(
        "signed_head",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("signed_us", sa.BigInteger(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "day", "size", name=op.f("pk_signed_head")),
    )
