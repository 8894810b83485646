"""Processes, signatures, delegations, publicity and objections; since when a project is proposed and published."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, no_longer_append_only

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_APPEND_ONLY = {
    "signature": (("process", "seq"),),
    "public_line": (("process", "round", "teacher"),),
    "notice": (("id",), ("recognition",)),
}
_TABLES = ("delegation", "notice", "objection", "process", "process_project", "public_line", "publicity", "signature")


def upgrade() -> None:
    _delegation()
    _notice()
    _objection()
    _process()
    _process_project()
    _public_line()
    _publicity()
    _signature()
    op.add_column("project", sa.Column("proposed_on", sa.Date(), nullable=True))
    op.add_column("project", sa.Column("published_on", sa.Date(), nullable=True))
    op.add_column("project", sa.Column("school", sa.Text(), nullable=True))
    for table, keys in _APPEND_ONLY.items():
        append_only(op, table, *keys)


def downgrade() -> None:
    for table in _APPEND_ONLY:
        no_longer_append_only(op, table)
    for table in _TABLES:
        op.drop_table(table)
    op.drop_column("project", "school")
    op.drop_column("project", "published_on")
    op.drop_column("project", "proposed_on")


def _delegation() -> None:
    op.create_table(
        "delegation",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("from_subject", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("to_subject", sa.Text(), nullable=False),
        sa.Column("workflows", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_us", sa.BigInteger(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_delegation")),
    )
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_delegation_district_from_subject"), ["district", "from_subject"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_delegation_district_to_subject_until"), ["district", "to_subject", "until"], unique=False
        )


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("recognition", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_notice")),
        sa.UniqueConstraint("district", "recognition", name=op.f("uq_notice_district_recognition")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_district_teacher_id"), ["district", "teacher", "id"], unique=False)


def _objection() -> None:
    op.create_table(
        "objection",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=True),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.Text(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("reversed_entry", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name=op.f("ck_objection_state_known")),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_objection")),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_objection_district_process_state"), ["district", "process", "state"], unique=False
        )


def _process() -> None:
    op.create_table(
        "process",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workflow", sa.Text(), nullable=False),
        sa.Column("carries", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("law_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entered", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_process")),
        sa.UniqueConstraint(
            "district", "workflow", "school", "period", name=op.f("uq_process_district_workflow_school_period")
        ),
    )
    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_process_district_ended_id"), ["district", "ended", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_process_district_school_carries_starts_on"),
            ["district", "school", "carries", "starts_on"],
            unique=False,
        )


def _process_project() -> None:
    op.create_table(
        "process_project",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "process", "project", name=op.f("pk_process_project")),
    )
    with op.batch_alter_table("process_project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_process_project_district_project"), ["district", "project"], unique=False)


def _public_line() -> None:
    op.create_table(
        "public_line",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("micro_hours", sa.BigInteger(), nullable=False),
        sa.Column("micro_credits", sa.BigInteger(), nullable=False),
        sa.Column("micro_recognised_hours", sa.BigInteger(), nullable=False),
        sa.Column("micro_recognised_credits", sa.BigInteger(), nullable=False),
        sa.Column("hours_unit", sa.Text(), nullable=False),
        sa.Column("credits_unit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "process", "round", "teacher", name=op.f("pk_public_line")),
    )


def _publicity() -> None:
    op.create_table(
        "publicity",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("teachers", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("district", "process", "round", name=op.f("pk_publicity")),
    )


def _signature() -> None:
    op.create_table(
        "signature",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("on_behalf_of", sa.Text(), nullable=True),
        sa.Column("delegation", sa.Text(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("statements", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("signed_us", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "process", "seq", name=op.f("pk_signature")),
    )
