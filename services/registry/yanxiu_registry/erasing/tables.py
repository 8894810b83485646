"""The tables of erasures: what was proposed, begun, withdrawn and done; none ever changes, and none names anybody."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_footing.persons.clearing_tables import clearing_tables

from yanxiu_registry.tables import METADATA, Instant

erasure = sa.Table(
    "erasure",
    METADATA,
    sa.Column("district", sa.String(31), primary_key=True),
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("teacher", sa.String(36), nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("document", sa.String(500), nullable=False),
    sa.Column("retained_until", sa.Date, nullable=False),
    sa.Column("proposed_by", sa.String(200), nullable=False),
    sa.Column("proposed_at", Instant, nullable=False),
    sa.Index(None, "district", "teacher"),
)

# The second official has decided: what names the person may be cleared in the other services.
erasure_begun = sa.Table(
    "erasure_begun",
    METADATA,
    sa.Column("district", sa.String(31), primary_key=True),
    sa.Column("erasure", sa.String(36), primary_key=True),
    sa.Column("begun_by", sa.String(200), nullable=False),
    sa.Column("begun_at", Instant, nullable=False),
    # Which kinds of words go from rows too that are not about him, by blanks; null: begun by a version that took both.
    sa.Column("everywhere", sa.String(20)),
    sa.ForeignKeyConstraint(["district", "erasure"], ["erasure.district", "erasure.id"]),
)

erasure_withdrawn = sa.Table(
    "erasure_withdrawn",
    METADATA,
    sa.Column("district", sa.String(31), primary_key=True),
    sa.Column("erasure", sa.String(36), primary_key=True),
    sa.Column("withdrawn_why", sa.String(500), nullable=False),
    sa.Column("withdrawn_by", sa.String(200), nullable=False),
    sa.Column("withdrawn_at", Instant, nullable=False),
    sa.ForeignKeyConstraint(["district", "erasure"], ["erasure.district", "erasure.id"]),
)

# What the digest of the words was salted with that the others were told, until the erasure is done.
erasure_salt = sa.Table(
    "erasure_salt",
    METADATA,
    sa.Column("district", sa.String(31), primary_key=True),
    sa.Column("erasure", sa.String(36), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("salt", sa.String(64), nullable=False),
    # The check code of the words as they stand announced; null: announced by a version that did not keep it.
    sa.Column("shown", sa.String(16)),
    sa.ForeignKeyConstraint(["district", "erasure"], ["erasure.district", "erasure.id"]),
)

clearing_tables(METADATA)

# How many rows of each table were cleared, as JSON.
erasure_done = sa.Table(
    "erasure_done",
    METADATA,
    sa.Column("district", sa.String(31), primary_key=True),
    sa.Column("erasure", sa.String(36), primary_key=True),
    sa.Column("counts", sa.Text, nullable=False),
    sa.Column("confirmed_by", sa.String(200), nullable=False),
    sa.Column("confirmed_at", Instant, nullable=False),
    sa.ForeignKeyConstraint(["district", "erasure"], ["erasure.district", "erasure.id"]),
)

# Of districts whose teachers were announced by an older version, by name: a stream made before then may have the names.
nameless_since = sa.Table(
    "nameless_since",
    METADATA,
    sa.Column("district", sa.String(31), primary_key=True),
    sa.Column("at", Instant, nullable=False),
)
