"""The table of redactions: which row gave another digest before a text of it was erased, signed, and never changed."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_footing.persons.clearing_tables import begun_table, clearing_tables

from yanxiu_credits.tables import metadata

clearing_tables(metadata)
begun_table(metadata)

# `what` and `key` name what the digest is of, as `books.redacted` says; `before` is the digest that entries, signatures
# and signed heads rest on, `after` the one that the row gives without the text; `token` is the JWS over all of it.
redaction = sa.Table(
    "redaction",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("erasure", sa.Text, nullable=False),
    sa.Column("redacted_by", sa.Text, nullable=False),
    sa.Column("redacted_us", sa.BigInteger, nullable=False),
    sa.Column("token", sa.Text, nullable=False),
)

APPEND_ONLY = (redaction,)
