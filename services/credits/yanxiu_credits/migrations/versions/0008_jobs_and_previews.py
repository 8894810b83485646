"""Jobs in parts, previews and adoptions."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _job()
    _job_part()
    _preview()
    _preview_line()
    _preview_record()


def downgrade() -> None:
    for table in ("preview_record", "preview_line", "preview", "job_part", "job"):
        op.drop_table(table)


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=True),
        sa.Column("ended_us", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('running', 'done', 'failed', 'cancelled')", name=op.f("ck_job_state_known")),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_job_district_created_us_id"), ["district", "created_us", "id"], unique=False
        )


def _job_part() -> None:
    op.create_table(
        "job_part",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("stream_seq", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('held', 'waiting', 'done', 'failed', 'cancelled')", name=op.f("ck_job_part_state_known")
        ),
        sa.PrimaryKeyConstraint("district", "job", "no", name=op.f("pk_job_part")),
    )
    with op.batch_alter_table("job_part", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_part_waiting",
            ["district", "job", "no"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )


def _preview() -> None:
    op.create_table(
        "preview",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("hours_unit", sa.Text(), nullable=False),
        sa.Column("credits_unit", sa.Text(), nullable=False),
        sa.Column("head_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("today", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("adoption", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('running', 'ready', 'failed', 'adopting', 'adopted')", name=op.f("ck_preview_state_known")
        ),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_preview")),
    )
    with op.batch_alter_table("preview", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_preview_district_created_us_id"), ["district", "created_us", "id"], unique=False
        )


def _preview_line() -> None:
    op.create_table(
        "preview_line",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("preview", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("before_verdict", sa.Text(), nullable=False),
        sa.Column("before_micro_hours", sa.BigInteger(), nullable=False),
        sa.Column("before_micro_credits", sa.BigInteger(), nullable=False),
        sa.Column("before_micro_recognised_hours", sa.BigInteger(), nullable=False),
        sa.Column("before_micro_recognised_credits", sa.BigInteger(), nullable=False),
        sa.Column("before_figures", sa.Text(), nullable=False),
        sa.Column("after_verdict", sa.Text(), nullable=False),
        sa.Column("after_micro_hours", sa.BigInteger(), nullable=False),
        sa.Column("after_micro_credits", sa.BigInteger(), nullable=False),
        sa.Column("after_micro_recognised_hours", sa.BigInteger(), nullable=False),
        sa.Column("after_micro_recognised_credits", sa.BigInteger(), nullable=False),
        sa.Column("after_figures", sa.Text(), nullable=False),
        sa.Column("causes", sa.Text(), nullable=False),
        sa.Column("locked", sa.Text(), nullable=True),
        sa.Column("matched", sa.Boolean(), nullable=True),
        sa.CheckConstraint("effect IN ('gains', 'loses', 'mixed', 'same')", name=op.f("ck_preview_line_effect_known")),
        sa.PrimaryKeyConstraint("district", "preview", "teacher", name=op.f("pk_preview_line")),
    )
    with op.batch_alter_table("preview_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_preview_line_district_preview_effect_school_teacher"),
            ["district", "preview", "effect", "school", "teacher"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_preview_line_district_preview_school_teacher"),
            ["district", "preview", "school", "teacher"],
            unique=False,
        )


def _preview_record() -> None:
    op.create_table(
        "preview_record",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("preview", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=True),
        sa.Column("before_status", sa.Text(), nullable=False),
        sa.Column("before_micro_hours", sa.BigInteger(), nullable=False),
        sa.Column("before_micro_credits", sa.BigInteger(), nullable=False),
        sa.Column("after_status", sa.Text(), nullable=False),
        sa.Column("after_micro_hours", sa.BigInteger(), nullable=False),
        sa.Column("after_micro_credits", sa.BigInteger(), nullable=False),
        sa.Column("after_attributes", sa.Text(), nullable=False),
        sa.Column("causes", sa.Text(), nullable=False),
        sa.Column("locked", sa.Text(), nullable=True),
        sa.Column("matched", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("district", "preview", "record", name=op.f("pk_preview_record")),
    )
    with op.batch_alter_table("preview_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_preview_record_district_preview_teacher_on"),
            ["district", "preview", "teacher", "on"],
            unique=False,
        )
