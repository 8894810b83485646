"""The tables of transfers; all are append-only: a decision is a row beside the item that it decides.

Amounts are integers in millionths, in the units of the place that they belong to.
"""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_credits.tables import metadata

transfer = sa.Table(
    "transfer",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("teacher", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("origin_teacher", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("issued_us", sa.BigInteger, nullable=False),
    sa.Column("within_city", sa.Boolean, nullable=False),
    sa.Column("same_stage", sa.Boolean, nullable=False),
    sa.Column("received_by", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("district", "digest"),
    sa.Index(None, "district", "teacher"),
    sa.Index(None, "district", "origin", "origin_teacher"),
)

# `source` is where the record was first entered, which stays when it moves on: `<district>:<entry>`.
# `micro_hours` and `micro_credits` are what it counted at the origin; `given_*` what the law recognises here.
transfer_item = sa.Table(
    "transfer_item",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("transfer", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("origin_entry", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("jurisdiction", sa.Text, nullable=False),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("micro_hours", sa.BigInteger, nullable=False),
    sa.Column("micro_credits", sa.BigInteger, nullable=False),
    sa.Column("hours_unit", sa.Text, nullable=False),
    sa.Column("credits_unit", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("given_hours", sa.BigInteger, nullable=False),
    sa.Column("given_credits", sa.BigInteger, nullable=False),
    sa.Column("clauses", sa.Text, nullable=False),
    sa.Column("doubts", sa.Text, nullable=False),
    sa.Column("record", sa.Text),
    sa.Column("law", sa.Text, nullable=False),
    sa.Column("pack", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("judged_on", sa.Date, nullable=False),
    sa.Column("body", sa.Text),
    # Which training it is, by the district and the name of its first entry: a correction has another entry.
    sa.Column("training", sa.Text),
    sa.CheckConstraint("outcome IN ('recognised', 'not-recognised', 'review')", name="outcome_known"),
    sa.CheckConstraint("(outcome = 'recognised') = (record IS NOT NULL)", name="recognised_has_a_record"),
)

transfer_decision = sa.Table(
    "transfer_decision",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("transfer", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("recognise", sa.Boolean, nullable=False),
    sa.Column("given_hours", sa.BigInteger, nullable=False),
    sa.Column("given_credits", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("record", sa.Text),
    sa.Column("recorded_us", sa.BigInteger, nullable=False),
    sa.CheckConstraint("recognise = (record IS NOT NULL)", name="recognised_has_a_record"),
)

APPEND_ONLY = (transfer, transfer_item, transfer_decision)
