"""What makes the service durable, and its copy of the registry's facts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "area_fact",
    "calendar_fact",
    "consumed",
    "dead_letter",
    "district_fact",
    "inbox",
    "leading_group_fact",
    "outbox",
    "outbox_progress",
    "research_group_fact",
    "researcher_fact",
    "school_fact",
    "teacher_fact",
    "teacher_place",
    "term_fact",
)


def upgrade() -> None:
    op.create_table(
        "area_fact",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "area", name=op.f("pk_area_fact")),
    )
    op.create_table(
        "calendar_fact",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "year", name=op.f("pk_calendar_fact")),
    )
    op.create_table(
        "consumed",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("applied_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "message_id", name=op.f("pk_consumed")),
    )
    op.create_table(
        "dead_letter",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("given_up_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "message_id", name=op.f("pk_dead_letter")),
    )
    op.create_table(
        "district_fact",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_district_fact")),
    )
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
        "leading_group_fact",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("leading_group", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "leading_group", name=op.f("pk_leading_group_fact")),
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
    unsent = sa.text("sent_ms IS NULL")
    op.create_index("ix_outbox_unsent", "outbox", ["district", "seq"], sqlite_where=unsent, postgresql_where=unsent)
    op.create_table(
        "outbox_progress",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("stream_created", sa.Text(), nullable=False),
        sa.Column("verified_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_outbox_progress")),
    )
    op.create_table(
        "research_group_fact",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("research_group", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "research_group", name=op.f("pk_research_group_fact")),
    )
    op.create_table(
        "researcher_fact",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("researcher", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "researcher", name=op.f("pk_researcher_fact")),
    )
    op.create_table(
        "school_fact",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "school", name=op.f("pk_school_fact")),
    )
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
    op.create_index("ix_teacher_place_district_school", "teacher_place", ["district", "school"])
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


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
