"""The tables of the workflows: processes, signatures, delegations, publicity with objections, notices.

What was signed, made public and told is append-only; a process row says where its signatures have led.
"""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_credits.tables import metadata

# `school` is empty for a process of the whole district, `period` for one that has none: both are part of a unique key.
process = sa.Table(
    "process",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("workflow", sa.Text, nullable=False),
    sa.Column("carries", sa.Text, nullable=False),
    sa.Column("school", sa.Text, nullable=False),
    sa.Column("period", sa.Text, nullable=False),
    sa.Column("kind", sa.Text),
    sa.Column("label", sa.Text),
    sa.Column("starts_on", sa.Date),
    sa.Column("ends_on", sa.Date),
    sa.Column("jurisdiction", sa.Text, nullable=False),
    sa.Column("pack", sa.Text, nullable=False),
    sa.Column("pack_version", sa.Text, nullable=False),
    sa.Column("law_on", sa.Date, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("phase", sa.Text, nullable=False),
    sa.Column("ended", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("entered", sa.Date, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.UniqueConstraint("district", "workflow", "school", "period"),
    sa.Index(None, "district", "school", "carries", "starts_on"),
    sa.Index(None, "district", "ended", "id"),
)

process_project = sa.Table(
    "process_project",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("project", sa.Text, primary_key=True),
    sa.Index(None, "district", "project"),
)

signature = sa.Table(
    "signature",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("school", sa.Text),
    sa.Column("on_behalf_of", sa.Text),
    sa.Column("delegation", sa.Text),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("mark", sa.Text, nullable=False),
    sa.Column("from_state", sa.Text, nullable=False),
    sa.Column("to_state", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("statements", sa.Text, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("pack", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("signed_us", sa.BigInteger, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

delegation = sa.Table(
    "delegation",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("from_subject", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("school", sa.Text),
    sa.Column("to_subject", sa.Text, nullable=False),
    sa.Column("workflows", sa.Text, nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("made_us", sa.BigInteger, nullable=False),
    sa.Column("ended_on", sa.Date),
    sa.Column("ended_by", sa.Text),
    sa.Index(None, "district", "to_subject", "until"),
    sa.Index(None, "district", "from_subject"),
)

publicity = sa.Table(
    "publicity",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("teachers", sa.Integer, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
)

public_line = sa.Table(
    "public_line",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("teacher", sa.Text, primary_key=True),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("micro_hours", sa.BigInteger, nullable=False),
    sa.Column("micro_credits", sa.BigInteger, nullable=False),
    sa.Column("micro_recognised_hours", sa.BigInteger, nullable=False),
    sa.Column("micro_recognised_credits", sa.BigInteger, nullable=False),
    sa.Column("hours_unit", sa.Text, nullable=False),
    sa.Column("credits_unit", sa.Text, nullable=False),
)

objection = sa.Table(
    "objection",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("process", sa.Text, nullable=False),
    sa.Column("teacher", sa.Text),
    sa.Column("record", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("raised_by", sa.Text, nullable=False),
    sa.Column("raised_on", sa.Date, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("settled_by", sa.Text),
    sa.Column("settled_on", sa.Date),
    sa.Column("reversed_entry", sa.Text),
    sa.CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="state_known"),
    sa.Index(None, "district", "process", "state"),
)

notice = sa.Table(
    "notice",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("teacher", sa.Text, nullable=False),
    sa.Column("process", sa.Text, nullable=False),
    sa.Column("recognition", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("told_on", sa.Date, nullable=False),
    sa.UniqueConstraint("district", "recognition"),
    sa.Index(None, "district", "teacher", "id"),
)
