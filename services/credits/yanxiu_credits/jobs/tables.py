"""The tables of jobs: a job, and its parts. The stream only wakes; what is to be done stands here."""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_credits.tables import metadata

job = sa.Table(
    "job",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("created_us", sa.BigInteger, nullable=False),
    sa.Column("started_us", sa.BigInteger),
    sa.Column("ended_us", sa.BigInteger),
    sa.Column("result", sa.Text),
    sa.CheckConstraint("state IN ('running', 'done', 'failed', 'cancelled')", name="state_known"),
    sa.Index(None, "district", "created_us", "id"),
)

# `held` is the last part, which waits for all the others. `stream_seq` is empty until the stream has its message.
job_part = sa.Table(
    "job_part",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("worker", sa.Text),
    sa.Column("problem", sa.Text),
    sa.Column("result", sa.Text),
    sa.Column("sends", sa.Integer, nullable=False),
    sa.Column("stream_seq", sa.BigInteger),
    sa.CheckConstraint("state IN ('held', 'waiting', 'done', 'failed', 'cancelled')", name="state_known"),
)
_waits = job_part.c.state == sa.literal_column("'waiting'")
# Only what waits is in it, so that looking for work costs the same after a thousand jobs.
sa.Index(
    "ix_job_part_waiting", job_part.c.district, job_part.c.job, job_part.c.no,
    sqlite_where=_waits, postgresql_where=_waits,
)  # fmt: skip
