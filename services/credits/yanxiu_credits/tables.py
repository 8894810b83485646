"""The tables of the credits service: what was decided, the ledger, and the copy of the registry's facts.

Every table leads its keys with `district`. Hours and credits are integers in millionths (micro), days are dates,
instants are integer microseconds since 1970 in UTC: all exact, and the same on SQLite and PostgreSQL. Facts and
decisions are JSON text in which every number is written exactly.
"""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_durable.tables import consumed_table, inbox_table, new_metadata, outbox_table
from yanxiu_footing.copy_tables import copy_tables

metadata = new_metadata()

inbox = inbox_table(metadata)
outbox = outbox_table(metadata)
consumed = consumed_table(metadata)

project = sa.Table(
    "project",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("organiser", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("starts_on", sa.Date),
    sa.Column("ends_on", sa.Date),
    sa.Column("approved_on", sa.Date),
    sa.Column("approved_by", sa.Text),
    sa.Column("return_reason", sa.Text),
    sa.Column("proposed_by", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("proposed_on", sa.Date),
    sa.Column("published_on", sa.Date),
    sa.Column("school", sa.Text),
    # The paper that an approval outside a process rests on, as JSON.
    sa.Column("approval_document", sa.Text),
    sa.CheckConstraint("state IN ('proposed', 'approved', 'returned')", name="state_known"),
    sa.Index(None, "district", "state", "id"),
)

record = sa.Table(
    "record",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("teacher", sa.Text, nullable=False),
    sa.Column("school", sa.Text),
    sa.Column("project", sa.Text),
    sa.Column("activity", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("micro_hours", sa.BigInteger, nullable=False),
    sa.Column("micro_credits", sa.BigInteger, nullable=False),
    sa.Column("hours_unit", sa.Text, nullable=False),
    sa.Column("credits_unit", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("attributes", sa.Text, nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("entry", sa.BigInteger),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("registered_by", sa.Text, nullable=False),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    # The record that this one corrects.
    sa.Column("replaces", sa.Text),
    sa.UniqueConstraint("district", "teacher", "activity", "kind", "generation"),
    sa.CheckConstraint("status IN ('COUNTED', 'ZERO')", name="status_known"),
    sa.Index(None, "district", "replaces", unique=True),
    sa.Index(None, "district", "teacher", "on", "id"),
    sa.Index(None, "district", "on", "id"),
)

decision = sa.Table(
    "decision",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("record", sa.Text, primary_key=True),
    sa.Column("pack", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("jurisdiction", sa.Text, nullable=False),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("settings", sa.Text, nullable=False),
    sa.Column("teacher_facts", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("entry_id", sa.Text, nullable=False),
    sa.Column("teacher", sa.Text, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("activity", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("micro_hours", sa.BigInteger, nullable=False),
    sa.Column("micro_credits", sa.BigInteger, nullable=False),
    sa.Column("hours_unit", sa.Text, nullable=False),
    sa.Column("credits_unit", sa.Text, nullable=False),
    sa.Column("reverses", sa.Text),
    sa.Column("pack", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.UniqueConstraint("district", "entry_id"),
    sa.UniqueConstraint("district", "teacher", "activity", "kind", "generation"),
    sa.UniqueConstraint("district", "reverses"),
    sa.Index(None, "district", "teacher", "on"),
)

# What the entries of each teacher come to, up to the newest of them (`up_to`): the database adds each entry to it, in
# the transaction of the entry and whoever writes it (migration 0020). Derived, never the record: it can be made anew.
balance = sa.Table(
    "balance",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("teacher", sa.Text, primary_key=True),
    sa.Column("micro_hours", sa.BigInteger, nullable=False),
    sa.Column("micro_credits", sa.BigInteger, nullable=False),
    sa.Column("records", sa.BigInteger, nullable=False),
    sa.Column("recognised_micro_hours", sa.BigInteger, nullable=False),
    sa.Column("recognised_micro_credits", sa.BigInteger, nullable=False),
    sa.Column("up_to", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
# Whoever copies a district brings the balances first: entries that they hold already do not change them.
ledger.add_is_dependent_on(balance)

ledger_head = sa.Table(
    "ledger_head",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

# A row only where the ledger was ever found broken; every replica asks it before it writes.
ledger_state = sa.Table(
    "ledger_state",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("closed", sa.Boolean, nullable=False),
    sa.Column("first_bad", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("changed_us", sa.BigInteger, nullable=False),
)

# ---- the copy of the registry's facts: filled by events, never by a command -----------------------------------------

_copy = copy_tables(metadata)
district_fact = _copy["district_fact"]
school_fact = _copy["school_fact"]
teacher_fact = _copy["teacher_fact"]
teacher_place = _copy["teacher_place"]
term_fact = _copy["term_fact"]
calendar_fact = _copy["calendar_fact"]
dead_letter = _copy["dead_letter"]
