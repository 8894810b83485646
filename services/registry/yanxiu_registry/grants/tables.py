"""The tables of grants: neither a grant nor its revocation ever changes."""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_registry.tables import METADATA, Instant

role_grant = sa.Table(
    "role_grant",
    METADATA,
    sa.Column("district", sa.String(31), primary_key=True),
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("school", sa.String(36)),
    sa.Column("teacher", sa.String(36)),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("decision", sa.String(200), nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.String(200), nullable=False),
    sa.Index(None, "district", "subject"),
    sa.Index(None, "district", "school"),
)

role_grant_revocation = sa.Table(
    "role_grant_revocation",
    METADATA,
    sa.Column("district", sa.String(31), primary_key=True),
    sa.Column("role_grant", sa.String(36), primary_key=True),
    sa.Column("why", sa.String(200), nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("recorded_by", sa.String(200), nullable=False),
    sa.ForeignKeyConstraint(["district", "role_grant"], ["role_grant.district", "role_grant.id"]),
)
