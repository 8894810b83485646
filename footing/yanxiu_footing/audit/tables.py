"""The tables of the trail, which each service has among its own: lines, where each id occurs in them, what expired."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_durable.tables import new_metadata


def audit_tables(metadata: sa.MetaData) -> dict[str, sa.Table]:
    """Put the tables of the trail among a service's own, by name."""
    made = (_records(metadata), _objects(metadata), _gaps(metadata))
    return {one.name: one for one in made}


def _records(metadata: sa.MetaData) -> sa.Table:
    """The lines: never changed, numbered without a gap, each with the digest of itself and the one before."""
    return sa.Table(
        "audit_record",
        metadata,
        sa.Column("district", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        # Later with every line of a district.
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("home", sa.Text, nullable=False),
        sa.Column("role_grant", sa.Text),
        sa.Column("app", sa.Text),
        sa.Column("operation", sa.Text),
        sa.Column("document", sa.Text),
        sa.Column("policies", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("fault_id", sa.Text),
        sa.Column("trace", sa.Text),
        sa.Column("key", sa.Text),
        sa.Column("objects", sa.Text, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Index(None, "district", "at_us"),
        sa.Index(None, "district", "subject", "seq"),
    )


def _objects(metadata: sa.MetaData) -> sa.Table:
    """In which lines an id occurs: an index, which a check holds against the lines."""
    return sa.Table(
        "audit_object",
        metadata,
        sa.Column("district", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("object", sa.Text, primary_key=True),
        sa.Index(None, "district", "object", "seq"),
    )


def _gaps(metadata: sa.MetaData) -> sa.Table:
    """Stretches of reads that expired: their first and last number, when the last was, its digest, when they went."""
    return sa.Table(
        "audit_gap",
        metadata,
        sa.Column("district", sa.Text, primary_key=True),
        sa.Column("first_seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("expired_us", sa.BigInteger, nullable=False),
    )


_OWN = audit_tables(new_metadata())
audit_record = _OWN["audit_record"]
audit_object = _OWN["audit_object"]
audit_gap = _OWN["audit_gap"]
