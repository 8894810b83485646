"""Sessions, check-in tokens and attendance; what was said, settled or made into a record is never changed."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _attendance_flag()
    _attendance_settlement()
    _attended_record()
    _check_in()
    _check_in_token()
    _check_out()
    _training_session()
    append_only(op, "check_in_token", ("nonce",))
    append_only(op, "check_in", ("session", "teacher"), ("nonce",))
    append_only(op, "check_out", ("session", "teacher"))
    append_only(op, "attendance_flag", ("session", "teacher", "number"))
    append_only(op, "attendance_settlement", ("session", "teacher", "number"))
    append_only(op, "attended_record", ("record", "session"))


def downgrade() -> None:
    for table in (
        "training_session",
        "check_out",
        "check_in_token",
        "check_in",
        "attended_record",
        "attendance_settlement",
        "attendance_flag",
    ):
        op.drop_table(table)


def _attendance_flag() -> None:
    op.create_table(
        "attendance_flag",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("other_teacher", sa.Text(), nullable=True),
        sa.Column("other_session", sa.Text(), nullable=True),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('shared-device', 'overlap', 'left-early')", name=op.f("ck_attendance_flag_kind_known")
        ),
        sa.PrimaryKeyConstraint("district", "session", "teacher", "number", name=op.f("pk_attendance_flag")),
    )


def _attendance_settlement() -> None:
    op.create_table(
        "attendance_settlement",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("micro_hours", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("after_closing", sa.Boolean(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("micro_hours >= 0", name=op.f("ck_attendance_settlement_hours_not_negative")),
        sa.PrimaryKeyConstraint("district", "session", "teacher", "number", name=op.f("pk_attendance_settlement")),
    )
    with op.batch_alter_table("attendance_settlement") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attendance_settlement_district_teacher"), ["district", "teacher"], unique=False
        )


def _attended_record() -> None:
    op.create_table(
        "attended_record",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("micro_hours", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "record", "session", name=op.f("pk_attended_record")),
    )
    with op.batch_alter_table("attended_record") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attended_record_district_session_teacher"), ["district", "session", "teacher"], unique=False
        )


def _check_in() -> None:
    op.create_table(
        "check_in",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "session", "teacher", name=op.f("pk_check_in")),
        sa.UniqueConstraint("district", "nonce", name=op.f("uq_check_in_district_nonce")),
    )
    with op.batch_alter_table("check_in") as batch_op:
        batch_op.create_index(batch_op.f("ix_check_in_district_teacher"), ["district", "teacher"], unique=False)


def _check_in_token() -> None:
    op.create_table(
        "check_in_token",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("issued_us", sa.BigInteger(), nullable=False),
        sa.Column("expires_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "nonce", name=op.f("pk_check_in_token")),
    )


def _check_out() -> None:
    op.create_table(
        "check_out",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "session", "teacher", name=op.f("pk_check_out")),
    )


def _training_session() -> None:
    op.create_table(
        "training_session",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("starts_us", sa.BigInteger(), nullable=False),
        sa.Column("ends_us", sa.BigInteger(), nullable=False),
        sa.Column("opens_us", sa.BigInteger(), nullable=False),
        sa.Column("closes_us", sa.BigInteger(), nullable=False),
        sa.Column("micro_hours", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("scheduled_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('scheduled', 'cancelled', 'closed')", name=op.f("ck_training_session_state_known")
        ),
        sa.CheckConstraint("starts_us < ends_us", name=op.f("ck_training_session_ends_after_start")),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_training_session")),
    )
    with op.batch_alter_table("training_session") as batch_op:
        batch_op.create_index(batch_op.f("ix_training_session_district_project"), ["district", "project"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_training_session_district_starts_us_id"), ["district", "starts_us", "id"], unique=False
        )
