"""The tables of a service's copy of the registry's facts: filled by events, never by a command.

Each service makes them among its own with `copy_tables(metadata)`; the statements of this package use the same tables
once more, and so need no service's metadata.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from yanxiu_durable.tables import new_metadata


def copy_tables(metadata: sa.MetaData) -> dict[str, sa.Table]:
    """Put the tables of the copy among a service's own, by name; what could not be applied lies in `dead_letter`."""
    made = (
        _facts(metadata, "district_fact"),
        _facts(metadata, "school_fact", sa.Column("school", sa.Text, primary_key=True)),
        _facts(metadata, "teacher_fact", sa.Column("teacher", sa.Text, primary_key=True)),
        _places(metadata),
        _facts(
            metadata,
            "term_fact",
            sa.Column("term", sa.Text, primary_key=True),
            days=(
                sa.Column("starts_on", sa.Date, nullable=False),
                sa.Column("ends_on", sa.Date, nullable=False),
            ),
        ),
        _facts(metadata, "calendar_fact", sa.Column("year", sa.Integer, primary_key=True, autoincrement=False)),
        _dead_letters(metadata),
    )
    return {one.name: one for one in made}


def fact_table(metadata: sa.MetaData, name: str, *keys: str) -> sa.Table:
    """Make the table of one more noun that a service follows: its keys (texts), its version, its body as JSON."""
    return _facts(metadata, name, *(sa.Column(key, sa.Text, primary_key=True) for key in keys))


def _facts(
    metadata: sa.MetaData, name: str, *keys: sa.Column[str] | sa.Column[int], days: tuple[sa.Column[date], ...] = ()
) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("district", sa.Text, primary_key=True),
        *keys,
        sa.Column("version", sa.Integer, nullable=False),
        *days,
        sa.Column("body", sa.Text, nullable=False),
    )


def _places(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "teacher_place",
        metadata,
        sa.Column("district", sa.Text, primary_key=True),
        sa.Column("teacher", sa.Text, primary_key=True),
        sa.Column("since", sa.Date, primary_key=True),
        sa.Column("until", sa.Date),
        sa.Column("school", sa.Text, nullable=False),
        sa.Index(None, "district", "school"),
    )


def _dead_letters(metadata: sa.MetaData) -> sa.Table:
    """Events that could not be applied, as they were sent, and what became of them; empty `resolution`: nothing yet.

    A rebuild of the copy reads the stream and forgets them, but for those that were dropped.
    """
    return sa.Table(
        "dead_letter",
        metadata,
        sa.Column("district", sa.Text, primary_key=True),
        sa.Column("message_id", sa.Text, primary_key=True),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("given_up_us", sa.BigInteger, nullable=False),
        sa.Column("consumer", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("tries", sa.Integer, nullable=False, server_default="1"),
        sa.Column("problem", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("announced_us", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("resolution", sa.Text),
        sa.Column("resolved_us", sa.BigInteger),
        sa.Column("resolved_by", sa.Text),
        sa.Column("reason", sa.Text),
    )


_OWN = copy_tables(new_metadata())
district_fact = _OWN["district_fact"]
school_fact = _OWN["school_fact"]
teacher_fact = _OWN["teacher_fact"]
teacher_place = _OWN["teacher_place"]
term_fact = _OWN["term_fact"]
calendar_fact = _OWN["calendar_fact"]
dead_letter = _OWN["dead_letter"]
