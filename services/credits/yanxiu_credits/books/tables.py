"""The tables of the books beside the ledger itself; rows are added and never changed, save the ledger's own head.

Amounts are integers in millionths, instants integer microseconds since 1970 in UTC, as in the service's other tables.
"""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_credits.tables import metadata

# Why an entry was taken back: one row for each entry of a `...-reversal` kind, under the same id.
reversal = sa.Table(
    "reversal",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("entry_id", sa.Text, primary_key=True),
    sa.Column("reverses", sa.Text, nullable=False),
    # The record (or recognition) whose entry is taken back.
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("integrity", sa.Text),
    sa.Column("reversed_by", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("district", "reverses"),
    sa.UniqueConstraint("district", "record"),
    sa.CheckConstraint("why IN ('correction', 'fraud', 'objection', 'law', 'return')", name="why_known"),
)

# What the district recognised of one teacher's period, with the standing that it rests on.
recognition = sa.Table(
    "recognition",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("teacher", sa.Text, nullable=False),
    sa.Column("school", sa.Text),
    sa.Column("period_kind", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("process", sa.Text),
    sa.Column("standing", sa.Text, nullable=False),
    sa.Column("pack", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("micro_hours", sa.BigInteger, nullable=False),
    sa.Column("micro_credits", sa.BigInteger, nullable=False),
    sa.Column("hours_unit", sa.Text, nullable=False),
    sa.Column("credits_unit", sa.Text, nullable=False),
    sa.Column("entry", sa.BigInteger, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("district", "teacher", "period_kind", "label", "generation"),
    sa.Index(None, "district", "process"),
    sa.Index(None, "district", "school", "period_kind", "label"),
)

# What was found to be untrue, and what the law attaches to it; part of the evidence of the reversal that names it.
integrity_entry = sa.Table(
    "integrity_entry",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("teacher", sa.Text, nullable=False),
    sa.Column("school", sa.Text),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("registered_by", sa.Text, nullable=False),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("serious", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("proof", sa.Text, nullable=False),
    sa.Column("consequences", sa.Text, nullable=False),
    sa.Column("clauses", sa.Text, nullable=False),
    sa.Column("pack", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("found_by", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("district", "record"),
    sa.CheckConstraint("actor IN ('teacher', 'registrar')", name="actor_known"),
    sa.Index(None, "district", "teacher", "id"),
)

# A lock, or the opening of one: `opens` names the lock, `until` the last day on which it stays open (none: until
# the period is locked again). An empty school means the whole district.
lock_event = sa.Table(
    "lock_event",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("school", sa.Text, nullable=False),
    sa.Column("period_kind", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("opens", sa.Text),
    sa.Column("until", sa.Date),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("put_by", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.Index(None, "district", "school", "ends_on"),
    sa.Index(None, "district", "opens"),
)

# Roots of complete subtrees of the Merkle tree over the entries' hashes: every eighth level, written when a head is
# signed and not with each entry. `at` counts the subtrees of its level from 0.
tree_node = sa.Table(
    "tree_node",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.Text, nullable=False),
)

# Signed heads: `token` is the JWS over {origin, size, root, head, day, time, previous, beside}.
signed_head = sa.Table(
    "signed_head",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("head", sa.Text, nullable=False),
    sa.Column("signed_us", sa.BigInteger, nullable=False),
    sa.Column("kid", sa.Text, nullable=False),
    sa.Column("token", sa.Text, nullable=False),
)

# What the head of a day and size answers for beside the entries, each row or day under one head: which kinds, and by
# what key each is known, `anchored` says.
anchor = sa.Table(
    "anchor",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
)

APPEND_ONLY = (reversal, recognition, integrity_entry, lock_event, tree_node, signed_head, anchor)
