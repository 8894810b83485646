"""The registers: districts, schools, teachers, terms, rosters, and what makes commands and events durable."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _durable()
    _districts()
    _schools()
    _teachers()
    _teacher_facts()
    _employments()
    _rosters()
    _roster_changes()


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
    op.create_table(
        "outbox_progress",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("stream_created", sa.Text(), nullable=False),
        sa.Column("verified_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_outbox_progress")),
    )


def _districts() -> None:
    op.create_table(
        "binding",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("superseded", sa.Integer(), nullable=True),
        sa.Column("pack", sa.String(length=100), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("district", "since", "version", name=op.f("pk_binding")),
    )
    op.create_table(
        "district",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_proof", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_district")),
    )
    op.create_table(
        "term",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("district", "school_year", "number", name=op.f("pk_term")),
    )


def _schools() -> None:
    op.create_table(
        "school",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_school")),
        sa.UniqueConstraint("district", "code", name=op.f("uq_school_district_code")),
    )
    op.create_table(
        "school_fact",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("school", sa.String(length=36), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("superseded", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("location", sa.String(length=10), nullable=False),
        sa.Column("ownership", sa.String(length=10), nullable=False),
        sa.Column("affiliation", sa.String(length=30), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "school"], ["school.district", "school.id"], name=op.f("fk_school_fact_district_school_school")
        ),
        sa.PrimaryKeyConstraint("district", "school", "since", "version", name=op.f("pk_school_fact")),
    )


def _teachers() -> None:
    op.create_table(
        "id_audit",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("teacher", sa.String(length=36), nullable=False),
        sa.Column("revealed_to", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("revealed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_id_audit")),
    )
    with op.batch_alter_table("id_audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_id_audit_district_teacher"), ["district", "teacher"], unique=False)
    op.create_table(
        "teacher",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("staff_number", sa.String(length=64), nullable=False),
        sa.Column("national_id", sa.LargeBinary(), nullable=True),
        sa.Column("national_id_index", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_teacher")),
        sa.UniqueConstraint("district", "national_id_index", name=op.f("uq_teacher_district_national_id_index")),
        sa.UniqueConstraint("district", "staff_number", name=op.f("uq_teacher_district_staff_number")),
    )


def _teacher_facts() -> None:
    op.create_table(
        "teacher_fact",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("teacher", sa.String(length=36), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("superseded", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("gender", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=True),
        sa.Column("stage", sa.String(length=20), nullable=True),
        sa.Column("title", sa.String(length=60), nullable=True),
        sa.Column("hired_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("head_teacher_periods", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "teacher"],
            ["teacher.district", "teacher.id"],
            name=op.f("fk_teacher_fact_district_teacher_teacher"),
        ),
        sa.PrimaryKeyConstraint("district", "teacher", "since", "version", name=op.f("pk_teacher_fact")),
    )


def _employments() -> None:
    op.create_table(
        "employment",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("teacher", sa.String(length=36), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("superseded", sa.Integer(), nullable=True),
        sa.Column("school", sa.String(length=36), nullable=False),
        sa.Column("post", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "school"], ["school.district", "school.id"], name=op.f("fk_employment_district_school_school")
        ),
        sa.ForeignKeyConstraint(
            ["district", "teacher"],
            ["teacher.district", "teacher.id"],
            name=op.f("fk_employment_district_teacher_teacher"),
        ),
        sa.PrimaryKeyConstraint("district", "teacher", "since", "version", name=op.f("pk_employment")),
    )
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_employment_district_school_since"), ["district", "school", "since"], unique=False
        )


def _rosters() -> None:
    op.create_table(
        "roster",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("application", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_roster")),
    )
    op.create_table(
        "roster_row",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("roster", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "roster"], ["roster.district", "roster.id"], name=op.f("fk_roster_row_district_roster_roster")
        ),
        sa.PrimaryKeyConstraint("district", "roster", "number", name=op.f("pk_roster_row")),
    )


def _roster_changes() -> None:
    op.create_table(
        "roster_change",
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("roster", sa.String(length=100), nullable=False),
        sa.Column("application", sa.Integer(), nullable=False),
        sa.Column("teacher", sa.String(length=36), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("national_id", sa.LargeBinary(), nullable=True),
        sa.Column("national_id_index", sa.LargeBinary(), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district", "roster"],
            ["roster.district", "roster.id"],
            name=op.f("fk_roster_change_district_roster_roster"),
        ),
        sa.PrimaryKeyConstraint("district", "roster", "application", "teacher", name=op.f("pk_roster_change")),
    )


def downgrade() -> None:
    op.drop_table("teacher_fact")
    op.drop_table("school_fact")
    op.drop_table("roster_row")
    op.drop_table("roster_change")
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employment_district_school_since"))

    op.drop_table("employment")
    op.drop_table("term")
    op.drop_table("teacher")
    op.drop_table("school")
    op.drop_table("roster")
    op.drop_table("outbox_progress")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_unsent", sqlite_where=sa.text("sent_ms IS NULL"), postgresql_where=sa.text("sent_ms IS NULL")
        )

    op.drop_table("outbox")
    op.drop_table("inbox")
    with op.batch_alter_table("id_audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_id_audit_district_teacher"))

    op.drop_table("id_audit")
    op.drop_table("district")
    op.drop_table("binding")
