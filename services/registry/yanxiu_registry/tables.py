"""The registry's tables: every key begins with the district; dated rows are never changed, only superseded.

A dated row holds from `since` to `until` (both included, NULL = goes on). It was written by the owner's version
`version`; while it stands, `superseded` is NULL, and once a later version took its place, that version's number.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from yanxiu_durable import inbox_table, new_metadata, outbox_table

METADATA = new_metadata()

inbox = inbox_table(METADATA)
outbox = outbox_table(METADATA)


class Instant(sa.TypeDecorator[datetime]):
    """A moment, aware and in UTC on both sides of the database."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Aware to naive UTC."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - as above
        """Naive UTC to aware."""
        return None if value is None else value.replace(tzinfo=UTC)


def _district() -> sa.Column[str]:
    return sa.Column("district", sa.String(31), primary_key=True)


def _written() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
    )


district = sa.Table(
    "district",
    METADATA,
    _district(),
    sa.Column("name_zh", sa.String(100), nullable=False),
    sa.Column("name_en", sa.String(100), nullable=False),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("key_proof", sa.LargeBinary, nullable=False),
    *_written(),
)

binding = sa.Table(
    "binding",
    METADATA,
    _district(),
    sa.Column("since", sa.Date, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("superseded", sa.Integer),
    sa.Column("pack", sa.String(100), nullable=False),
    sa.Column("settings", sa.Text, nullable=False),
    sa.Column("decided_by", sa.String(200)),
    *_written(),
    # The version of the pack; `version` is the district's.
    sa.Column("pack_version", sa.String(100)),
)

binding_cancellation = sa.Table(
    "binding_cancellation",
    METADATA,
    _district(),
    sa.Column("since", sa.Date, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),  # the district's, by which the binding was taken back
    sa.Column("pack", sa.String(100), nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    *_written(),
)

school = sa.Table(
    "school",
    METADATA,
    _district(),
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("code", sa.String(64), nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("closed_on", sa.Date),
    sa.Column("version", sa.Integer, nullable=False),
    *_written(),
    sa.UniqueConstraint("district", "code"),
)

school_fact = sa.Table(
    "school_fact",
    METADATA,
    _district(),
    sa.Column("school", sa.String(36), primary_key=True),
    sa.Column("since", sa.Date, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("until", sa.Date),
    sa.Column("superseded", sa.Integer),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("stage", sa.String(20), nullable=False),
    sa.Column("location", sa.String(10), nullable=False),
    sa.Column("ownership", sa.String(10), nullable=False),
    sa.Column("affiliation", sa.String(30), nullable=False),
    sa.Column("area", sa.String(36)),
    sa.Column("weak_decided_by", sa.String(200)),
    *_written(),
    sa.ForeignKeyConstraint(["district", "school"], ["school.district", "school.id"]),
)

teacher = sa.Table(
    "teacher",
    METADATA,
    _district(),
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("staff_number", sa.String(64), nullable=False),
    sa.Column("national_id", sa.LargeBinary),  # encrypted; see vault.py
    sa.Column("national_id_index", sa.LargeBinary),
    sa.Column("version", sa.Integer, nullable=False),
    *_written(),
    sa.UniqueConstraint("district", "staff_number"),
    sa.UniqueConstraint("district", "national_id_index"),
)

teacher_fact = sa.Table(
    "teacher_fact",
    METADATA,
    _district(),
    sa.Column("teacher", sa.String(36), primary_key=True),
    sa.Column("since", sa.Date, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("until", sa.Date),
    sa.Column("superseded", sa.Integer),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("gender", sa.String(10), nullable=False),
    sa.Column("subject", sa.String(60)),
    sa.Column("stage", sa.String(20)),
    sa.Column("title", sa.String(60)),
    sa.Column("hired_on", sa.Date),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("head_teacher_periods", sa.Text, nullable=False),
    *_written(),
    sa.ForeignKeyConstraint(["district", "teacher"], ["teacher.district", "teacher.id"]),
)

employment = sa.Table(
    "employment",
    METADATA,
    _district(),
    sa.Column("teacher", sa.String(36), primary_key=True),
    sa.Column("since", sa.Date, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("until", sa.Date),
    sa.Column("superseded", sa.Integer),
    sa.Column("school", sa.String(36), nullable=False),
    sa.Column("post", sa.String(60), nullable=False),
    *_written(),
    sa.ForeignKeyConstraint(["district", "teacher"], ["teacher.district", "teacher.id"]),
    sa.ForeignKeyConstraint(["district", "school"], ["school.district", "school.id"]),
    sa.Index(None, "district", "school", "since"),
)

term = sa.Table(
    "term",
    METADATA,
    _district(),
    sa.Column("school_year", sa.String(9), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    *_written(),
)

# Every version of a year stays: the newest one holds, the notice behind each is told with it.
calendar_year = sa.Table(
    "calendar_year",
    METADATA,
    _district(),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("holidays", sa.Text, nullable=False),
    sa.Column("workdays", sa.Text, nullable=False),
    sa.Column("notice", sa.String(200), nullable=False),
    *_written(),
)

roster = sa.Table(
    "roster",
    METADATA,
    _district(),
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("application", sa.Integer, nullable=False),  # how often it has been applied with an effect
    sa.Column("report", sa.Text),
    *_written(),
)

roster_row = sa.Table(
    "roster_row",
    METADATA,
    _district(),
    sa.Column("roster", sa.String(100), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("cells", sa.LargeBinary, nullable=False),  # encrypted whole: an identity number may stand in any cell
    sa.ForeignKeyConstraint(["district", "roster"], ["roster.district", "roster.id"]),
)

roster_change = sa.Table(
    "roster_change",
    METADATA,
    _district(),
    sa.Column("roster", sa.String(100), primary_key=True),
    sa.Column("application", sa.Integer, primary_key=True),
    sa.Column("teacher", sa.String(36), primary_key=True),
    sa.Column("row", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("national_id", sa.LargeBinary),  # as it was before, encrypted
    sa.Column("national_id_index", sa.LargeBinary),
    sa.Column("undone_at", Instant),
    sa.ForeignKeyConstraint(["district", "roster"], ["roster.district", "roster.id"]),
)

# What was stated for seeing national ids, by the number of the first line that the trail has of it.
reveal_reason = sa.Table(
    "reveal_reason",
    METADATA,
    _district(),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("reason", sa.String(500), nullable=False),
)
