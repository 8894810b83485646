"""The tables of records of work and of forms; a published version of a form is append-only."""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_visits.tables import metadata

# What the notes of a record make. `on` is the last day there is while the record itself has not come.
field_record = sa.Table(
    "field_record",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("researcher", sa.Text, nullable=False),
    sa.Column("kind", sa.Text),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("term", sa.Text),
    sa.Column("school", sa.Text),
    sa.Column("visit", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index(None, "district", "on", "id"),
    sa.Index(None, "district", "researcher", "term"),
    sa.Index(None, "district", "school", "on"),
    sa.Index(None, "district", "visit"),
)

form_draft = sa.Table(
    "form_draft",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

form_version = sa.Table(
    "form_version",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("body", sa.Text, nullable=False),
)

APPEND_ONLY = (form_version,)
