"""Tables of standings: the registry's facts as they were known when, and a period's standings as they are listed."""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_credits.tables import metadata

# Every announcement of the registry that was taken, with the instant at which the stream had it: append-only, so that
# what was known on a past day can be asked. `seq` counts as they came, and tells who changed since.
fact_history = sa.Table(
    "fact_history",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("noun", sa.Text, nullable=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("known_us", sa.BigInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.UniqueConstraint("district", "noun", "id", "version"),
)

# Up to where the rows of a period are judged by a law (`law` is its digest): the ledger's entry, the fact and the day.
# Not `complete` until everybody is judged; whoever goes on keeps the entry and fact at which the first one began.
# Derived, never the record: deleting it loses nothing.
standing_batch = sa.Table(
    "standing_batch",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("starts_on", sa.Date, primary_key=True),
    sa.Column("law", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("up_to_seq", sa.BigInteger, nullable=False),
    sa.Column("facts_seq", sa.BigInteger, nullable=False),
    sa.Column("complete", sa.Boolean, nullable=False),
    sa.Column("duties", sa.Text, nullable=False),
)

# `short_mask` has the bit of each duty that is not met, in the order of the batch's duties; `gap_ppm` is the largest
# shortfall in millionths of its threshold; `changes_on` the next day on which what is known of the teacher changes;
# `stamp` grows with entries and facts, so that no older judgement replaces a newer one. Amounts are exact decimals as
# text: a capped line may have twelve places.
standing_row = sa.Table(
    "standing_row",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("starts_on", sa.Date, primary_key=True),
    sa.Column("law", sa.Text, primary_key=True),
    sa.Column("teacher", sa.Text, primary_key=True),
    sa.Column("school", sa.Text),
    sa.Column("changes_on", sa.Date),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("hours", sa.Text, nullable=False),
    sa.Column("credits", sa.Text, nullable=False),
    sa.Column("recognised_hours", sa.Text, nullable=False),
    sa.Column("recognised_credits", sa.Text, nullable=False),
    sa.Column("short_mask", sa.BigInteger, nullable=False),
    sa.Column("gap_ppm", sa.BigInteger, nullable=False),
    sa.Column("figures", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("stamp", sa.BigInteger, nullable=False),
    sa.Index(None, "district", "kind", "starts_on", "law", "school", "teacher"),
)

# What was announced of a school's ratio in a period, each announcement beside those before it: the highest version
# of a school and label is the one that stands, and `barred` is its own. Append-only; `body` is the announcement whole.
ratio_announcement = sa.Table(
    "ratio_announcement",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("school", sa.Text, primary_key=True),
    sa.Column("label", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("barred", sa.Boolean, nullable=False),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.CheckConstraint("state IN ('announced', 'withdrawn')", name="state_known"),
    sa.CheckConstraint("version >= 1", name="version_counts"),
)

APPEND_ONLY = (ratio_announcement,)
