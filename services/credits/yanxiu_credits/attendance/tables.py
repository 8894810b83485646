"""The tables of attendance; all but the session itself are append-only.

Hours are integers in millionths, instants integer microseconds since 1970 in UTC. A device is kept as a keyed hash of
district, session and device: it tells two people on one device in one session, and nothing beyond it.
"""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_credits.tables import metadata

training_session = sa.Table(
    "training_session",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project", sa.Text),
    sa.Column("school", sa.Text),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("starts_us", sa.BigInteger, nullable=False),
    sa.Column("ends_us", sa.BigInteger, nullable=False),
    sa.Column("opens_us", sa.BigInteger, nullable=False),
    sa.Column("closes_us", sa.BigInteger, nullable=False),
    sa.Column("micro_hours", sa.BigInteger, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("cancel_reason", sa.Text),
    sa.Column("scheduled_by", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint("state IN ('scheduled', 'cancelled', 'closed')", name="state_known"),
    sa.CheckConstraint("starts_us < ends_us", name="ends_after_start"),
    sa.Index(None, "district", "starts_us", "id"),
    sa.Index(None, "district", "project"),
)

check_in_token = sa.Table(
    "check_in_token",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("nonce", sa.Text, primary_key=True),
    sa.Column("session", sa.Text, nullable=False),
    sa.Column("teacher", sa.Text, nullable=False),
    sa.Column("issued_by", sa.Text, nullable=False),
    sa.Column("issued_us", sa.BigInteger, nullable=False),
    sa.Column("expires_us", sa.BigInteger, nullable=False),
)

check_in = sa.Table(
    "check_in",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("teacher", sa.Text, primary_key=True),
    sa.Column("nonce", sa.Text, nullable=False),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("district", "nonce"),
    sa.Index(None, "district", "teacher"),
)

check_out = sa.Table(
    "check_out",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("teacher", sa.Text, primary_key=True),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
)

# `after` is how many settlements this attendance had when the flag was raised: a later one settles it.
attendance_flag = sa.Table(
    "attendance_flag",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("teacher", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("other_teacher", sa.Text),
    sa.Column("other_session", sa.Text),
    sa.Column("after", sa.Integer, nullable=False),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.CheckConstraint("kind IN ('shared-device', 'overlap', 'left-early')", name="kind_known"),
)

attendance_settlement = sa.Table(
    "attendance_settlement",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("teacher", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("present", sa.Boolean, nullable=False),
    sa.Column("micro_hours", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("after_closing", sa.Boolean, nullable=False),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.CheckConstraint("micro_hours >= 0", name="hours_not_negative"),
    sa.Index(None, "district", "teacher"),
)

# Which record was made of which attendance: its evidence.
attended_record = sa.Table(
    "attended_record",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("record", sa.Text, primary_key=True),
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("teacher", sa.Text, nullable=False),
    sa.Column("micro_hours", sa.BigInteger, nullable=False),
    sa.Index(None, "district", "session", "teacher"),
)

APPEND_ONLY = (
    check_in_token,
    check_in,
    check_out,
    attendance_flag,
    attendance_settlement,
    attended_record,
)
