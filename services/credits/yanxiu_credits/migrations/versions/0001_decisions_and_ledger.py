"""The first tables: durability, projects, records and decisions, the ledger, the copy of the registry's facts.

Rows of the ledger, the records and the decisions under them are never changed or deleted: triggers refuse it,
whoever asks. They are SQLite's here; 0003 gives PostgreSQL its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_APPEND_ONLY = ("ledger", "decision", "record")
_TABLES = (
    "term_fact",
    "teacher_place",
    "teacher_fact",
    "school_fact",
    "district_fact",
    "dead_letter",
    "ledger_state",
    "ledger_head",
    "ledger",
    "decision",
    "record",
    "project",
    "consumed",
    "outbox_progress",
    "outbox",
    "inbox",
)


def upgrade() -> None:
    _durable()
    _progress()
    _projects()
    _records()
    _decisions()
    _ledger()
    _ledger_head()
    _ledger_state()
    _dead_letter()
    _facts()
    _teachers()
    if op.get_bind().dialect.name == "sqlite":
        _append_only()


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)


def _durable() -> None:
    op.create_table(
        "inbox",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("reply_type", sa.Text(), nullable=True),
        sa.Column("reply", sa.LargeBinary(), nullable=True),
        sa.Column("answered_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "key", name=op.f("pk_inbox")),
    )
    op.create_table(
        "outbox",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=True),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.Column("sent_ms", sa.BigInteger(), nullable=True),
        sa.Column("stream_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("district", "seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint("district", "id", name=op.f("uq_outbox_district_id")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_unsent",
            ["district", "seq"],
            unique=False,
            sqlite_where=sa.text("sent_ms IS NULL"),
            postgresql_where=sa.text("sent_ms IS NULL"),
        )


def _progress() -> None:
    op.create_table(
        "outbox_progress",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("stream_created", sa.Text(), nullable=False),
        sa.Column("verified_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_outbox_progress")),
    )
    op.create_table(
        "consumed",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("applied_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "message_id", name=op.f("pk_consumed")),
    )


def _projects() -> None:
    op.create_table(
        "project",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'returned')", name=op.f("ck_project_state_known")),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_project")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_district_state_id"), ["district", "state", "id"], unique=False)


def _records() -> None:
    op.create_table(
        "record",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("micro_hours", sa.BigInteger(), nullable=False),
        sa.Column("micro_credits", sa.BigInteger(), nullable=False),
        sa.Column("hours_unit", sa.Text(), nullable=False),
        sa.Column("credits_unit", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('COUNTED', 'ZERO')", name=op.f("ck_record_status_known")),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_record")),
        sa.UniqueConstraint(
            "district",
            "teacher",
            "activity",
            "kind",
            "generation",
            name=op.f("uq_record_district_teacher_activity_kind_generation"),
        ),
    )
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_district_on_id"), ["district", "on", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_record_district_teacher_on_id"), ["district", "teacher", "on", "id"], unique=False
        )


def _decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("teacher_facts", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "record", name=op.f("pk_decision")),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("micro_hours", sa.BigInteger(), nullable=False),
        sa.Column("micro_credits", sa.BigInteger(), nullable=False),
        sa.Column("hours_unit", sa.Text(), nullable=False),
        sa.Column("credits_unit", sa.Text(), nullable=False),
        sa.Column("reverses", sa.Text(), nullable=True),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "seq", name=op.f("pk_ledger")),
        sa.UniqueConstraint("district", "entry_id", name=op.f("uq_ledger_district_entry_id")),
        sa.UniqueConstraint("district", "reverses", name=op.f("uq_ledger_district_reverses")),
        sa.UniqueConstraint(
            "district",
            "teacher",
            "activity",
            "kind",
            "generation",
            name=op.f("uq_ledger_district_teacher_activity_kind_generation"),
        ),
    )
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_district_teacher_on"), ["district", "teacher", "on"], unique=False)


def _ledger_head() -> None:
    op.create_table(
        "ledger_head",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_ledger_head")),
    )


def _ledger_state() -> None:
    op.create_table(
        "ledger_state",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("first_bad", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_ledger_state")),
    )


def _dead_letter() -> None:
    op.create_table(
        "dead_letter",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("given_up_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "message_id", name=op.f("pk_dead_letter")),
    )


def _facts() -> None:
    op.create_table(
        "district_fact",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_district_fact")),
    )
    op.create_table(
        "school_fact",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "school", name=op.f("pk_school_fact")),
    )


def _teachers() -> None:
    op.create_table(
        "teacher_fact",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "teacher", name=op.f("pk_teacher_fact")),
    )
    op.create_table(
        "teacher_place",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("school", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "teacher", "since", name=op.f("pk_teacher_place")),
    )
    with op.batch_alter_table("teacher_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_teacher_place_district_school"), ["district", "school"], unique=False)
    op.create_table(
        "term_fact",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "term", name=op.f("pk_term_fact")),
    )


def _append_only() -> None:
    for table in _APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    # INSERT OR REPLACE deletes the row it replaces without asking the triggers on DELETE.
    op.execute(
        "CREATE TRIGGER ledger_refuses_replace BEFORE INSERT ON ledger WHEN EXISTS (SELECT 1 FROM ledger "
        "WHERE district = NEW.district AND (seq = NEW.seq OR entry_id = NEW.entry_id OR reverses = NEW.reverses "
        "OR (teacher = NEW.teacher AND activity = NEW.activity AND kind = NEW.kind AND generation = NEW.generation))) "
        "BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER decision_refuses_replace BEFORE INSERT ON decision WHEN EXISTS "
        "(SELECT 1 FROM decision WHERE district = NEW.district AND record = NEW.record) "
        "BEGIN SELECT RAISE(ABORT, 'decision is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER record_refuses_replace BEFORE INSERT ON record WHEN EXISTS "
        "(SELECT 1 FROM record WHERE district = NEW.district AND id = NEW.id) OR EXISTS "
        "(SELECT 1 FROM record WHERE district = NEW.district AND teacher = NEW.teacher AND activity = NEW.activity "
        "AND kind = NEW.kind AND generation = NEW.generation) "
        "BEGIN SELECT RAISE(ABORT, 'record is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER ledger_head_moves_on BEFORE UPDATE ON ledger_head WHEN NEW.seq <> OLD.seq + 1 "
        "BEGIN SELECT RAISE(ABORT, 'the head moves on by one'); END"
    )
    op.execute(
        "CREATE TRIGGER ledger_head_refuses_delete BEFORE DELETE ON ledger_head "
        "BEGIN SELECT RAISE(ABORT, 'the head is never deleted'); END"
    )
